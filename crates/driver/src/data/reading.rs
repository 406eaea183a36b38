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
    let name = |i: usize| format!("test {} {}", examples.singular(), indices[i]);
    finite(probabilities, network.classes(), name)
}

/// The probabilities of the classes for each of the pictures in `pixels`, of which `name` tells the name by its number:
/// pictures × classes, all of them finite.
pub(crate) fn of_pictures(
    network: &Network,
    pixels: &[u8],
    name: impl Fn(usize) -> String,
) -> Result<Vec<f32>, Error> {
    let probabilities = network.predict(Rows::bytes(pixels, network.inputs()))?;
    finite(probabilities, network.classes(), name)
}

fn finite(
    probabilities: Vec<f32>,
    classes: usize,
    name: impl Fn(usize) -> String,
) -> Result<Vec<f32>, Error> {
    match probabilities.iter().position(|probability| !probability.is_finite()) {
        None => Ok(probabilities),
        Some(i) => {
            Err(Error::NoReading { example: name(i / classes), probability: probabilities[i] })
        }
    }
}
