//! Images drawn on the terminal, each with the class that a network reads in it and the probability of that class.

use std::io::Write;

use console::truncate_str;
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
/// The widest name of an image.
const WIDEST_NAME: usize = 28;

/// How much room an image gets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Room {
    /// Several stand side by side.
    Little,
    /// It has the probabilities of the classes beside it or, where there is no room, below.
    WithBars,
}

/// An image and the probabilities that a network gives to the classes.
#[derive(Clone, Debug)]
pub(crate) struct Reading<'a> {
    /// The name that stands above it.
    pub(crate) name: String,
    /// Its pixels, row by row.
    pub(crate) pixels: &'a [u8],
    /// Pixels in a row.
    pub(crate) columns: usize,
    /// Of each class.
    pub(crate) probabilities: &'a [f32],
    /// Its class, where that is known.
    pub(crate) label: Option<usize>,
}

/// Draws the examples at `indices`, each with what the network reads, how sure it is, and what is right.
pub(crate) fn show(
    out: &mut dyn Write,
    network: &Network,
    examples: &Examples,
    names: &Names,
    indices: &[usize],
    room: Room,
) -> Result<(), Error> {
    let probabilities = probabilities(network, Set::Images(examples), indices)?;
    let reading = |(&index, probabilities)| Reading {
        name: format!("image {index}"),
        pixels: examples.image(index),
        columns: examples.image_columns(),
        probabilities,
        label: Some(examples.label(index).into()),
    };
    let of_each = probabilities.chunks(network.classes());
    let readings: Vec<Reading> = indices.iter().zip(of_each).map(reading).collect();
    draw_readings(out, &readings, names, room)
}

/// Draws images, which are of one size, each with what is read in it.
pub(crate) fn draw_readings(
    out: &mut dyn Write,
    readings: &[Reading<'_>],
    names: &Names,
    room: Room,
) -> Result<(), Error> {
    let (width, colours) = (draw::terminal_width(), draw::colours());
    let picture = |reading: &Reading| Picture::new(reading.pixels, reading.columns);
    let mut pictures: Vec<Picture> = readings.iter().map(picture).collect();
    let widest = match room {
        Room::WithBars => width,
        Room::Little => {
            Picture::crop(&mut pictures);
            let least = LEAST_WIDTH.min(width);
            ((width + GAP) / IN_A_ROW).saturating_sub(GAP).max(least)
        }
    };
    let tile = |(reading, picture): (&Reading, Picture)| {
        let lines = picture.shrunk(widest).lines(colours);
        match room {
            Room::Little => reading.captioned(lines, names),
            Room::WithBars => reading.with_bars(lines, names, width, colours),
        }
    };
    let tiles: Vec<Tile> = readings.iter().zip(pictures).map(tile).collect();
    draw::side_by_side(out, &tiles, width)?;
    Ok(())
}

impl Reading<'_> {
    /// The picture between its name and what is read in it.
    fn captioned(&self, picture: Vec<String>, names: &Names) -> Tile {
        let class = most_probable(self.probabilities);
        let mut lines = vec![truncate_str(&self.name, WIDEST_NAME, "…").into_owned()];
        lines.extend(picture);
        let percent = 100.0 * self.probabilities[class];
        lines.push(format!("{} ({percent:.2} %)", names.classes[class]));
        if let Some(label) = self.label {
            let wrong = if class == label { "" } else { ", wrong" };
            lines.push(format!("label {}{wrong}", names.classes[label]));
        }
        Tile::new(lines)
    }

    /// As [`captioned`](Self::captioned), with a bar for each class, within `width` columns.
    fn with_bars(&self, picture: Vec<String>, names: &Names, width: usize, colours: bool) -> Tile {
        // Level with the middle of the picture, which has a line above it.
        let bars = bars(self.probabilities, self.label, names);
        let above = 1 + picture.len().saturating_sub(bars.len()) / 2;
        let picture = self.captioned(picture, names);
        match width.saturating_sub(picture.width() + GAP) {
            ..NARROWEST => picture.above(Tile::new(draw::bars(&bars, width, colours))),
            room => {
                let mut lines = vec![String::new(); above];
                lines.extend(draw::bars(&bars, room, colours));
                picture.beside(&Tile::new(lines))
            }
        }
    }
}
