//! The readings of a network: probabilities for examples.

use dataset::Set;
use kernels::Rows;
use model::Network;

use crate::error::Error;

/// The probabilities of the classes for each of the examples at `indices`: examples × classes, all of them finite.
pub(crate) fn probabilities(
    network: &Network,
    examples: Set<'_>,
    indices: &[usize],
) -> Result<Vec<f32>, Error> {
    let probabilities = match examples {
        Set::Images(examples) => {
            let images = indices.iter().flat_map(|&index| examples.image(index));
            let images: Vec<u8> = images.copied().collect();
            network.predict(Rows::bytes(&images, examples.pixels_per_image()))?
        }
        Set::Features(features) => network.predict(Rows::sparse(&features.select(indices)))?,
    };
    match probabilities.iter().position(|probability| !probability.is_finite()) {
        None => Ok(probabilities),
        Some(i) => Err(Error::NoReading {
            singular: examples.singular(),
            example: indices[i / network.classes()],
            probability: probabilities[i],
        }),
    }
}
