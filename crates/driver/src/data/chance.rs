//! Whether a network does better than naming one class, always the same.

use dataset::Mnist;

/// The part of the way to reading everything right below which hardly anything was learned.
const HARDLY: f64 = 0.1;

/// Whether an accuracy on the test set is hardly more than the share of the most frequent class, in the training set or
/// in the test set: where the test set has one class only, naming it says nothing.
pub(crate) fn is_chance(accuracy: f64, mnist: &Mnist) -> bool {
    let share = most_frequent(mnist.train.labels()).min(most_frequent(mnist.test.labels()));
    accuracy <= share + HARDLY * (1.0 - share)
}

/// The share of the most frequent label.
fn most_frequent(labels: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for &label in labels {
        counts[usize::from(label)] += 1;
    }
    counts.into_iter().max().map_or(0.0, f64::from) / labels.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use dataset::{Examples, Images};

    #[test]
    fn the_most_frequent_class_is_the_measure() {
        let examples = |labels: Vec<u8>| {
            Examples::new(Images::new(vec![0; labels.len()], 1, 1).unwrap(), labels).unwrap()
        };
        // 100 labels, 60 of them 9: 0.64 is a tenth of the way from 0.6 to 1.
        let uneven = examples((0..100).map(|i| if i < 60 { 9 } else { i % 8 }).collect());
        let one = examples(vec![3; 20]);
        for (train, test) in [(&uneven, &uneven), (&uneven, &one), (&one, &uneven)] {
            let mnist = Mnist { train: train.clone(), test: test.clone(), classes: 10 };
            for (accuracy, chance) in
                [(0.0, true), (0.6, true), (0.639, true), (0.641, false), (1.0, false)]
            {
                assert_eq!(is_chance(accuracy, &mnist), chance, "{accuracy}");
            }
        }
        let mnist = Mnist { train: one.clone(), test: one, classes: 10 };
        assert!(is_chance(1.0, &mnist), "of one class, nothing can be learned");
    }
}
