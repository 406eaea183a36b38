//! Images drawn on the terminal, each with the class that a network reads in it and the probability of that class.
//!
//! [`probabilities`] asks the network, [`captioned`] writes below a picture what is read, [`bars`] has a bar for each class.

use std::io::Write;

use dataset::Examples;
use kernels::Rows;
use model::Network;
use record::most_probable;

use crate::error::Error;
use crate::terminal::draw::{self, Bar, GAP, NARROWEST, Picture, Tile, Verdict};

/// How many images are shown when none is named.
const FIRST_IMAGES: usize = 10;
/// So many of them side by side, if that leaves each [`LEAST_WIDTH`] columns.
const IN_A_ROW: usize = 5;
/// Narrower digits are hard to recognize.
const LEAST_WIDTH: usize = 14;
/// As many classes have a bar each. Of more, the [`MOST_PROBABLE`] have.
const MOST_BARS: usize = 16;
const MOST_PROBABLE: usize = 10;

/// The images that are shown when none is named.
pub(crate) fn first_images(examples: &Examples) -> Vec<usize> {
    (0..examples.len().min(FIRST_IMAGES)).collect()
}

/// Draws the examples at `indices`, small, each with what the network reads, how sure it is, and what is right.
pub(crate) fn show(
    out: &mut dyn Write,
    network: &Network,
    examples: &Examples,
    indices: &[usize],
) -> Result<(), Error> {
    let (width, colours) = (draw::terminal_width(), draw::colours());
    let picture = |&index: &usize| Picture::new(examples.image(index), examples.image_columns());
    let mut pictures: Vec<Picture> = indices.iter().map(picture).collect();
    Picture::crop(&mut pictures);
    let least = LEAST_WIDTH.min(width);
    let room = ((width + GAP) / IN_A_ROW).saturating_sub(GAP).max(least);
    let mut pictures = pictures.into_iter();
    show_tiles(out, network, examples, indices, width, |index, probabilities| {
        let picture = pictures.next().expect("a picture for each index");
        let lines = picture.shrunk(room).lines(colours);
        captioned(index, lines, probabilities, examples.label(index))
    })
}

/// Draws the examples at `indices`, each with the probabilities of the classes beside it or, where there is no room,
/// below.
pub(crate) fn show_with_bars(
    out: &mut dyn Write,
    network: &Network,
    examples: &Examples,
    indices: &[usize],
) -> Result<(), Error> {
    let (width, colours) = (draw::terminal_width(), draw::colours());
    show_tiles(out, network, examples, indices, width, |index, probabilities| {
        let label = examples.label(index);
        let picture = Picture::new(examples.image(index), examples.image_columns());
        let lines = picture.shrunk(width).lines(colours);
        // Level with the middle of the picture, which has a line above it.
        let bars = bars(probabilities, label.into());
        let above = 1 + lines.len().saturating_sub(bars.len()) / 2;
        let picture = captioned(index, lines, probabilities, label);
        match width.saturating_sub(picture.width() + GAP) {
            ..NARROWEST => picture.above(Tile::new(draw::bars(&bars, width, colours))),
            room => {
                let mut lines = vec![String::new(); above];
                lines.extend(draw::bars(&bars, room, colours));
                picture.beside(&Tile::new(lines))
            }
        }
    })
}

/// Draws a tile for each of the examples at `indices`, in `width` columns: the one that `tile` makes of an index and the
/// probabilities of the classes.
fn show_tiles(
    out: &mut dyn Write,
    network: &Network,
    examples: &Examples,
    indices: &[usize],
    width: usize,
    mut tile: impl FnMut(usize, &[f32]) -> Tile,
) -> Result<(), Error> {
    let probabilities = probabilities(network, examples, indices)?;
    let tiles: Vec<Tile> = indices
        .iter()
        .zip(probabilities.chunks(network.classes()))
        .map(|(&index, probabilities)| tile(index, probabilities))
        .collect();
    draw::side_by_side(out, &tiles, width)?;
    Ok(())
}

/// The probabilities of the classes for each of the examples at `indices`: examples × classes, all of them finite.
fn probabilities(
    network: &Network,
    examples: &Examples,
    indices: &[usize],
) -> Result<Vec<f32>, Error> {
    let images: Vec<u8> =
        indices.iter().flat_map(|&index| examples.image(index)).copied().collect();
    let pixels = examples.image_rows() * examples.image_columns();
    let probabilities = network.predict(Rows::bytes(&images, pixels))?;
    match probabilities.iter().position(|probability| !probability.is_finite()) {
        None => Ok(probabilities),
        Some(i) => Err(Error::NoReading {
            image: indices[i / network.classes()],
            probability: probabilities[i],
        }),
    }
}

/// A picture between its index and what is read in it.
fn captioned(index: usize, picture: Vec<String>, probabilities: &[f32], label: u8) -> Tile {
    let class = most_probable(probabilities);
    let wrong = if class == usize::from(label) { "" } else { ", wrong" };
    let mut lines = vec![format!("image {index}")];
    lines.extend(picture);
    lines.push(format!("{class} ({:.2} %)", 100.0 * probabilities[class]));
    lines.push(format!("label {label}{wrong}"));
    Tile::new(lines)
}

/// A bar for each class or, of many, for the most probable ones.
fn bars(probabilities: &[f32], label: usize) -> Vec<Bar> {
    let reading = most_probable(probabilities);
    let mut classes: Vec<usize> = (0..probabilities.len()).collect();
    if classes.len() > MOST_BARS {
        classes.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
        classes.truncate(MOST_PROBABLE);
    }
    let bar = |class| Bar {
        class,
        probability: probabilities[class],
        verdict: match class {
            _ if class == label => Some(Verdict::Right),
            _ if class == reading => Some(Verdict::Wrong),
            _ => None,
        },
    };
    classes.into_iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_classes_the_most_probable_have_bars() {
        let few: Vec<f32> = (0..MOST_BARS).map(|class| class as f32 / 120.0).collect();
        let drawn = bars(&few, 3);
        assert!(drawn.iter().enumerate().all(|(class, bar)| bar.class == class), "{drawn:?}");
        assert_eq!((drawn.len(), drawn[2].probability), (MOST_BARS, few[2]));
        assert_eq!(drawn[3].verdict, Some(Verdict::Right));
        assert_eq!((drawn[4].verdict, drawn[MOST_BARS - 1].verdict), (None, Some(Verdict::Wrong)));

        let many: Vec<f32> = (0..=MOST_BARS).map(|class| class as f32 / 136.0).collect();
        let drawn = bars(&many, MOST_BARS);
        let classes: Vec<usize> = drawn.iter().map(|bar| bar.class).collect();
        assert_eq!(classes, [16, 15, 14, 13, 12, 11, 10, 9, 8, 7]);
        assert_eq!((drawn[0].verdict, drawn[1].verdict), (Some(Verdict::Right), None));
    }
}
