//! Which classes are taken for which.

/// Counts of images by the class they are labelled with and the class they are read as.
#[derive(Debug, PartialEq)]
pub(super) struct Confusion {
    classes: usize,
    /// Labels × readings, row-major.
    counts: Vec<usize>,
}

/// How well one class is read. A share of nothing is `None`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ClassScore {
    /// Images with this label.
    pub(super) images: usize,
    /// Of the images read as this class, those that are.
    pub(super) precision: Option<f64>,
    /// Of the images of this class, those read as such.
    pub(super) recall: Option<f64>,
    /// Harmonic mean of both.
    pub(super) f1: Option<f64>,
}

impl Confusion {
    /// Counts images: label and reading of each, both below `classes`.
    pub(super) fn new(classes: usize, images: impl Iterator<Item = (usize, usize)>) -> Self {
        let mut counts = vec![0; classes * classes];
        for (label, reading) in images {
            counts[label * classes + reading] += 1;
        }
        Self { classes, counts }
    }

    /// Number of classes.
    pub(super) fn classes(&self) -> usize {
        self.classes
    }

    /// Images labelled `label` and read as `reading`.
    pub(super) fn count(&self, label: usize, reading: usize) -> usize {
        self.counts[label * self.classes + reading]
    }

    /// The pairs that occur: label, reading and their count.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        let counted = self.counts.iter().enumerate().filter(|&(_, &count)| count > 0);
        counted.map(|(i, &count)| (i / self.classes, i % self.classes, count))
    }

    /// Images labelled `label`.
    pub(super) fn labelled(&self, label: usize) -> usize {
        (0..self.classes).map(|reading| self.count(label, reading)).sum()
    }

    /// How well each class is read.
    pub(super) fn scores(&self) -> impl Iterator<Item = ClassScore> {
        let share = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
        (0..self.classes).map(move |class| {
            let right = self.count(class, class);
            let images = self.labelled(class);
            let read: usize = (0..self.classes).map(|label| self.count(label, class)).sum();
            ClassScore {
                images,
                precision: share(right, read),
                recall: share(right, images),
                f1: share(2 * right, images + read),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three images of class 0, two of class 1, none of class 2 or 3; nothing is read as class 1 or 3.
    fn example() -> Confusion {
        Confusion::new(4, [(0, 0), (0, 0), (0, 2), (1, 0), (1, 2)].into_iter())
    }

    #[test]
    fn counts_by_label_and_reading() {
        let confusion = example();
        assert_eq!(
            confusion.pairs().collect::<Vec<_>>(),
            [(0, 0, 2), (0, 2, 1), (1, 0, 1), (1, 2, 1)]
        );
        assert_eq!((confusion.count(0, 2), confusion.count(2, 0)), (1, 0));
        assert_eq!([0, 1, 2, 3].map(|label| confusion.labelled(label)), [3, 2, 0, 0]);
    }

    #[test]
    fn scores_by_hand() {
        let scores: Vec<ClassScore> = example().scores().collect();
        let [first, second, third, fourth] = scores[..] else { panic!("{scores:?}") };
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
