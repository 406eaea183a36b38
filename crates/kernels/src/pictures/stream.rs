//! Random words by number.

/// Random words of 32 bits that are a function of their number and of a key: any of them can be had without those before it.
///
/// A word is its number, hashed twice, the halves of the key mixed in before and between. The hash is `lowbias32` of Wellons'
/// "Hash Prospector" with the improved constants of 2022 (bias 0.107).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    key: [u32; 2],
}

impl Stream {
    /// Some stream, for where none is looked at.
    pub(super) const ZERO: Stream = Stream { key: [0; 2] };

    /// The stream of a picture in an epoch. For one seed and epoch no two pictures have the same.
    pub fn new(seed: u64, epoch: u64, picture: u64) -> Self {
        let key = [seed, epoch, picture].into_iter().fold(0, |key, part| splitmix(key ^ part));
        Self { key: [key as u32, (key >> 32) as u32] }
    }

    /// Word number `index`.
    #[inline(always)]
    pub fn word(self, index: u32) -> u32 {
        let [before, between] = self.key;
        // Multiples of an odd number are all different, and neighbours differ in many bits.
        hash(hash(index.wrapping_mul(0x9e37_79b9).wrapping_add(before)) ^ between)
    }

    /// A number in [−1, 1), a multiple of 2⁻³¹.
    pub fn number(self, index: u32) -> f64 {
        f64::from(self.word(index) as i32) / 2.0_f64.powi(31)
    }
}

#[inline(always)]
fn hash(mut x: u32) -> u32 {
    x = (x ^ (x >> 16)).wrapping_mul(0x21f0_aaad);
    x = (x ^ (x >> 15)).wrapping_mul(0x735a_2d97);
    x ^ (x >> 15)
}

/// A step of splitmix64: all 64 bits of its result depend on all of `x`.
fn splitmix(x: u64) -> u64 {
    let mut z = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_even_and_independent() {
        // Over words of one stream, over epochs and over pictures: each bit is set half the time, and so is the difference of
        // any two of neighbours. 20,000 tosses have a standard deviation of 71.
        let count = 20_000;
        let streams: [&dyn Fn(u32) -> u32; 4] = [
            &|i| Stream::new(1, 2, 3).word(i),
            &|i| Stream::new(i.into(), 2, 3).word(5),
            &|i| Stream::new(1, i.into(), 3).word(5),
            &|i| Stream::new(1, 2, i.into()).word(5),
        ];
        for (which, stream) in streams.into_iter().enumerate() {
            for bit in 0..32 {
                let bit_of = |word: u32, bit: u32| word >> bit & 1;
                let set: u32 = (0..count).map(|i| bit_of(stream(i), bit)).sum();
                assert!(set.abs_diff(count / 2) < 360, "{which}: bit {bit} is set {set} times");
                for other in 0..32 {
                    let differ = |i| bit_of(stream(i), bit) ^ bit_of(stream(i + 1), other);
                    let differ: u32 = (0..count).map(differ).sum();
                    assert!(differ.abs_diff(count / 2) < 400, "{which}: {bit}, {other}: {differ}");
                }
            }
        }
    }

    #[test]
    fn numbers_are_uniform() {
        let stream = Stream::new(7, 0, 0);
        let numbers: Vec<f64> = (0..100_000).map(|i| stream.number(i)).collect();
        let mean = numbers.iter().sum::<f64>() / 1e5;
        let square = numbers.iter().map(|x| x * x).sum::<f64>() / 1e5;
        assert!(mean.abs() < 0.01 && (square - 1.0 / 3.0).abs() < 0.01, "{mean} {square}");
        assert!(numbers.iter().all(|x| (-1.0..1.0).contains(x)));
    }
}
