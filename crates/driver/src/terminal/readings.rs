//! Images drawn on the terminal, each with the class that a network reads in it and the probability of that class.
//!
//! [`captioned`] writes below a picture what is read.

use std::io::Write;

use dataset::{Examples, Set};
use model::Network;
use record::{Names, most_probable};

use crate::data::reading::probabilities;
use crate::error::Error;
use crate::terminal::class_bars::bars;
use crate::terminal::draw::{self, GAP, NARROWEST, Picture, Tile};

/// So many of them side by side, if that leaves each [`LEAST_WIDTH`] columns.
const IN_A_ROW: usize = 5;
/// Narrower digits are hard to recognize.
const LEAST_WIDTH: usize = 14;

/// Draws the examples at `indices`, small, each with what the network reads, how sure it is, and what is right.
pub(crate) fn show(
    out: &mut dyn Write,
    network: &Network,
    examples: &Examples,
    names: &Names,
    indices: &[usize],
) -> Result<(), Error> {
    let probabilities = probabilities(network, Set::Images(examples), indices)?;
    let (width, colours) = (draw::terminal_width(), draw::colours());
    let picture = |&index: &usize| Picture::new(examples.image(index), examples.image_columns());
    let mut pictures: Vec<Picture> = indices.iter().map(picture).collect();
    Picture::crop(&mut pictures);
    let least = LEAST_WIDTH.min(width);
    let room = ((width + GAP) / IN_A_ROW).saturating_sub(GAP).max(least);
    let tiles: Vec<Tile> = indices
        .iter()
        .zip(pictures)
        .zip(probabilities.chunks(network.classes()))
        .map(|((&index, picture), probabilities)| {
            let lines = picture.shrunk(room).lines(colours);
            captioned(index, lines, probabilities, examples.label(index).into(), names)
        })
        .collect();
    draw::side_by_side(out, &tiles, width)?;
    Ok(())
}

/// Draws the examples at `indices`, each with the probabilities of the classes beside it or, where there is no room,
/// below.
pub(crate) fn show_with_bars(
    out: &mut dyn Write,
    network: &Network,
    examples: &Examples,
    names: &Names,
    indices: &[usize],
) -> Result<(), Error> {
    let probabilities = probabilities(network, Set::Images(examples), indices)?;
    let (width, colours) = (draw::terminal_width(), draw::colours());
    let tiles: Vec<Tile> = indices
        .iter()
        .zip(probabilities.chunks(network.classes()))
        .map(|(&index, probabilities)| {
            let label = usize::from(examples.label(index));
            let picture = Picture::new(examples.image(index), examples.image_columns());
            let lines = picture.shrunk(width).lines(colours);
            // Level with the middle of the picture, which has a line above it.
            let bars = bars(probabilities, label, names);
            let above = 1 + lines.len().saturating_sub(bars.len()) / 2;
            let picture = captioned(index, lines, probabilities, label, names);
            match width.saturating_sub(picture.width() + GAP) {
                ..NARROWEST => picture.above(Tile::new(draw::bars(&bars, width, colours))),
                room => {
                    let mut lines = vec![String::new(); above];
                    lines.extend(draw::bars(&bars, room, colours));
                    picture.beside(&Tile::new(lines))
                }
            }
        })
        .collect();
    draw::side_by_side(out, &tiles, width)?;
    Ok(())
}

/// A picture between its index and what is read in it.
fn captioned(
    index: usize,
    picture: Vec<String>,
    probabilities: &[f32],
    label: usize,
    names: &Names,
) -> Tile {
    let class = most_probable(probabilities);
    let wrong = if class == label { "" } else { ", wrong" };
    let mut lines = vec![format!("image {index}")];
    lines.extend(picture);
    lines.push(format!("{} ({:.2} %)", names.classes[class], 100.0 * probabilities[class]));
    lines.push(format!("label {}{wrong}", names.classes[label]));
    Tile::new(lines)
}
