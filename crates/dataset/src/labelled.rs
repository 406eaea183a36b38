//! Pictures as a reader finds them, before it is known which class each label is.

use std::path::PathBuf;

use crate::{Images, labels::Labels};

/// Pictures of one size, each with a label.
#[derive(Debug)]
pub(crate) struct Labelled {
    pub(crate) images: Images,
    /// As many as the images.
    pub(crate) labels: LabelList,
    /// The file or folder of the pictures, for messages.
    pub(crate) images_path: PathBuf,
    /// That of the labels.
    pub(crate) labels_path: PathBuf,
}

/// The labels of pictures.
#[derive(Debug)]
pub(crate) enum LabelList {
    /// Each is the index of its class.
    Indices(Vec<u8>),
    /// Each is the number of a name in `seen`.
    Names { numbers: Vec<u8>, seen: Labels, places: Places },
}

/// The unit in which the places of labels in a [`Labels`] count.
#[derive(Debug)]
pub(crate) enum Places {
    /// Lines of a file, from 1.
    Lines,
    /// These folders, from 0.
    Folders(Vec<PathBuf>),
}

/// A label is a byte: more classes of pictures there are not.
pub(crate) const MOST_PICTURE_CLASSES: usize = 1 << 8;

/// Rows and columns of a picture of which only the number of pixels is known: it is square if that number is, and else has
/// one row.
pub(crate) fn sides(pixels: usize) -> (usize, usize) {
    let side = pixels.isqrt();
    if side * side == pixels { (side, side) } else { (1, pixels) }
}
