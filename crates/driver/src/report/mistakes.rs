//! The images that were read wrong, the most confident first.

use crate::predict::most_probable;

/// An image read as another class than its label says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mistake {
    /// The image's index.
    pub(super) image: usize,
    /// What it was read as.
    pub(super) reading: usize,
    /// The probability of that.
    pub(super) probability: f32,
    /// What it is.
    pub(super) label: usize,
    /// The probability of that.
    pub(super) label_probability: f32,
}

/// All mistakes by the probability of what was read, greatest first; of equals the earlier image.
/// `probabilities` is images × classes.
pub(super) fn mistakes(probabilities: &[f32], classes: usize, labels: &[u8]) -> Vec<Mistake> {
    let images = probabilities.chunks(classes).zip(labels).enumerate();
    let mut mistakes: Vec<Mistake> = images
        .map(|(image, (probabilities, &label))| {
            let (reading, label) = (most_probable(probabilities), usize::from(label));
            let (probability, label_probability) = (probabilities[reading], probabilities[label]);
            Mistake { image, reading, probability, label, label_probability }
        })
        .filter(|mistake| mistake.reading != mistake.label)
        .collect();
    mistakes.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    mistakes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_wrong_and_sorted() {
        let probabilities = [
            [0.6, 0.3, 0.1],
            [0.2, 0.7, 0.1],
            [0.9, 0.1, 0.0],
            [0.1, 0.2, 0.7],
            [0.4, 0.4, 0.2],
            [0.0, 0.1, 0.9],
        ];
        // Images 0 and 4 are right: of equal probabilities, the first class counts.
        let found = mistakes(probabilities.as_flattened(), 3, &[0, 2, 1, 0, 0, 1]);
        let order: Vec<_> = found.iter().map(|m| (m.image, m.reading, m.label)).collect();
        assert_eq!(order, [(2, 0, 1), (5, 2, 1), (1, 1, 2), (3, 2, 0)]);
        assert_eq!((found[0].probability, found[0].label_probability), (0.9, 0.1));
        assert_eq!(mistakes(&[1.0, 0.0], 2, &[0]), []);
    }
}
