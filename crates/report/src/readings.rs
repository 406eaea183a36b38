//! How the trained network reads the test set.

use dataset::Examples;
use kernels::Rows;
use model::{ModelError, Network};

use crate::confusion::Confusion;
use record::most_probable;

/// Images read at a time: there may be many classes, and each image has a probability for each.
const AT_A_TIME: usize = 1024;

/// The classes that a network read in the images of a test set.
#[derive(Debug)]
pub(crate) struct Readings {
    pub(crate) confusion: Confusion,
    /// By the probability of what was read, greatest first; of equals the earlier image.
    pub(crate) mistakes: Vec<Mistake>,
}

/// An image read as another class than its label says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mistake {
    /// The image's index.
    pub(crate) image: usize,
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
    pub(crate) fn of(network: &Network, test_set: &Examples) -> Result<Self, ModelError> {
        let (classes, pixels) = (network.classes(), network.inputs());
        let (mut confusion, mut mistakes) = (Confusion::new(classes), Vec::new());
        let batches = test_set.pixels().chunks(AT_A_TIME * pixels);
        for (batch, images) in batches.enumerate() {
            let probabilities = network.predict(Rows::bytes(images, pixels))?;
            for (i, probabilities) in probabilities.chunks(classes).enumerate() {
                let image = batch * AT_A_TIME + i;
                let label = usize::from(test_set.label(image));
                let reading = most_probable(probabilities);
                confusion.push(label, reading);
                if reading != label {
                    let (probability, label_probability) =
                        (probabilities[reading], probabilities[label]);
                    mistakes.push(Mistake {
                        image,
                        reading,
                        probability,
                        label,
                        label_probability,
                    });
                }
            }
        }
        mistakes.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        Ok(Self { confusion, mistakes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dataset::Images;
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

        let Readings { confusion, mistakes } = Readings::of(&brightest(), &test_set).unwrap();
        assert_eq!((0..3).map(|class| confusion.labelled(class)).sum::<usize>(), count);
        assert_eq!(mistakes.len(), count.div_ceil(4));
        let off_diagonal = confusion.pairs(&[0, 1, 2]).into_iter().filter(|pair| pair.0 != pair.1);
        assert_eq!(off_diagonal.map(|pair| pair.2).sum::<usize>(), mistakes.len());
        for mistake in &mistakes {
            let Mistake { image, reading, probability, label, label_probability } = *mistake;
            assert!(image.is_multiple_of(4), "{mistake:?}");
            assert_eq!((reading, label), (image % 3, (image + 1) % 3), "{mistake:?}");
            // Softmax of 5·brightness/255 and two zeros.
            let lit = (5.0 * f32::from(brightness(image)) / 255.0).exp();
            assert!((probability - lit / (lit + 2.0)).abs() < 1e-5, "{mistake:?}");
            assert!((label_probability - 1.0 / (lit + 2.0)).abs() < 1e-5, "{mistake:?}");
        }
        let in_order = |a: &Mistake, b: &Mistake| {
            a.probability > b.probability || a.probability == b.probability && a.image < b.image
        };
        assert!(mistakes.is_sorted_by(in_order), "{mistakes:?}");
    }
}
