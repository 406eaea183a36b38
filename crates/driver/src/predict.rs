//! `driver predict`: test images, drawn, as a saved network reads them.

use std::io::{self, Write};

use dataset::Examples;
use kernels::Rows;
use model::Network;

use crate::arguments::PredictArguments;
use crate::draw::{self, Tile};
use crate::error::Error;
use crate::evaluate::load;
use crate::story::{self, Machine};

/// How many images are shown when none is named.
const FIRST_IMAGES: usize = 10;

/// Shows the images asked for, or the first ones of the test set.
pub(crate) fn predict(arguments: &PredictArguments, machine: Machine) -> Result<(), Error> {
    let mut out = io::stdout();
    story::headline(&mut out, machine)?;
    let (network, data) = load(&arguments.model, &arguments.common)?;
    let test = &data.mnist.test;
    let images = test.len();
    if let Some(&index) = arguments.index.iter().find(|&&index| index >= images) {
        return Err(Error::NoSuchImage { index, last: images - 1 });
    }
    writeln!(out)?;
    match arguments.index.as_slice() {
        [] => show(&mut out, &network, test, &first_images(test)),
        indices => show(&mut out, &network, test, indices),
    }
}

/// The images that are shown when none is named.
pub(crate) fn first_images(examples: &Examples) -> Vec<usize> {
    (0..examples.len().min(FIRST_IMAGES)).collect()
}

/// Draws the examples at `indices`, each with what the network reads, how sure it is, and what is right.
pub(crate) fn show(
    out: &mut dyn Write,
    network: &Network,
    examples: &Examples,
    indices: &[usize],
) -> Result<(), Error> {
    let images: Vec<u8> =
        indices.iter().flat_map(|&index| examples.image(index)).copied().collect();
    let columns = examples.image_columns();
    let probabilities = network.predict(Rows::bytes(&images, examples.image_rows() * columns))?;

    let width = draw::terminal_width();
    let tiles: Vec<Tile> = indices
        .iter()
        .zip(probabilities.chunks(network.classes()))
        .map(|(&index, probabilities)| {
            let class = most_probable(probabilities);
            let label = examples.label(index);
            let wrong = if class == usize::from(label) { "" } else { ", wrong" };
            let mut lines = vec![format!("image {index}")];
            lines.extend(draw::picture(examples.image(index), columns, width));
            lines.push(format!("{class} ({:.2} %)", 100.0 * probabilities[class]));
            lines.push(format!("label {label}{wrong}"));
            Tile::new(lines)
        })
        .collect();
    draw::side_by_side(out, &tiles, width)?;
    Ok(())
}

/// The class with the greatest probability; the first of equals, as everywhere.
fn most_probable(probabilities: &[f32]) -> usize {
    let classes = 0..probabilities.len();
    classes.rev().max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::most_probable;

    #[test]
    fn the_first_of_equals_wins() {
        assert_eq!(most_probable(&[0.1, 0.4, 0.1, 0.4]), 1);
        assert_eq!(most_probable(&[0.7, 0.2, 0.1]), 0);
        assert_eq!(most_probable(&[0.1, 0.2, 0.7]), 2);
    }
}
