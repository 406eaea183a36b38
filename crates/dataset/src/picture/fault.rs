//! The ways in which a file is not the picture it should be.

use std::io;

use image::ImageError;
use image::error::UnsupportedErrorKind;
use thiserror::Error;

use crate::Kind;

/// Why a file is not the picture it should be. Displayed, it is a clause about the file.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PictureFault {
    /// The operating system does not hand it over.
    #[error("cannot be read: {0}")]
    Io(io::Error),

    /// It is something else than a file.
    #[error("it is {0}, not a file; name a picture")]
    NoFile(Kind),

    /// There is nothing in it.
    #[error("it is empty; name a picture")]
    Empty,

    /// It begins like no picture that this program knows.
    #[error("it is no PNG, JPEG, WebP or PGM; convert it to one of these")]
    Format,

    /// It ends early, or its bytes make no picture.
    #[error("it is damaged or of an unusual kind ({0}); save it anew, as PNG say")]
    Damaged(String),

    /// Its header announces more pixels than its bytes can hold.
    #[error(
        "its header announces {rows} × {columns} pixels, which it is too short for; fetch it again"
    )]
    Truncated {
        /// Rows of pixels.
        rows: u32,
        /// Columns of pixels.
        columns: u32,
    },

    /// It has more pixels than this program takes, or needs more memory.
    #[error(
        "it has {rows} × {columns} pixels, and the most that is read is 134 million; make it smaller"
    )]
    TooLarge {
        /// Rows of pixels.
        rows: u32,
        /// Columns of pixels.
        columns: u32,
    },

    /// Its parts need more memory than this program gives a picture.
    #[error("it needs more than a gigabyte to be read; make it smaller")]
    Memory,
}

impl From<ImageError> for PictureFault {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::Memory,
            ImageError::Unsupported(error)
                if matches!(error.kind(), UnsupportedErrorKind::Format(_)) =>
            {
                Self::Format
            }
            error => Self::Damaged(one_line(&error.to_string())),
        }
    }
}

/// The first line of a message.
fn one_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().trim_end_matches('.').to_owned()
}
