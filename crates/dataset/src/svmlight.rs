//! The text format of svmlight and LIBSVM, plain or gzipped: a line a row, first its label, then the numbers that are not
//! zero, as `INDEX:VALUE`.
//!
//! ```text
//! +1 3:0.5 17:1 40:0.25  # a comment
//! -1 qid:4 2:1e-3
//! ```
//!
//! Between words are blanks. Behind `#` is a comment; empty lines and `qid:` are passed over. Indices of a row may come in
//! any order, and numbers of the same index are summed. A label is a number, however it is written (`1`, `+1` and `1.0` are one),
//! or a name; if all labels are numbers the classes are in their order, and else in that of the letters.
//!
//! A file is read in pieces of whole lines. While one batch of pieces is parsed, by all threads, the next one is read and
//! unpacked: besides the rows there are never more than a few megabytes in memory. Nothing is believed before it is there.

use std::path::Path;

use rayon::prelude::*;

use crate::{
    DatasetError, Progress, Unit, Watch,
    labels::{Label, Labels, MOST_CLASSES},
    pieces::Pieces,
};

mod fault;
mod line;
mod number;
mod write;

pub use fault::{LineFault, SvmlightFault};
use line::Parsed;
pub use write::write;

/// The rows of a file as they stand there.
#[derive(Debug, Default)]
pub(crate) struct Raw {
    /// Where each row starts, and the end.
    pub(crate) starts: Vec<usize>,
    /// The indices as they are written, from 0 or from 1.
    pub(crate) indices: Vec<u32>,
    pub(crate) values: Vec<f32>,
    /// For each row its place in `seen`.
    pub(crate) labels: Vec<u32>,
    /// The different labels, in the order of their first lines.
    pub(crate) seen: Labels,
    /// Whether there is an index 0.
    pub(crate) has_zero: bool,
    /// The greatest index and the line it is on.
    pub(crate) largest: Option<(u32, usize)>,
    /// SHA-256 of the plain file.
    pub(crate) sha256: String,
}

impl Raw {
    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.labels.len()
    }

    /// Adds the rows of the next piece, before which there are `lines`.
    fn append(&mut self, piece: Parsed<'_>, lines: usize) -> Result<(), SvmlightFault> {
        let rows = piece.rows.len();
        let memory = |_| SvmlightFault::Memory;
        self.starts.try_reserve(rows).map_err(memory)?;
        self.labels.try_reserve(rows).map_err(memory)?;
        self.indices.try_reserve(piece.indices.len()).map_err(memory)?;
        self.values.try_reserve(piece.values.len()).map_err(memory)?;
        let mut places = Vec::with_capacity(piece.spellings.len());
        for &(spelling, line) in &piece.spellings {
            let (line, most) = (lines + line, MOST_CLASSES);
            let number = self.seen.number(Label::of(spelling), line, most);
            places.push(number.ok_or(SvmlightFault::Classes { line, most })?);
        }
        let mut start = self.indices.len();
        for (length, label) in piece.rows {
            start += length as usize;
            self.starts.push(start);
            self.labels.push(places[label as usize]);
        }
        self.indices.extend(piece.indices);
        self.values.extend(piece.values);
        self.has_zero |= piece.has_zero;
        if let Some((index, line)) = piece.largest
            && self.largest.is_none_or(|(largest, _)| largest < index)
        {
            self.largest = Some((index, lines + line));
        }
        Ok(())
    }
}

/// Reads a file, in rayon's current pool.
pub(crate) fn read(path: &Path, watch: Watch<'_>) -> Result<Raw, DatasetError> {
    unpack(path, watch).map_err(|fault| DatasetError::Svmlight { path: path.to_owned(), fault })
}

fn unpack(path: &Path, watch: Watch<'_>) -> Result<Raw, SvmlightFault> {
    let pieces = Pieces::open(path)?;
    let of = pieces.length();
    parse_all(pieces, |done| watch(Progress { path, done, of, unit: Unit::Bytes }))
}

/// Parses a batch of pieces while the next is read.
fn parse_all(mut pieces: Pieces, mut watch: impl FnMut(u64)) -> Result<Raw, SvmlightFault> {
    let mut raw = Raw { starts: vec![0], ..Raw::default() };
    let mut lines = 0;
    let mut batch = pieces.batch()?;
    while !batch.is_empty() {
        let parse = || -> Vec<_> { batch.par_iter().map(|piece| line::parse(piece)).collect() };
        let (parsed, next) = rayon::join(parse, || pieces.batch());
        for piece in parsed {
            let piece = piece.map_err(|(line, fault)| match fault {
                LineFault::Binary if lines + line == 1 => SvmlightFault::Binary,
                fault => SvmlightFault::Line { line: lines + line, fault },
            })?;
            let within = piece.lines;
            raw.append(piece, lines)?;
            lines += within;
        }
        // The parsed lines lie before what the reader met.
        batch = next?;
        watch(pieces.position());
    }
    if raw.len() == 0 {
        return Err(SvmlightFault::Empty);
    }
    raw.sha256 = pieces.sha256();
    Ok(raw)
}
