//! Predictions and evaluations.

use kernels::{MatrixRef, Rows, Targets};
use model::{Activation, DataError, FitConfig, ModelError, Network, Rmsprop, Trainer};
use testing::Random;

use crate::layer;

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
    let config =
        FitConfig { epochs: 30, batch_size: 256, shuffle: false, seed: 0, ..FitConfig::default() };
    trainer.fit(rows, targets, &config).unwrap();
    let evaluation = trainer.network().evaluate(rows, targets).unwrap();
    assert_eq!(evaluation.accuracy, 1.0, "{evaluation:?}");
    let probabilities = trainer.network().predict(rows).unwrap();
    let sum = probabilities[255 * 256..].iter().sum::<f32>();
    assert!((sum - 1.0).abs() < 1e-5 && probabilities[255 * 256 + 255] > 0.1, "{sum}");
}

/// More rows are chosen than a task takes at a time, in any order, some of them twice.
#[test]
fn chosen_rows_are_evaluated_as_if_the_others_were_not_there() {
    let mut random = Random(3);
    let network = Network::glorot_uniform(&[30, 20, 4], Activation::Relu, 1).unwrap();
    let (pixels, labels) = (random.bytes(700 * 30), random.bytes(700));
    let labels: Vec<u8> = labels.iter().map(|label| label % 4).collect();
    let (rows, targets) = (Rows::bytes(&pixels, 30), Targets::Classes(&labels));
    for count in [1, 127, 128, 129, 500, 700] {
        let chosen: Vec<u32> = (0..count).map(|_| random.below(700) as u32).collect();
        let some: Vec<u8> =
            chosen.iter().flat_map(|&i| pixels[30 * i as usize..][..30].to_vec()).collect();
        let some_labels: Vec<u8> = chosen.iter().map(|&i| labels[i as usize]).collect();
        let expected = network.evaluate(Rows::bytes(&some, 30), Targets::Classes(&some_labels));
        let found = network.evaluate_chosen(rows, targets, &chosen);
        assert_eq!(found.unwrap(), expected.unwrap(), "{count} rows");
    }
    for (chosen, fault) in
        [(&[0, 700][..], DataError::NoSuchRow { index: 700, rows: 700 }), (&[], DataError::NoRow)]
    {
        let outcome = network.evaluate_chosen(rows, targets, chosen);
        assert!(matches!(outcome, Err(ModelError::Data(found)) if found == fault), "{fault}");
    }
}
