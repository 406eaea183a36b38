//! The shares of a row's numbers in the logit of a class, against the network's own logits.

use model::{Activation, Contributions, Csr, LayerParameters, Network, Rows};

const CLASSES: usize = 5;

/// A row of 30 numbers of which some are not zero.
fn row() -> (Vec<u32>, Vec<f32>) {
    let columns: Vec<u32> = (0..30).filter(|j| j % 4 != 1).collect();
    let values = columns.iter().map(|&j| ((j * 7 % 11) as f32 - 4.5) / 3.0).collect();
    (columns, values)
}

fn logits(network: &Network, columns: &[u32], values: &[f32]) -> Vec<f64> {
    let csr = Csr::new(vec![0, columns.len()], columns, values, 30).unwrap();
    let probabilities = network.predict(Rows::sparse(&csr)).unwrap();
    probabilities.iter().map(|p| f64::from(*p).ln()).collect()
}

/// The difference of two logits, or of one and the mean.
fn difference(logits: &[f64], class: usize, against: Option<usize>) -> f64 {
    let other = against.map_or(logits.iter().sum::<f64>() / CLASSES as f64, |other| logits[other]);
    logits[class] - other
}

const CASES: [(usize, Option<usize>); 3] = [(0, Some(3)), (4, None), (2, None)];

#[test]
fn without_biases_they_sum_up_to_the_difference() {
    for hidden in [&[][..], &[24], &[33, 17], &[8, 40, 8]] {
        let sizes = [&[30], hidden, &[CLASSES]].concat();
        let network = Network::glorot_uniform(&sizes, Activation::Relu, 3).unwrap();
        let (columns, values) = row();
        let logits = logits(&network, &columns, &values);
        for (class, against) in CASES {
            let found = Contributions::new(&network).of(&columns, &values, class, against);
            let (sum, expected) = (
                found.iter().map(|&x| f64::from(x)).sum::<f64>(),
                difference(&logits, class, against),
            );
            assert!((sum - expected).abs() < 1e-4, "{sizes:?} {class}: {sum} for {expected}");
            assert!(expected.abs() > 1e-3, "a difference that tells nothing");
        }
    }
}

#[test]
fn each_is_the_number_times_its_gradient() {
    for activation in [Activation::Relu, Activation::Linear] {
        let mut layers =
            Network::glorot_uniform(&[30, 24, 16, CLASSES], activation, 7).unwrap().parameters();
        for LayerParameters { bias, .. } in &mut layers {
            bias.iter_mut().enumerate().for_each(|(i, b)| *b = (i % 5) as f32 / 10.0 - 0.2);
        }
        let network = Network::from_parameters(&layers).unwrap();
        let (columns, values) = row();
        for (class, against) in CASES {
            let found = Contributions::new(&network).of(&columns, &values, class, against);
            for (i, found) in found.iter().enumerate() {
                let at = |step: f32| {
                    let mut values = values.clone();
                    values[i] += step;
                    difference(&logits(&network, &columns, &values), class, against)
                };
                let gradient = (at(1e-3) - at(-1e-3)) / 2e-3;
                let expected = gradient * f64::from(values[i]);
                assert!((f64::from(*found) - expected).abs() < 3e-3, "{i}: {found} for {expected}");
            }
        }
    }
}
