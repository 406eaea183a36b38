//! The ways in which a file is not the svmlight text it should be.

use std::io;

use thiserror::Error;

use crate::{Kind, pieces::TextFault};

/// Why a file is not the svmlight text it should be.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SvmlightFault {
    /// The operating system does not hand it over.
    #[error("cannot be read: {0}")]
    Io(io::Error),

    /// It is something else than a file.
    #[error("it is {0}, not a file; put a file in its place")]
    NoFile(Kind),

    /// The gzip data is cut off, or its checksum is not that of what it unpacks to.
    #[error("its gzip data is damaged ({0}); fetch the file again")]
    Gzip(io::Error),

    /// It has no row.
    #[error("there is no row in it; a row is a line as in '1 3:0.5 17:1', label first")]
    Empty,

    /// It does not begin like a text.
    #[error(
        "it is no text, and so no svmlight file, where rows are lines as in '1 3:0.5 17:1'; for pictures, name their folder, \
         an .npz or a .csv"
    )]
    Binary,

    /// A line goes on and on.
    #[error(
        "after {length} bytes it has a line that is not over, so it is no svmlight text; rows are lines as in '1 3:0.5 17:1'"
    )]
    LongLine {
        /// Bytes of the line that were read.
        length: usize,
    },

    /// A line is no row.
    #[error("line {line}: {fault}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// Its fault.
        fault: LineFault,
    },

    /// Its labels are too many to be classes.
    #[error(
        "line {line}: its label is the {}th different one, and {most} classes are possible; the labels look like measured \
         numbers, as for regression, where classes are needed",
        most + 1
    )]
    Classes {
        /// The line, from 1.
        line: usize,
        /// As many classes are possible.
        most: usize,
    },

    /// There is no memory for its rows.
    #[error("there is no memory for its rows; free some, or take fewer rows")]
    Memory,
}

impl From<TextFault> for SvmlightFault {
    fn from(fault: TextFault) -> Self {
        match fault {
            TextFault::Io(error) => Self::Io(error),
            TextFault::NoFile(kind) => Self::NoFile(kind),
            TextFault::Gzip(error) => Self::Gzip(error),
            TextFault::LongLine { length } => Self::LongLine { length },
            TextFault::Memory => Self::Memory,
        }
    }
}

/// Why a line is no row. Words of the line are cut off where they are long.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LineFault {
    /// It begins with a feature.
    #[error(
        "it begins with '{word}', where its label should be; write the label first, as in '1 3:0.5'"
    )]
    NoLabel {
        /// Its first word.
        word: String,
    },

    /// It has several labels.
    #[error(
        "it has several labels, '{word}', and only one class a row is supported; keep one of them"
    )]
    SeveralLabels {
        /// Its first word.
        word: String,
    },

    /// A word behind the label has no colon.
    #[error("'{word}' has no colon; write INDEX:VALUE")]
    NoColon {
        /// The word.
        word: String,
    },

    /// An index is no whole number.
    #[error("'{word}' has an index that is no whole number; write INDEX:VALUE")]
    Index {
        /// The word.
        word: String,
    },

    /// An index is too large.
    #[error("'{word}' has an index above {}, the greatest that is possible; renumber the features", u32::MAX - 1)]
    LargeIndex {
        /// The word.
        word: String,
    },

    /// A value is no number.
    #[error(
        "'{word}' has a value that is no number; write INDEX:VALUE, with a point for the decimals"
    )]
    Value {
        /// The word.
        word: String,
    },

    /// A value is infinite, or NaN, or beyond the numbers of 32 bits.
    #[error(
        "'{word}' has a value that is no finite number of 32 bits; leave it out, or scale the column"
    )]
    NotFinite {
        /// The word.
        word: String,
    },

    /// A label has bytes that are no text.
    #[error("its label is no text in UTF-8; is this an svmlight file?")]
    Binary,
}
