//! Training examples set aside: whoever chooses settings, or the end of a training, looks at these and not at the test set.

use crate::Set;
use crate::dice::Dice;

/// The examples of a training set in two parts, by their indices. Nothing is copied.
///
/// ```
/// use dataset::{Mnist, Set, Validation};
///
/// let digits = Mnist::drawn(42, 200, 1).train;
/// let Validation { train, held_out } = Validation::new(Set::Images(&digits), 50, 7).unwrap();
/// assert_eq!((train.len(), held_out.len()), (150, 50));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validation {
    /// Those to train on, in their order.
    pub train: Vec<u32>,
    /// Those that are held out, in their order.
    pub held_out: Vec<u32>,
}

impl Validation {
    /// Holds `count` examples out, chosen by `seed`: of each class its share, to within one example. `None` if that is none or
    /// leaves none to train on.
    ///
    /// All examples are put into a random order, then sorted by class, which leaves those of a class in their random order; and
    /// `count` of them are taken at equal distances. The random numbers begin a jump (2^128) into the sequence of the seed: others
    /// than those that hold out a test set or shuffle the epochs.
    ///
    /// # Panics
    /// If there are more than `u32::MAX` examples.
    pub fn new(set: Set<'_>, count: usize, seed: u64) -> Option<Self> {
        let examples = u32::try_from(set.len()).expect("at most u32::MAX examples");
        if count == 0 || count >= set.len() {
            return None;
        }
        let mut order: Vec<u32> = (0..examples).collect();
        Dice::jumped(seed).shuffle(&mut order);
        order.sort_by_key(|&i| set.label(i as usize));
        // The middle of each of `count` stretches of equal length.
        let at = |k: usize| (2 * k as u128 + 1) * u128::from(examples) / (2 * count as u128);
        let mut held_out: Vec<u32> = (0..count).map(|k| order[at(k) as usize]).collect();
        held_out.sort_unstable();
        let mut rest = held_out.iter().copied().peekable();
        let mut train = order;
        train.clear();
        train.extend((0..examples).filter(|&i| rest.next_if_eq(&i).is_none()));
        Some(Self { train, held_out })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Examples, Images};

    fn examples(labels: Vec<u8>) -> Examples {
        Examples::new(Images::new(vec![0; labels.len()], 1, 1).unwrap(), labels).unwrap()
    }

    #[test]
    fn each_class_gives_its_share() {
        let mut random = testing::Random(8);
        for _ in 0..200 {
            let (count, classes) = (2 + random.below(200), 1 + random.below(5));
            // Classes of very different sizes.
            let label = |random: &mut testing::Random| {
                let most = 1 + random.below(classes);
                random.below(most)
            };
            let labels: Vec<u8> = (0..count).map(|_| label(&mut random) as u8).collect();
            let examples = examples(labels);
            let asked = 1 + random.below(count - 1);
            let Validation { train, held_out } =
                Validation::new(Set::Images(&examples), asked, 3).unwrap();
            assert_eq!(held_out.len(), asked);
            let mut all = [train.as_slice(), &held_out].concat();
            all.sort_unstable();
            assert!(all.into_iter().eq(0..count as u32), "each example is in one of the parts");
            assert!(train.is_sorted() && held_out.is_sorted());
            for class in 0..classes as u8 {
                let of = |i: &&u32| examples.label(**i as usize) == class;
                let [out, rest] = [&held_out, &train].map(|part| part.iter().filter(of).count());
                let share = (out + rest) as f64 * asked as f64 / count as f64;
                assert!((out as f64 - share).abs() < 1.0, "{out} of class {class}, not {share}");
            }
        }
    }

    #[test]
    fn the_seed_chooses_and_parts_are_not_empty() {
        let examples = examples((0..90).map(|i| i % 3).collect());
        let set = Set::Images(&examples);
        assert_eq!(Validation::new(set, 30, 1), Validation::new(set, 30, 1));
        assert_ne!(Validation::new(set, 30, 1), Validation::new(set, 30, 2));
        assert!(Validation::new(set, 0, 1).is_none() && Validation::new(set, 90, 1).is_none());
        assert_eq!(Validation::new(set, 89, 1).unwrap().train.len(), 1);
        // Neighbours are as often held out as not: no part of the data set is preferred.
        let held_out = Validation::new(set, 45, 1).unwrap().held_out;
        let first = held_out.iter().filter(|&&i| i < 45).count();
        assert!((12..34).contains(&first), "{held_out:?}");
    }
}
