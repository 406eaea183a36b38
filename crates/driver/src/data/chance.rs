//! Whether a network does better than naming one class, always the same.

use dataset::Set;
use model::MOST_CLASSES;

/// The part of the way to reading everything right below which hardly anything was learned.
const HARDLY: f64 = 0.1;

/// Whether an accuracy on the test set is hardly more than the share of the most frequent class, in the training set or
/// in the test set: where the test set has one class only, naming it says nothing.
pub(crate) fn is_chance(accuracy: f64, train: Set<'_>, test: Set<'_>) -> bool {
    let share = most_frequent(train).min(most_frequent(test));
    accuracy <= share + HARDLY * (1.0 - share)
}

/// The share of the most frequent label.
fn most_frequent(examples: Set<'_>) -> f64 {
    let mut counts = vec![0_u32; MOST_CLASSES];
    for i in 0..examples.len() {
        counts[examples.label(i)] += 1;
    }
    counts.into_iter().max().map_or(0.0, f64::from) / examples.len() as f64
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
            let (train, test) = (Set::Images(train), Set::Images(test));
            for (accuracy, chance) in
                [(0.0, true), (0.6, true), (0.639, true), (0.641, false), (1.0, false)]
            {
                assert_eq!(is_chance(accuracy, train, test), chance, "{accuracy}");
            }
        }
        let one = Set::Images(&one);
        assert!(is_chance(1.0, one, one), "of one class, nothing can be learned");
    }
}
