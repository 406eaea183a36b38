//! The weights that a network begins with.

use model::{Activation, Network};

#[test]
fn glorot_uniform_has_its_limits_and_its_values() {
    let network = Network::glorot_uniform(&[784, 512, 10], Activation::Relu, 42).unwrap();
    assert_eq!(network.sizes(), [784, 512, 10]);
    assert_eq!(network.parameter_count(), 407_050);
    for layer in network.parameters() {
        let limit = (6.0 / (layer.inputs + layer.units) as f32).sqrt();
        let largest = layer.weights.iter().fold(0.0_f32, |max, w| max.max(w.abs()));
        assert!(largest <= limit && largest > 0.99 * limit, "{largest} of {limit}");
        let mean = layer.weights.iter().sum::<f32>() / layer.weights.len() as f32;
        assert!(mean.abs() < 4.0 * limit / (3.0 * layer.weights.len() as f32).sqrt(), "{mean}");
        assert!(layer.bias.iter().all(|b| *b == 0.0));
    }
    assert_eq!(network, Network::glorot_uniform(&[784, 512, 10], Activation::Relu, 42).unwrap());
    assert_ne!(network, Network::glorot_uniform(&[784, 512, 10], Activation::Relu, 43).unwrap());
}

/// xoshiro256++ 1.0 and its long jump as Blackman and Vigna publish them, seeded through SplitMix64.
struct Xoshiro([u64; 4]);

impl Xoshiro {
    fn seeded(mut seed: u64) -> Self {
        Self([(); 4].map(|()| {
            seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let z = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        }))
    }

    fn next(&mut self) -> u64 {
        let s = &mut self.0;
        let number = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        number
    }

    fn long_jump(&mut self) {
        let mut sum = [0; 4];
        for word in [
            0x76e1_5d3e_fefd_cbbf_u64,
            0xc500_4e44_1c52_2fb3,
            0x7771_0069_854e_e241,
            0x3910_9bb0_2acb_e635,
        ] {
            for bit in 0..64 {
                if word >> bit & 1 == 1 {
                    sum = std::array::from_fn(|i| sum[i] ^ self.0[i]);
                }
                self.next();
            }
        }
        self.0 = sum;
    }
}

/// A seed means the same weights on any machine and in any version.
#[test]
fn initial_weights_are_these_to_the_bit() {
    let network = Network::glorot_uniform(&[3, 20, 2], Activation::Relu, 42).unwrap();
    let mut random = Xoshiro::seeded(42);
    random.long_jump();
    for layer in network.parameters() {
        let limit = (6.0 / (layer.inputs + layer.units) as f64).sqrt() as f32;
        for (i, weight) in layer.weights.iter().enumerate() {
            let unit = (random.next() >> 40) as f32 / 16_777_216.0;
            let expected = limit * (2.0 * unit - 1.0);
            assert_eq!(weight.to_bits(), expected.to_bits(), "{weight} {i} of {}", layer.units);
        }
    }
    // So that the two cannot be wrong together.
    let first = &network.parameters()[0].weights[..3];
    assert_eq!(
        [first[0], first[1], first[2]].map(f32::to_bits),
        [0xbf00_b41f, 0xbeb8_641a, 0xbec2_0d14]
    );
}
