//! Tables of pixels: text with a picture a line, plain or gzipped, one column the label and the others the pixels.
//!
//! ```text
//! label,pixel0,pixel1,pixel2,pixel3
//! 7,0,255,12,0
//! ```
//!
//! Pixels are whole numbers from 0 to 255. If their number is a square, the picture has as many rows as columns; if not, it has
//! one row. Labels are numbers or names. Columns are separated by commas, semicolons or tabs, whichever the first line has
//! most of, and a field may stand in quotes.
//!
//! The first line is a header if no pixel in it is a number, or if it counts the columns beyond 255, as pandas does it. The
//! label is in the column that was asked for, or else in the one that the header calls `label` or `class`, or else in the first.

use std::path::Path;

use rayon::prelude::*;

use super::Reader;
use crate::{
    DatasetError, Images, Progress, Unit, Watch,
    labelled::{LabelList, Labelled, MOST_PICTURE_CLASSES, Places, sides},
    labels::{Label, Labels},
    pieces::Pieces,
};

mod fault;
mod layout;
mod rows;

pub use fault::{CellFault, CsvFault};
use layout::Layout;
use rows::Parsed;

/// A table of pixels whose labels are in the column of this name or number (from 1).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Csv<'a> {
    pub(crate) label_column: Option<&'a str>,
}

impl Reader for Csv<'_> {
    fn read(
        &self,
        path: &Path,
        watch: Watch<'_>,
    ) -> Result<(Labelled, Option<Labelled>), DatasetError> {
        Ok((self.read_test(path, watch)?, None))
    }

    fn read_test(&self, path: &Path, watch: Watch<'_>) -> Result<Labelled, DatasetError> {
        let table = Table::read(path, self.label_column, watch);
        let table = table.map_err(|fault| DatasetError::Csv { path: path.to_owned(), fault })?;
        let Table { pixels, numbers, seen, columns } = table;
        let (rows, columns) = sides(columns);
        Ok(Labelled {
            images: Images::new(pixels, rows, columns).expect("whole rows"),
            labels: LabelList::Names { numbers, seen, places: Places::Lines },
            images_path: path.to_owned(),
            labels_path: path.to_owned(),
        })
    }
}

/// The rows of a file.
#[derive(Debug, Default)]
struct Table {
    pixels: Vec<u8>,
    /// For each row, the number of its label in `seen`.
    numbers: Vec<u8>,
    seen: Labels,
    /// Pixels of a row.
    columns: usize,
}

impl Table {
    /// Reads a file, in rayon's current pool: while a batch of pieces is parsed, the next is read.
    fn read(path: &Path, label_column: Option<&str>, watch: Watch<'_>) -> Result<Self, CsvFault> {
        let mut pieces = Pieces::open(path)?;
        let of = pieces.length();
        let mut batch = pieces.batch()?;
        let first = batch.first().ok_or(CsvFault::Empty)?;
        let layout = Layout::of(first, label_column)?;
        let mut table = Self { columns: layout.columns - 1, ..Self::default() };
        let (mut lines, mut is_first) = (0, true);
        while !batch.is_empty() {
            let parse = |(i, piece): (usize, &Vec<u8>)| {
                rows::parse(piece, &layout, is_first && i == 0 && layout.has_header)
            };
            let parse = || batch.par_iter().enumerate().map(parse).collect::<Vec<_>>();
            let (parsed, next) = rayon::join(parse, || pieces.batch());
            for piece in parsed {
                let piece = piece.map_err(|fault| fault.behind(lines))?;
                let within = piece.lines;
                table.append(piece, lines)?;
                lines += within;
            }
            // The parsed lines lie before what the reader met.
            batch = next?;
            is_first = false;
            watch(Progress { path, done: pieces.position(), of, unit: Unit::Bytes });
        }
        if table.numbers.is_empty() {
            return Err(CsvFault::Empty);
        }
        Ok(table)
    }

    /// Adds the rows of the next piece, before which there are `lines`.
    fn append(&mut self, piece: Parsed, lines: usize) -> Result<(), CsvFault> {
        let mut number_of = Vec::with_capacity(piece.labels.len());
        for (label, line) in piece.labels {
            let (line, most) = (lines + line, MOST_PICTURE_CLASSES);
            let number = self.seen.number(Label::of(&label), line, most);
            let number = number.ok_or(CsvFault::Classes { line, most })?;
            number_of.push(u8::try_from(number).expect("fewer than 256"));
        }
        let memory = |_| CsvFault::Memory;
        self.pixels.try_reserve(piece.pixels.len()).map_err(memory)?;
        self.numbers.try_reserve(piece.numbers.len()).map_err(memory)?;
        self.pixels.extend(piece.pixels);
        self.numbers.extend(piece.numbers.into_iter().map(|number| number_of[number as usize]));
        Ok(())
    }
}
