//! The ways in which a folder is not the folder of classes that it should be.

use std::{io, path::PathBuf};

use thiserror::Error;

use crate::Kind;
#[cfg(feature = "pictures")]
use crate::PictureFault;

/// Why a folder, or something in it, is not what a folder of classes has.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FolderFault {
    /// The operating system does not hand it over.
    #[error("cannot be read: {0}")]
    Io(io::Error),

    /// It is no picture.
    #[cfg(feature = "pictures")]
    #[error(transparent)]
    Picture(PictureFault),

    /// Pictures cannot be decoded.
    #[cfg(not(feature = "pictures"))]
    #[error("this program was built without the feature `pictures`, which reads it")]
    NoDecoder,

    /// It is neither a file nor a folder.
    #[error("it is {0}, not a file; remove it, or put a picture in its place")]
    NoFile(Kind),

    /// A picture beside the folders of classes.
    #[error("it is a picture of no class; put it into the folder of its class")]
    NoClass,

    /// A folder of a class without pictures.
    #[error(
        "it is the folder of a class, and there is no picture in it; put some there, or remove it"
    )]
    Empty,

    /// A folder without pictures in any class.
    #[error(
        "there is no folder of pictures in it; put the pictures of each class into a folder with its name"
    )]
    NoPictures,

    /// A folder within that of a class.
    #[error(
        "it is a folder within that of a class; the pictures of a class lie in one folder, at train/NAME or at NAME"
    )]
    InnerFolder,

    /// A folder of pictures to be tested on, and none of pictures to train on.
    #[error("it has a folder of pictures to test on, and none to train on; name that train")]
    NoTraining,

    /// A folder whose name is no text.
    #[error("its name is no text in UTF-8, and it is the name of a class; rename it")]
    Name,

    /// Too many folders.
    #[error(
        "it is one of {classes} folders of classes, and pictures have {most} classes at most; put some together"
    )]
    Classes {
        /// As many folders are there.
        classes: usize,
        /// As many are possible.
        most: usize,
    },

    /// A picture of another size than the first.
    #[error(
        "it has {}×{} pixels, but {} has {}×{}; scale all pictures to one size",
        found.0, found.1, first.display(), size.0, size.1
    )]
    Size {
        /// Rows and columns of the picture.
        found: (usize, usize),
        /// The first picture.
        first: PathBuf,
        /// Its rows and columns.
        size: (usize, usize),
    },

    /// There is no memory for the pictures.
    #[error(
        "there is no memory for {count} pictures of {rows}×{columns} pixels; scale them down, or take fewer"
    )]
    Memory {
        /// Number of pictures.
        count: usize,
        /// Rows of each.
        rows: usize,
        /// Columns of each.
        columns: usize,
    },
}
