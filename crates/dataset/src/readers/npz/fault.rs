//! The ways in which a file is not the archive of arrays that it should be.

use std::io;

use thiserror::Error;
use zip::result::ZipError;

use crate::Kind;

/// Why a file is not the archive of pictures and labels that it should be.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NpzFault {
    /// The operating system does not hand it over.
    #[error("cannot be read: {0}")]
    Io(io::Error),

    /// It is something else than a file.
    #[error("it is {0}, not a file; put a file in its place")]
    NoFile(Kind),

    /// It is no archive, or it is cut off, or it is of a kind that is not read.
    #[error("it is no zip archive of arrays, or a damaged one ({0}); fetch the file again")]
    Archive(String),

    /// It lacks arrays.
    #[error(
        "it lacks {}, and has {}; name the arrays x_train, y_train, x_test and y_test, as Keras does", missing.join(" and "),
        listed(held)
    )]
    Missing {
        /// Their names.
        missing: Vec<&'static str>,
        /// The arrays that it has.
        held: Vec<String>,
    },

    /// One of its arrays is not what it should be.
    #[error("{name}: {fault}")]
    Array {
        /// The array.
        name: String,
        /// Its fault.
        fault: ArrayFault,
    },
}

impl From<ZipError> for NpzFault {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => Self::Io(error),
            error => Self::Archive(error.to_string()),
        }
    }
}

/// Why an array has no pictures, or no labels.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ArrayFault {
    /// It cannot be unpacked.
    #[error("its data is damaged ({0}); fetch the file again")]
    Damaged(io::Error),

    /// It does not begin like an array of NumPy.
    #[error("it is no array of NumPy; write the file with numpy.savez")]
    NoArray,

    /// Its header is not one of NumPy's.
    #[error("its header is damaged; write the file with numpy.savez")]
    Header,

    /// Its elements have fields.
    #[error("its elements have several fields; give it elements of uint8")]
    Structured,

    /// Its elements are no numbers.
    #[error("its elements are of type '{dtype}', which are no numbers; give it elements of uint8")]
    Type {
        /// Their type, as NumPy writes it.
        dtype: String,
    },

    /// One of its axes is empty.
    #[error("its shape is {shape:?}, so there is nothing in it; take another file")]
    Nothing {
        /// Its shape.
        shape: Vec<usize>,
    },

    /// It ends before the last of the elements that its header announces.
    #[error(
        "its shape {shape:?} announces {announced} bytes, but at most {held} follow; fetch the file again"
    )]
    Truncated {
        /// Its shape.
        shape: Vec<usize>,
        /// Bytes of so many elements.
        announced: u128,
        /// No more bytes than these can be behind the header.
        held: u64,
    },

    /// It goes on after the last of its elements.
    #[error(
        "it goes on after the {announced} bytes that its shape {shape:?} announces; fetch the file again"
    )]
    TrailingBytes {
        /// Its shape.
        shape: Vec<usize>,
        /// Bytes of so many elements.
        announced: u128,
    },

    /// There is no memory for its elements.
    #[error("there is no memory for its {announced} bytes of data")]
    Memory {
        /// Bytes of its elements.
        announced: u128,
    },

    /// Pictures whose pixels are no bytes.
    #[error(
        "its elements are of type '{dtype}', and pixels are uint8, from 0 to 255; convert them, as in \
         (255 * x).astype('uint8') where they go from 0 to 1"
    )]
    Pixels {
        /// Their type, as NumPy writes it.
        dtype: String,
    },

    /// Pictures with several numbers a pixel.
    #[error(
        "its shape is {shape:?}, as colour pictures have it, and colour pictures are not supported; convert them to grey \
         ones, N×rows×columns"
    )]
    Colour {
        /// Its shape.
        shape: Vec<usize>,
    },

    /// An array of no pictures.
    #[error(
        "its shape is {shape:?}, and pictures have N×rows×columns or N×rows×columns×1; reshape it"
    )]
    PictureShape {
        /// Its shape.
        shape: Vec<usize>,
    },

    /// Labels that are no integers.
    #[error(
        "its elements are of type '{dtype}', and labels are integers; convert them with astype('uint8')"
    )]
    Labels {
        /// Their type, as NumPy writes it.
        dtype: String,
    },

    /// Labels that are not one for each picture.
    #[error(
        "its shape is {shape:?}, and labels have N or N×1: a whole number for each picture; of one-hot rows, take argmax(1)"
    )]
    LabelShape {
        /// Its shape.
        shape: Vec<usize>,
    },

    /// A label that is no class.
    #[error(
        "label {label} at index {index} is not from 0 to 255, as indices of classes are; correct or renumber it"
    )]
    Label {
        /// Its place, from 0.
        index: usize,
        /// The label.
        label: i128,
    },
}

/// As many names are listed.
const LISTED: usize = 8;

fn listed(names: &[String]) -> String {
    match names.len() {
        0 => "no array".to_owned(),
        1..=LISTED => names.join(", "),
        _ => format!("{} and others", names[..LISTED].join(", ")),
    }
}
