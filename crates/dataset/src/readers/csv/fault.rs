//! The ways in which a file is not the table of pixels that it should be.

use thiserror::Error;

use crate::TextFault;

/// Why a file is not the table of pixels that it should be.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CsvFault {
    /// It cannot be read in lines.
    #[error(transparent)]
    Text(#[from] TextFault),

    /// There is no memory for its rows.
    #[error("there is no memory for its rows; free some, or take fewer rows")]
    Memory,

    /// It has no row.
    #[error("there is no row in it; a row is a line as in '7,0,255,12,0', a label and pixels")]
    Empty,

    /// It is no text.
    #[error("line {line}: it is no text in UTF-8, and a table of pixels is")]
    Binary {
        /// The line, from 1.
        line: usize,
    },

    /// It has one column only.
    #[error(
        "line {line} has no comma, semicolon or tab, where a row is a label and pixels, as in '7,0,255,12,0'"
    )]
    OneColumn {
        /// The line, from 1.
        line: usize,
    },

    /// The column of labels that was asked for is not there.
    #[error("it has no column '{asked}' for the labels; {}", columns(*.count, named))]
    NoColumn {
        /// Its name or number.
        asked: String,
        /// Number of columns.
        count: usize,
        /// The names of the first of them, if there is a header.
        named: Vec<String>,
    },

    /// Several columns have the name that was asked for.
    #[error("its header has several columns '{asked}'; give the number of one, from 1")]
    SeveralColumns {
        /// The name.
        asked: String,
    },

    /// A line has another number of columns than the first one.
    #[error(
        "line {line} has {found} columns, but the first line has {expected}; correct it, or leave it out"
    )]
    Ragged {
        /// The line, from 1.
        line: usize,
        /// Its columns.
        found: usize,
        /// Those of the first line.
        expected: usize,
    },

    /// A row has no label.
    #[error("line {line}, column {column}: the label is missing; write it, or leave the row out")]
    NoLabel {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },

    /// A field is no pixel.
    #[error("line {line}, column {column}: {fault}")]
    Cell {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// Its fault.
        fault: CellFault,
    },

    /// Its labels are too many to be classes.
    #[error(
        "line {line}: its label is the {}th different one, and pictures have {most} classes at most; is another column the \
         label (--label-column)?",
        most + 1
    )]
    Classes {
        /// The line, from 1.
        line: usize,
        /// As many classes are possible.
        most: usize,
    },
}

impl CsvFault {
    /// The same fault with so many more lines before it.
    pub(super) fn behind(mut self, lines: usize) -> Self {
        match &mut self {
            Self::Binary { line }
            | Self::OneColumn { line }
            | Self::Ragged { line, .. }
            | Self::NoLabel { line, .. }
            | Self::Cell { line, .. }
            | Self::Classes { line, .. } => *line += lines,
            Self::Text(_)
            | Self::Memory
            | Self::Empty
            | Self::NoColumn { .. }
            | Self::SeveralColumns { .. } => {}
        }
        self
    }
}

/// Why a field is no pixel. Words of it are cut off where they are long.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CellFault {
    /// There is nothing in it.
    #[error("it is empty; write 0 for the background, or leave the row out")]
    Empty,

    /// It is no number.
    #[error(
        "'{0}' is no number; pixels are whole numbers from 0 to 255 (--label-column names the column of labels)"
    )]
    Word(String),

    /// It is NaN or infinite.
    #[error("'{0}' is no finite number; pixels are whole numbers from 0 to 255")]
    NotFinite(String),

    /// It is below 0 or above 255.
    #[error(
        "{0} is no pixel: these are whole numbers from 0 to 255; scale them, or write measured numbers as svmlight text"
    )]
    Range(String),

    /// It has a fraction.
    #[error(
        "{0} is no whole number, and pixels are, from 0 to 255; multiply them where they go from 0 to 1, or write measured \
         numbers as svmlight text"
    )]
    Fraction(String),
}

/// "its 3 columns are a, b, c", "it has 785 columns and no header".
fn columns(count: usize, named: &[String]) -> String {
    match named {
        [] => format!("it has {count} columns and no header: give a number from 1 to {count}"),
        _ if named.len() < count => {
            format!("its {count} columns are {} and so on", named.join(", "))
        }
        _ => format!("its columns are {}", named.join(", ")),
    }
}
