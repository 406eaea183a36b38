//! How the trained network reads the test set.

use dataset::Set;
use kernels::Rows;
use model::{ModelError, Network};

use crate::confusion::Confusion;
use record::most_probable;

/// Examples read at a time: there may be many classes, and each example has a probability for each.
const AT_A_TIME: usize = 1024;

/// The classes that a network read in the examples of a test set.
#[derive(Debug)]
pub(crate) struct Readings {
    pub(crate) confusion: Confusion,
    /// By the probability of what was read, greatest first; of equals the earlier example.
    pub(crate) mistakes: Vec<Mistake>,
}

/// An example read as another class than its label says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mistake {
    /// Its index.
    pub(crate) example: usize,
    /// The class it was read as.
    pub(crate) reading: usize,
    /// The probability of that.
    pub(crate) probability: f32,
    /// The class of its label.
    pub(crate) label: usize,
    /// The probability of that.
    pub(crate) label_probability: f32,
}

impl Readings {
    /// Reads `test_set`.
    ///
    /// # Errors
    /// If it doesn't fit the network.
    pub(crate) fn of(network: &Network, test_set: Set<'_>) -> Result<Self, ModelError> {
        let mut readings =
            Self { confusion: Confusion::new(network.classes()), mistakes: Vec::new() };
        for first in (0..test_set.len()).step_by(AT_A_TIME) {
            let batch = first..test_set.len().min(first + AT_A_TIME);
            match test_set {
                Set::Images(examples) => {
                    let pixels = examples.pixels_per_image();
                    let images = &examples.pixels()[batch.start * pixels..batch.end * pixels];
                    readings.read(network, test_set, first, Rows::bytes(images, pixels))?;
                }
                Set::Features(features) => {
                    readings.read(network, test_set, first, Rows::sparse(&features.part(batch)))?;
                }
            }
        }
        readings.mistakes.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        Ok(readings)
    }

    /// Reads the examples from `first` on, which are `rows`.
    fn read(
        &mut self,
        network: &Network,
        test_set: Set<'_>,
        first: usize,
        rows: Rows<'_>,
    ) -> Result<(), ModelError> {
        let probabilities = network.predict(rows)?;
        for (i, probabilities) in probabilities.chunks(network.classes()).enumerate() {
            let example = first + i;
            let label = test_set.label(example);
            let reading = most_probable(probabilities);
            self.confusion.push(label, reading);
            if reading != label {
                let (probability, label_probability) =
                    (probabilities[reading], probabilities[label]);
                self.mistakes.push(Mistake {
                    example,
                    reading,
                    probability,
                    label,
                    label_probability,
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dataset::{Examples, Images};
    use model::{Activation, LayerParameters};

    /// A network of three inputs that reads an image as its brightest pixel, the more confidently the brighter.
    fn brightest() -> Network {
        let mut weights = vec![0.0; 9];
        weights.iter_mut().step_by(4).for_each(|weight| *weight = 5.0);
        let activation = Activation::Softmax;
        let layer =
            LayerParameters { inputs: 3, units: 3, activation, weights, bias: vec![0.0; 3] };
        Network::from_parameters(&[layer]).unwrap()
    }

    #[test]
    fn every_image_is_read_once_and_mistakes_are_sorted() {
        // More than are read at a time, and not a multiple of it; pixel i % 3 is lit, every fourth label is one further.
        let count = 2 * AT_A_TIME + 100;
        let brightness = |i: usize| (50 + i % 200) as u8;
        let mut pixels = vec![0; 3 * count];
        (0..count).for_each(|i| pixels[3 * i + i % 3] = brightness(i));
        let labels = (0..count).map(|i| ((i + usize::from(i % 4 == 0)) % 3) as u8).collect();
        let test_set = Examples::new(Images::new(pixels, 1, 3).unwrap(), labels).unwrap();

        let Readings { confusion, mistakes } =
            Readings::of(&brightest(), Set::Images(&test_set)).unwrap();
        assert_eq!((0..3).map(|class| confusion.labelled(class)).sum::<usize>(), count);
        assert_eq!(mistakes.len(), count.div_ceil(4));
        let off_diagonal = confusion.pairs(&[0, 1, 2]).into_iter().filter(|pair| pair.0 != pair.1);
        assert_eq!(off_diagonal.map(|pair| pair.2).sum::<usize>(), mistakes.len());
        for mistake in &mistakes {
            let Mistake { example: image, reading, probability, label, label_probability } =
                *mistake;
            assert!(image.is_multiple_of(4), "{mistake:?}");
            assert_eq!((reading, label), (image % 3, (image + 1) % 3), "{mistake:?}");
            // Softmax of 5·brightness/255 and two zeros.
            let lit = (5.0 * f32::from(brightness(image)) / 255.0).exp();
            assert!((probability - lit / (lit + 2.0)).abs() < 1e-5, "{mistake:?}");
            assert!((label_probability - 1.0 / (lit + 2.0)).abs() < 1e-5, "{mistake:?}");
        }
        let in_order = |a: &Mistake, b: &Mistake| {
            a.probability > b.probability || a.probability == b.probability && a.example < b.example
        };
        assert!(mistakes.is_sorted_by(in_order), "{mistakes:?}");
    }
}
