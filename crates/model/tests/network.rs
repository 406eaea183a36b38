//! What a network refuses, and what Keras's words mean here.

use std::ops::ControlFlow;

use kernels::{MatrixRef, Rows, Targets};
use model::{
    Activation, EpochReport, FitConfig, LayerParameters, ModelError, Network, Observer, Rmsprop,
    StepReport, Trainer,
};

#[test]
fn glorot_uniform_has_its_limits_and_its_values() {
    let network = Network::glorot_uniform(&[784, 512, 10], Activation::Relu, 42).unwrap();
    assert_eq!(network.sizes(), [784, 512, 10]);
    assert_eq!(network.parameter_count(), 407_050);
    for layer in network.parameters() {
        let limit = (6.0 / (layer.inputs + layer.units) as f32).sqrt();
        let largest = layer.kernel.iter().fold(0.0_f32, |max, w| max.max(w.abs()));
        assert!(largest <= limit && largest > 0.99 * limit, "{largest} of {limit}");
        let mean = layer.kernel.iter().sum::<f32>() / layer.kernel.len() as f32;
        assert!(mean.abs() < 4.0 * limit / (3.0 * layer.kernel.len() as f32).sqrt(), "{mean}");
        assert!(layer.bias.iter().all(|b| *b == 0.0));
    }
    assert_eq!(network, Network::glorot_uniform(&[784, 512, 10], Activation::Relu, 42).unwrap());
    assert_ne!(network, Network::glorot_uniform(&[784, 512, 10], Activation::Relu, 43).unwrap());
}

#[test]
fn what_is_no_network_is_refused() {
    let fault = |sizes: &[usize], hidden| {
        Network::glorot_uniform(sizes, hidden, 0).unwrap_err().to_string()
    };
    assert!(fault(&[], Activation::Relu).contains("at least inputs and classes"));
    assert!(fault(&[784], Activation::Relu).contains("at least inputs and classes"));
    assert!(fault(&[784, 0, 10], Activation::Relu).contains("0 units"));
    assert!(fault(&[usize::MAX, 2, 10], Activation::Relu).contains("none that can be made"));
    assert!(fault(&[4, 257], Activation::Relu).contains("at most 256"));
    assert!(fault(&[4, 4, 2], Activation::Softmax).contains("output layer only"));
}

fn layer(inputs: usize, units: usize, activation: Activation) -> LayerParameters {
    LayerParameters {
        inputs,
        units,
        activation,
        kernel: vec![0.5; inputs * units],
        bias: vec![0.0; units],
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let network = Network::from_parameters(&[layer(3, 2, Activation::Softmax)]).unwrap();
    let x = [0.0; 12];
    let rows = |columns| Rows::Floats(MatrixRef::new(&x, 12 / columns, columns));
    let evaluate = |rows, targets| match network.evaluate(rows, targets) {
        Err(ModelError::Data(fault)) => fault,
        other => panic!("{other:?}"),
    };
    assert!(evaluate(rows(4), Targets::Classes(&[0; 3])).contains("rows of 4 numbers"));
    assert!(evaluate(rows(3), Targets::Classes(&[0; 3])).contains("4 rows with 3 targets"));
    assert!(evaluate(rows(3), Targets::Classes(&[0, 1, 2, 0])).contains("target 2 of row 2"));
    assert!(
        evaluate(Rows::Floats(MatrixRef::new(&x, 0, 3)), Targets::Classes(&[])).contains("no rows")
    );
    let soft = Targets::Distributions(MatrixRef::new(&x, 4, 3));
    assert!(evaluate(rows(3), soft).contains("targets of 3 numbers"));
    assert!(network.predict(rows(4)).is_err());
    assert!(network.predict(Rows::Floats(MatrixRef::new(&x, 0, 3))).unwrap().is_empty());

    for bad in [
        Rmsprop { learning_rate: 0.0, ..Rmsprop::keras2() },
        Rmsprop { learning_rate: f64::NAN, ..Rmsprop::keras2() },
        Rmsprop { rho: 1.0, ..Rmsprop::keras2() },
        Rmsprop { epsilon: 0.0, ..Rmsprop::keras2() },
        Rmsprop { epsilon: 1e-60, ..Rmsprop::keras2() },
    ] {
        assert!(
            matches!(Trainer::new(network.clone(), bad), Err(ModelError::Settings(_))),
            "{bad:?}"
        );
    }
    let mut trainer = Trainer::new(network, Rmsprop::keras2()).unwrap();
    for config in [FitConfig { epochs: 0, batch_size: 1 }, FitConfig { epochs: 1, batch_size: 0 }] {
        let result = trainer.fit(rows(3), Targets::Classes(&[0; 4]), &config, &mut |_| {}, &mut ());
        assert!(matches!(result, Err(ModelError::Settings(_))));
    }
}

/// Softmax of 0.5 · Σx + bias: probabilities by hand.
#[test]
fn predict_and_evaluate_by_hand() {
    let mut output = layer(2, 3, Activation::Softmax);
    output.kernel = vec![1.0, 0.0, -1.0, 0.0, 2.0, 0.0];
    output.bias = vec![0.0, 0.0, 0.5];
    let network = Network::from_parameters(&[output]).unwrap();
    let x = [1.0, 1.0, 0.0, 0.0];
    let rows = Rows::Floats(MatrixRef::new(&x, 2, 2));
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
    let mut orders = Vec::new();
    let history = trainer
        .fit(
            Rows::bytes(&pixels, 6),
            Targets::Classes(&labels),
            &FitConfig { epochs: 2, batch_size: 4 },
            &mut |order| {
                orders.push(order.to_vec());
                order.reverse();
            },
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
    let forward: Vec<u32> = (0..10).collect();
    let backward: Vec<u32> = (0..10).rev().collect();
    assert_eq!(orders, [forward, backward]);
}

/// Taking the rows in another order is the same as having them in that order.
#[test]
fn the_order_decides_which_rows_a_step_takes() {
    let pixels: Vec<u8> = (0..120).map(|i| (i * 91 % 256) as u8).collect();
    let labels: Vec<u8> = (0..20).map(|i| i % 3).collect();
    let order: Vec<u32> = (0..20).map(|i| i * 7 % 20).collect();
    let fit = |pixels: &[u8], labels: &[u8], order: Option<&[u32]>| {
        let network = Network::glorot_uniform(&[6, 8, 3], Activation::Relu, 1).unwrap();
        let mut trainer = Trainer::new(network, Rmsprop::keras3()).unwrap();
        let config = FitConfig { epochs: 1, batch_size: 8 };
        let mut shuffle = |rows: &mut [u32]| {
            if let Some(order) = order {
                rows.copy_from_slice(order);
            }
        };
        trainer
            .fit(Rows::bytes(pixels, 6), Targets::Classes(labels), &config, &mut shuffle, &mut ())
            .unwrap();
        trainer.into_network()
    };
    let moved_pixels: Vec<u8> =
        order.iter().flat_map(|i| pixels[*i as usize * 6..][..6].to_vec()).collect();
    let moved_labels: Vec<u8> = order.iter().map(|i| labels[*i as usize]).collect();
    let by_order = fit(&pixels, &labels, Some(&order));
    assert_eq!(by_order, fit(&moved_pixels, &moved_labels, None));
    assert_ne!(by_order, fit(&pixels, &labels, None));
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
    let config = FitConfig { epochs: 5, batch_size: 4 };
    let (rows, targets) = (Rows::bytes(&pixels, 6), Targets::Classes(&[0; 10]));
    let history = trainer.fit(rows, targets, &config, &mut |_| {}, &mut until).unwrap();
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
        let config = FitConfig { epochs, batch_size: 4 };
        trainer.fit(rows, targets, &config, &mut |_| {}, &mut seen).unwrap();
        (seen.0, trainer.into_network())
    };
    let (seen, _) = fit(3);
    for epochs in 1..=3 {
        assert_eq!(seen[epochs - 1], fit(epochs).1, "after {epochs} epochs");
    }
    assert_ne!(seen[0], seen[1]);
}
