//! Layers, data and settings that are refused, each with its fault.

use kernels::{MatrixRef, Rows, Targets};
use model::{
    Activation, DataError, FitConfig, LayersError, ModelError, Network, Rmsprop, SettingsError,
    Trainer,
};

use crate::layer;

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
        FitConfig { epochs: 0, batch_size: 1, shuffle: false, seed: 0, ..FitConfig::default() },
        FitConfig { epochs: 1, batch_size: 0, shuffle: false, seed: 0, ..FitConfig::default() },
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
