//! The ways in which a file is not the IDX file it should be.

use std::io;

use thiserror::Error;

use crate::Kind;

/// Why a file is not the IDX file it should be.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IdxFault {
    /// The operating system does not hand it over.
    #[error("cannot be read: {0}")]
    Io(io::Error),

    /// It is something else than a file.
    #[error("it is {0}, not a file; put a file in its place")]
    NoFile(Kind),

    /// The gzip data is cut off, or its checksum is not that of what it unpacks to, or it is no gzip data.
    #[error("its gzip data is damaged ({0}); fetch the file again")]
    Gzip(io::Error),

    /// It ends before its header does.
    #[error("it ends after {length} bytes, within its header; fetch the file again")]
    Header {
        /// Its length in bytes, unpacked.
        length: usize,
    },

    /// It does not begin with two zero bytes.
    #[error(
        "it begins with the bytes {:02x} {:02x}, so it is no IDX file (a web page saved in its place?); fetch the file again",
        .0[0], .0[1]
    )]
    Magic([u8; 2]),

    /// Its elements are not unsigned bytes.
    #[error(
        "its elements have type 0x{0:02x}, but only unsigned bytes (0x08) are supported; convert them, or take another file"
    )]
    ElementType(u8),

    /// It has the wrong number of dimensions.
    #[error(
        "it has {found} dimension(s), where images have 3 and labels have 1, and {expected} were expected; \
         does it have another file's name?"
    )]
    Dimensions {
        /// Its number of dimensions.
        found: u8,
        /// 3 for images, 1 for labels.
        expected: u8,
    },

    /// Its images have an array of numbers for each pixel.
    #[error(
        "its dimensions are {dimensions:?}, as colour pictures have them, and colour pictures are not supported; \
         convert them to grey ones, with 3 dimensions: images, rows, columns"
    )]
    Colour {
        /// Its dimensions, the slowest first.
        dimensions: Vec<u32>,
    },

    /// One of its dimensions is zero.
    #[error("its dimensions are {dimensions:?}, so there is nothing in it; take another file")]
    Empty {
        /// Its dimensions, the slowest first.
        dimensions: Vec<u32>,
    },

    /// It ends before the last of the elements that its header announces.
    #[error(
        "its header announces {announced} bytes of data, but at most {held} follow; fetch the file again"
    )]
    Truncated {
        /// The product of its dimensions.
        announced: u128,
        /// No more bytes than these can be behind the header.
        held: u64,
    },

    /// It goes on after the last of the elements that its header announces.
    #[error(
        "it goes on after the {announced} bytes of data that its header announces; fetch the file again"
    )]
    TrailingBytes {
        /// The product of its dimensions.
        announced: usize,
    },

    /// There is no memory for its elements.
    #[error("there is no memory for its {announced} bytes of data")]
    Memory {
        /// The product of its dimensions.
        announced: u128,
    },
}
