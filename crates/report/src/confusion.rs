//! Which classes are taken for which.

use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Counts of images by the class they are labelled with and the class they are read as. Only pairs that occur take memory:
/// there may be many classes.
#[derive(Debug, PartialEq)]
pub(crate) struct Confusion {
    /// By label and reading.
    counts: BTreeMap<(usize, usize), usize>,
    /// Images a label.
    labelled: Vec<usize>,
    /// Images a reading.
    read: Vec<usize>,
}

/// How well one class is read. A share of nothing is `None`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ClassScore {
    /// Images with this label.
    pub(crate) images: usize,
    /// Of the images read as this class, those that are.
    pub(crate) precision: Option<f64>,
    /// Of the images of this class, those read as such.
    pub(crate) recall: Option<f64>,
    /// Harmonic mean of both.
    pub(crate) f1: Option<f64>,
}

impl Confusion {
    /// No images of these classes yet.
    pub(crate) fn new(classes: usize) -> Self {
        let [labelled, read] = [vec![0; classes], vec![0; classes]];
        Self { counts: BTreeMap::new(), labelled, read }
    }

    /// Counts an image: its label and its reading are classes.
    pub(crate) fn push(&mut self, label: usize, reading: usize) {
        self.labelled[label] += 1;
        self.read[reading] += 1;
        *self.counts.entry((label, reading)).or_insert(0) += 1;
    }

    /// Number of classes.
    pub(crate) fn classes(&self) -> usize {
        self.labelled.len()
    }

    /// Images labelled `label` and read as `reading`.
    fn count(&self, label: usize, reading: usize) -> usize {
        self.counts.get(&(label, reading)).copied().unwrap_or(0)
    }

    /// Images labelled `label`.
    pub(crate) fn labelled(&self, label: usize) -> usize {
        self.labelled[label]
    }

    /// At most `most` classes, in their order: those that take part in the most mistakes, as what was read or as what was
    /// not.
    pub(crate) fn most_confused(&self, most: usize) -> Vec<usize> {
        let right = |class| self.count(class, class);
        let wrong = |&class: &usize| self.labelled[class] + self.read[class] - 2 * right(class);
        let mut classes: Vec<usize> = (0..self.classes()).collect();
        if classes.len() > most {
            classes.sort_by_cached_key(|class| Reverse(wrong(class)));
            classes.truncate(most);
            classes.sort_unstable();
        }
        classes
    }

    /// The pairs that occur among `shown` classes, which are in order: their places in it, label first, and their count.
    pub(crate) fn pairs(&self, shown: &[usize]) -> Vec<(usize, usize, usize)> {
        let place = |class: &usize| shown.binary_search(class).ok();
        let places = |((label, reading), &count): (&(usize, usize), &usize)| {
            Some((place(label)?, place(reading)?, count))
        };
        self.counts.iter().filter_map(places).collect()
    }

    /// How well a class is read.
    pub(crate) fn score(&self, class: usize) -> ClassScore {
        let share = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
        let (right, images, read) =
            (self.count(class, class), self.labelled[class], self.read[class]);
        ClassScore {
            images,
            precision: share(right, read),
            recall: share(right, images),
            f1: share(2 * right, images + read),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Of pairs of label and reading.
    pub(crate) fn confusion(
        classes: usize,
        images: impl IntoIterator<Item = (usize, usize)>,
    ) -> Confusion {
        let mut confusion = Confusion::new(classes);
        images.into_iter().for_each(|(label, reading)| confusion.push(label, reading));
        confusion
    }

    /// Three images of class 0, two of class 1, none of class 2 or 3; nothing is read as class 1 or 3.
    fn example() -> Confusion {
        confusion(4, [(0, 0), (0, 0), (0, 2), (1, 0), (1, 2)])
    }

    #[test]
    fn counts_by_label_and_reading() {
        let confusion = example();
        assert_eq!(confusion.pairs(&[0, 1, 2, 3]), [(0, 0, 2), (0, 2, 1), (1, 0, 1), (1, 2, 1)]);
        assert_eq!(confusion.pairs(&[1, 2]), [(0, 1, 1)], "places among those shown");
        assert_eq!([0, 1, 2, 3].map(|label| confusion.labelled(label)), [3, 2, 0, 0]);
    }

    #[test]
    fn the_classes_with_the_most_mistakes_are_chosen() {
        // Mistakes: 2, 2, 2 and 0; of equals the first.
        assert_eq!(example().most_confused(4), [0, 1, 2, 3]);
        assert_eq!(example().most_confused(3), [0, 1, 2]);
        // A mistake counts for both of its classes, what is right for none.
        let images = [(5, 2), (5, 2), (2, 65_535), (7, 7), (7, 7), (7, 7), (7, 7), (0, 9)];
        let many = confusion(65_536, images);
        assert_eq!(many.most_confused(2), [2, 5]);
        assert_eq!(many.most_confused(5), [0, 2, 5, 9, 65_535]);
        assert_eq!(many.most_confused(0), [0; 0]);
    }

    #[test]
    fn scores_by_hand() {
        let [first, second, third, fourth] = [0, 1, 2, 3].map(|class| example().score(class));
        assert_eq!(first.images, 3);
        let close = |a: Option<f64>, b: f64| (a.unwrap() - b).abs() < 1e-15;
        assert!(close(first.precision, 2.0 / 3.0) && close(first.recall, 2.0 / 3.0));
        assert!(close(first.f1, 2.0 / 3.0));
        // Never read, never right.
        assert_eq!((second.precision, second.recall, second.f1), (None, Some(0.0), Some(0.0)));
        // Read, but not there.
        assert_eq!((third.precision, third.recall, third.f1), (Some(0.0), None, Some(0.0)));
        // Neither.
        assert_eq!(
            (fourth.images, fourth.precision, fourth.recall, fourth.f1),
            (0, None, None, None)
        );
    }
}
