//! What a network refuses, and what Keras's words mean here.

use std::ops::ControlFlow;

use kernels::{MatrixRef, Rows, Targets};
use model::{
    Activation, DataError, EpochReport, FitConfig, LayerParameters, LayersError, ModelError,
    Network, Observer, Rmsprop, SettingsError, Shuffler, StepReport, Trainer,
};

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

#[test]
fn what_is_no_network_is_refused() {
    let fault = |sizes: &[usize], hidden| {
        Network::glorot_uniform(sizes, hidden, 0).unwrap_err().to_string()
    };
    assert!(fault(&[], Activation::Relu).contains("at least inputs and classes"));
    assert!(fault(&[784], Activation::Relu).contains("at least inputs and classes"));
    assert!(fault(&[784, 0, 10], Activation::Relu).contains("0 units"));
    assert!(fault(&[4, 4, 2], Activation::Softmax).contains("output layer only"));
}

/// Each fault of given layers is a variant of its own, with the numbers that are at fault.
#[test]
fn layers_that_make_no_network_are_told_apart() {
    let (relu, softmax) = (Activation::Relu, Activation::Softmax);
    let mut short = layer(3, 2, softmax);
    short.weights.pop();
    let mut nan = layer(3, 2, softmax);
    nan.bias[1] = f32::NAN;
    for (layers, expected, message) in [
        (vec![], LayersError::NoLayer, "a network needs at least inputs and classes"),
        (
            vec![layer(3, 4, relu), layer(5, 2, softmax)],
            LayersError::Mismatch { layer: 1, inputs: 5, units_before: 4 },
            "layer 1: takes 5 numbers, the layer before gives 4",
        ),
        (
            vec![layer(3, 2, relu)],
            LayersError::OutputNotSoftmax { layer: 0 },
            "layer 0: the output layer's activation must be softmax",
        ),
        (
            vec![short],
            LayersError::ParameterCount { layer: 0, inputs: 3, units: 2, weights: 5, bias: 2 },
            "layer 0: 5 weights and 2 bias numbers are not 3 x 2 and 2",
        ),
        (
            vec![nan],
            LayersError::NotFinite { layer: 0, index: 7 },
            "layer 0: number 7 is not finite",
        ),
    ] {
        let Err(ModelError::Layers(fault)) = Network::from_parameters(&layers) else {
            panic!("{expected:?} is not noticed")
        };
        assert_eq!((fault.to_string().as_str(), fault), (message, expected));
    }
}

/// Refused by its size alone: nothing is allocated for it.
#[test]
fn the_limit_of_a_layer_counts_the_padding() {
    let fault = |sizes: &[usize]| match Network::glorot_uniform(sizes, Activation::Relu, 0) {
        Err(ModelError::Layers(fault)) => fault.to_string(),
        other => panic!("{:?}", other.map(|network| network.sizes())),
    };
    for (sizes, numbers) in [
        (vec![(1 << 27) + 1, 1], "134217729 x 16 numbers"),
        (vec![1 << 16, (1 << 15) + 1, 10], "65536 x 32784 numbers"),
        (vec![usize::MAX, 2, 10], "18446744073709551615 x 16 numbers"),
        (vec![2, usize::MAX, 10], "2 x 18446744073709551615 numbers"),
        (vec![1 << 31, 17, 10], "2147483648 x 32 numbers"),
    ] {
        let fault = fault(&sizes);
        assert!(fault.contains("is too large") && fault.contains(numbers), "{fault}");
        assert!(fault.ends_with("are more than 2147483648"), "{fault}");
    }
    // Within the limit, but of too many classes.
    assert!(fault(&[1, 1 << 31]).contains("2147483648 classes"));
    // 65,536 layers of 4 GiB are more than an address space.
    let layers = vec![1 << 15; 65_537];
    let error = Network::glorot_uniform(&[&layers[..], &[10]].concat(), Activation::Relu, 0);
    assert!(matches!(error, Err(ModelError::Memory { bytes, .. }) if bytes >> 48 == 1));
}

#[test]
fn as_many_classes_as_a_byte_has_values() {
    let fault = Network::glorot_uniform(&[4, 65_537], Activation::Relu, 0).unwrap_err().to_string();
    assert!(fault.contains("65537 classes") && fault.contains("at most 65536"), "{fault}");
    // Row i, of class i, is where the i-th of 256 numbers is.
    let network = Network::glorot_uniform(&[256, 256], Activation::Relu, 0).unwrap();
    let pixels: Vec<u8> = (0..256 * 256).map(|p| 255 * u8::from(p / 256 == p % 256)).collect();
    let labels: Vec<u8> = (0..=255).collect();
    let (rows, targets) = (Rows::bytes(&pixels, 256), Targets::Classes(&labels));
    let rmsprop = Rmsprop { learning_rate: 0.1, ..Rmsprop::keras2() };
    let mut trainer = Trainer::new(network, rmsprop).unwrap();
    let config = FitConfig { epochs: 30, batch_size: 256, shuffle: false, seed: 0 };
    trainer.fit(rows, targets, &config).unwrap();
    let evaluation = trainer.network().evaluate(rows, targets).unwrap();
    assert_eq!(evaluation.accuracy, 1.0, "{evaluation:?}");
    let probabilities = trainer.network().predict(rows).unwrap();
    let sum = probabilities[255 * 256..].iter().sum::<f32>();
    assert!((sum - 1.0).abs() < 1e-5 && probabilities[255 * 256 + 255] > 0.1, "{sum}");
}

fn layer(inputs: usize, units: usize, activation: Activation) -> LayerParameters {
    LayerParameters {
        inputs,
        units,
        activation,
        weights: vec![0.5; inputs * units],
        bias: vec![0.0; units],
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let network = Network::from_parameters(&[layer(3, 2, Activation::Softmax)]).unwrap();
    let x = [0.0; 12];
    let rows = |columns| Rows::floats(MatrixRef::new(&x, 12 / columns, columns));
    let evaluate = |rows, targets| match network.evaluate(rows, targets) {
        Err(ModelError::Data(fault)) => (fault.to_string(), fault),
        other => panic!("{other:?}"),
    };
    let soft = Targets::Distributions(MatrixRef::new(&x, 4, 3));
    let none = Rows::floats(MatrixRef::new(&x, 0, 3));
    for (rows, targets, fault, message) in [
        (
            rows(4),
            Targets::Classes(&[0; 3]),
            DataError::Columns { columns: 4, inputs: 3 },
            "rows of 4 numbers for a network that takes 3",
        ),
        (
            rows(3),
            Targets::Classes(&[0; 3]),
            DataError::TargetCount { rows: 4, targets: 3 },
            "4 rows with 3 targets",
        ),
        (
            rows(3),
            Targets::Classes(&[0, 1, 2, 0]),
            DataError::NoSuchClass { row: 2, class: 2, classes: 2 },
            "target 2 of row 2 for a network of 2 classes",
        ),
        (none, Targets::Classes(&[]), DataError::NoRow, "no rows"),
        (
            rows(3),
            soft,
            DataError::TargetColumns { columns: 3, classes: 2 },
            "targets of 3 numbers for a network of 2 classes",
        ),
    ] {
        assert_eq!(evaluate(rows, targets), (message.to_owned(), fault));
    }
    let error = network.predict(rows(4)).unwrap_err();
    assert!(matches!(error, ModelError::Data(DataError::Columns { columns: 4, inputs: 3 })));
    assert!(network.predict(Rows::floats(MatrixRef::new(&x, 0, 3))).unwrap().is_empty());

    let mut trainer = Trainer::new(network, Rmsprop::keras2()).unwrap();
    for config in [
        FitConfig { epochs: 0, batch_size: 1, shuffle: false, seed: 0 },
        FitConfig { epochs: 1, batch_size: 0, shuffle: false, seed: 0 },
    ] {
        let result = trainer.fit(rows(3), Targets::Classes(&[0; 4]), &config);
        let Err(ModelError::Settings(SettingsError::NoStep { epochs, batch_size })) = result else {
            panic!("{result:?}")
        };
        assert_eq!((epochs, batch_size), (config.epochs, config.batch_size));
    }
}

#[test]
fn settings_that_make_no_steps_in_f32_are_refused() {
    let network = Network::from_parameters(&[layer(3, 2, Activation::Softmax)]).unwrap();
    let fault = |optimizer: Rmsprop| match Trainer::new(network.clone(), optimizer) {
        Err(ModelError::Settings(fault)) => fault.to_string(),
        other => panic!("{optimizer:?}: {other:?}"),
    };
    for (value, why) in [
        (0.0, "it must be a positive number"),
        (-1.0, "it must be a positive number"),
        (f64::NAN, "it must be a positive number"),
        (f64::INFINITY, "it must be a positive number"),
        (1e-46, "it is 0 in f32"),
        (1e39, "it is infinite in f32"),
    ] {
        let learning_rate = fault(Rmsprop { learning_rate: value, ..Rmsprop::keras2() });
        assert!(learning_rate.starts_with(&format!("learning rate {value:?}: {why}")));
        let epsilon = fault(Rmsprop { epsilon: value, ..Rmsprop::keras2() });
        assert!(epsilon.starts_with(&format!("epsilon {value:?}: {why}")), "{epsilon}");
    }
    for (rho, why) in [
        (1.0, "it must be in [0, 1)"),
        (-0.1, "it must be in [0, 1)"),
        (f64::NAN, "it must be in [0, 1)"),
        (0.999_999_99, "it is 1 in f32"),
    ] {
        let fault = fault(Rmsprop { rho, ..Rmsprop::keras2() });
        assert!(fault.starts_with(&format!("rho {rho:?}: {why}")), "{fault}");
    }
    for good in [
        Rmsprop { learning_rate: 1.5e-45, ..Rmsprop::keras2() },
        Rmsprop { rho: 0.0, ..Rmsprop::keras2() },
        Rmsprop { rho: 0.999_999_9, ..Rmsprop::keras2() },
    ] {
        Trainer::new(network.clone(), good).unwrap();
    }
}

/// 300 rows are more than a task takes at a time: each of them is read as it is read alone.
#[test]
fn many_rows_are_read_like_each_of_them() {
    let pixels: Vec<u8> = (0..300 * 6).map(|i| (i * i * 37 / 11 % 256) as u8).collect();
    let labels: Vec<u8> = (0..300).map(|i| (i * i / 7 % 3) as u8).collect();
    let network = Network::glorot_uniform(&[6, 20, 3], Activation::Relu, 5).unwrap();
    let all = network.predict(Rows::bytes(&pixels, 6)).unwrap();
    let (mut loss, mut correct) = (0.0, 0.0);
    for (i, row) in pixels.chunks(6).enumerate() {
        let row = Rows::bytes(row, 6);
        assert_eq!(network.predict(row).unwrap(), all[3 * i..][..3], "row {i}");
        let evaluation = network.evaluate(row, Targets::Classes(&labels[i..=i])).unwrap();
        loss += evaluation.loss;
        correct += evaluation.accuracy;
    }
    let evaluation = network.evaluate(Rows::bytes(&pixels, 6), Targets::Classes(&labels)).unwrap();
    assert!((evaluation.loss - loss / 300.0).abs() < 1e-12, "{evaluation:?}, not {loss} / 300");
    assert_eq!(evaluation.accuracy, correct / 300.0);
    assert!((30.0..270.0).contains(&correct), "some are right, some are wrong: {correct}");
}

/// Softmax of 0.5 · Σx + bias: probabilities by hand.
#[test]
fn predict_and_evaluate_by_hand() {
    let mut output = layer(2, 3, Activation::Softmax);
    output.weights = vec![1.0, 0.0, -1.0, 0.0, 2.0, 0.0];
    output.bias = vec![0.0, 0.0, 0.5];
    let network = Network::from_parameters(&[output]).unwrap();
    let x = [1.0, 1.0, 0.0, 0.0];
    let rows = Rows::floats(MatrixRef::new(&x, 2, 2));
    let p = network.predict(rows).unwrap();
    let softmax = |z: [f64; 3]| {
        let sum: f64 = z.iter().map(|z| z.exp()).sum();
        z.map(|z| z.exp() / sum)
    };
    let expected = [softmax([1.0, 2.0, -0.5]), softmax([0.0, 0.0, 0.5])].concat();
    for (p, expected) in p.iter().zip(&expected) {
        assert!((f64::from(*p) - expected).abs() < 1e-6, "{p} for {expected}");
    }
    let evaluation = network.evaluate(rows, Targets::Classes(&[1, 0])).unwrap();
    assert!((evaluation.loss + (expected[1].ln() + expected[3].ln()) / 2.0).abs() < 1e-6);
    assert_eq!(evaluation.accuracy, 0.5);
}

/// 10 rows in batches of 4: steps of 4, 4 and 2 rows, and means weighted by rows.
#[test]
fn the_last_short_batch_is_kept_and_weighed() {
    struct Steps(Vec<StepReport>);
    impl Observer for Steps {
        fn on_step(&mut self, report: &StepReport) -> ControlFlow<()> {
            self.0.push(*report);
            ControlFlow::Continue(())
        }
    }
    let pixels: Vec<u8> = (0..60).map(|i| (i * 37 % 256) as u8).collect();
    let labels = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0];
    let network = Network::glorot_uniform(&[6, 8, 3], Activation::Relu, 1).unwrap();
    let mut trainer = Trainer::new(network, Rmsprop::keras2()).unwrap();
    let mut steps = Steps(Vec::new());
    let history = trainer
        .fit_observed(
            Rows::bytes(&pixels, 6),
            Targets::Classes(&labels),
            &FitConfig { epochs: 2, batch_size: 4, ..FitConfig::default() },
            &mut steps,
        )
        .unwrap();
    assert_eq!(
        steps.0.iter().map(|s| (s.epoch, s.step, s.rows)).collect::<Vec<_>>(),
        [(1, 1, 4), (1, 2, 4), (1, 3, 2), (2, 1, 4), (2, 2, 4), (2, 3, 2)]
    );
    for (epoch, steps) in history.iter().zip(steps.0.chunks(3)) {
        let mean = |f: &dyn Fn(&StepReport) -> f64| {
            steps.iter().map(|s| f(s) * s.rows as f64).sum::<f64>() / 10.0
        };
        assert!((epoch.loss - mean(&|s| s.loss)).abs() < 1e-12);
        assert!((epoch.accuracy - mean(&|s| s.accuracy)).abs() < 1e-12);
        assert!((steps[2].running_loss - epoch.loss).abs() < 1e-12);
    }
}

/// The optimizer's state goes on: two fits of an epoch are a fit of two.
#[test]
fn a_fit_goes_on_where_the_last_one_ended() {
    let pixels: Vec<u8> = (0..120).map(|i| (i * 91 % 256) as u8).collect();
    let labels: Vec<u8> = (0..20).map(|i| i % 3).collect();
    let (rows, targets) = (Rows::bytes(&pixels, 6), Targets::Classes(&labels));
    let fit = |fits: &[usize]| {
        let network = Network::glorot_uniform(&[6, 8, 3], Activation::Relu, 1).unwrap();
        let mut trainer = Trainer::new(network, Rmsprop::keras3()).unwrap();
        for &epochs in fits {
            let config = FitConfig { epochs, batch_size: 8, shuffle: false, seed: 0 };
            trainer.fit(rows, targets, &config).unwrap();
        }
        trainer.into_network()
    };
    assert_eq!(fit(&[1, 1]), fit(&[2]));
    assert_ne!(fit(&[1]), fit(&[2]));
}

/// A shuffled fit is a fit of rows that were moved, epoch by epoch, by a shuffler of its seed.
#[test]
fn the_seed_decides_which_rows_a_step_takes() {
    let pixels: Vec<u8> = (0..120).map(|i| (i * 91 % 256) as u8).collect();
    let labels: Vec<u8> = (0..20).map(|i| i % 3).collect();
    let trainer = || {
        let network = Network::glorot_uniform(&[6, 8, 3], Activation::Relu, 1).unwrap();
        Trainer::new(network, Rmsprop::keras3()).unwrap()
    };
    let shuffled = |seed| {
        let mut trainer = trainer();
        let config = FitConfig { epochs: 2, batch_size: 8, shuffle: true, seed };
        trainer.fit(Rows::bytes(&pixels, 6), Targets::Classes(&labels), &config).unwrap();
        trainer.into_network()
    };
    let mut by_hand = trainer();
    let (mut shuffler, mut order) = (Shuffler::new(7), (0..20).collect::<Vec<u32>>());
    for _ in 0..2 {
        shuffler.shuffle(&mut order);
        let rows: Vec<u8> =
            order.iter().flat_map(|i| pixels[*i as usize * 6..][..6].to_vec()).collect();
        let classes: Vec<u8> = order.iter().map(|i| labels[*i as usize]).collect();
        let config = FitConfig { epochs: 1, batch_size: 8, shuffle: false, seed: 0 };
        by_hand.fit(Rows::bytes(&rows, 6), Targets::Classes(&classes), &config).unwrap();
    }
    assert_eq!(shuffled(7), by_hand.into_network());
    assert_ne!(shuffled(7), shuffled(8));
}

#[test]
fn an_observer_ends_the_fit() {
    struct Until(usize, usize);
    impl Observer for Until {
        fn on_step(&mut self, _: &StepReport) -> ControlFlow<()> {
            self.1 += 1;
            if self.1 == self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    }
    let pixels = [1; 60];
    let network = Network::glorot_uniform(&[6, 3], Activation::Relu, 1).unwrap();
    let mut trainer = Trainer::new(network, Rmsprop::keras2()).unwrap();
    let mut until = Until(4, 0);
    let config = FitConfig { epochs: 5, batch_size: 4, shuffle: false, seed: 0 };
    let (rows, targets) = (Rows::bytes(&pixels, 6), Targets::Classes(&[0; 10]));
    let history = trainer.fit_observed(rows, targets, &config, &mut until).unwrap();
    assert_eq!((until.1, history.len()), (4, 2), "three steps an epoch, stopped in the second");
}

/// Each epoch lends the network that a fit of so many epochs leaves.
#[test]
fn an_observer_sees_the_network_of_each_epoch() {
    struct Networks(Vec<Network>);
    impl Observer for Networks {
        fn on_epoch(&mut self, report: &EpochReport, network: &Network) -> ControlFlow<()> {
            self.0.push(network.clone());
            assert_eq!(report.epoch, self.0.len());
            ControlFlow::Continue(())
        }
    }
    let pixels: Vec<u8> = (0..60).map(|i| (i * 37 % 256) as u8).collect();
    let (rows, targets) =
        (Rows::bytes(&pixels, 6), Targets::Classes(&[0, 1, 2, 0, 1, 2, 0, 1, 2, 0]));
    let fit = |epochs| {
        let network = Network::glorot_uniform(&[6, 8, 3], Activation::Relu, 1).unwrap();
        let mut trainer = Trainer::new(network, Rmsprop::keras2()).unwrap();
        let mut seen = Networks(Vec::new());
        let config = FitConfig { epochs, batch_size: 4, shuffle: false, seed: 0 };
        trainer.fit_observed(rows, targets, &config, &mut seen).unwrap();
        (seen.0, trainer.into_network())
    };
    let (seen, _) = fit(3);
    for epochs in 1..=3 {
        assert_eq!(seen[epochs - 1], fit(epochs).1, "after {epochs} epochs");
    }
    assert_ne!(seen[0], seen[1]);
}
