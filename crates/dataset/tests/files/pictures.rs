//! Data sets of pictures of any format, as a test asks for them.

use std::path::Path;

use dataset::{Asked, DatasetError, Examples, Images, PictureSet, TestSource};

/// Reads all of it, a fifth held out by the seed 1 where there is no test set.
pub(crate) fn load(path: &Path) -> Result<PictureSet, DatasetError> {
    PictureSet::load(path, TestSource::HeldOut(1), &Asked::default(), &mut |_| ())
}

/// Reads the test set alone.
pub(crate) fn load_test(path: &Path, classes: &[&str]) -> Result<Examples, DatasetError> {
    let classes: Vec<String> = classes.iter().map(|&class| class.to_owned()).collect();
    PictureSet::load_test(path, None, &Asked::default(), &classes, &mut |_| ())
}

/// The message of an error, after a look at it: one line, with all these parts.
#[track_caller]
pub(crate) fn message(error: &DatasetError, parts: &[&str]) -> String {
    let message = error.to_string();
    assert!(!message.contains('\n'), "{message}");
    for part in parts {
        assert!(message.contains(part), "no {part:?} in: {message}");
    }
    message
}

pub(crate) fn examples(pixels: &[u8], [rows, columns]: [usize; 2], labels: &[u8]) -> Examples {
    let images = Images::new(pixels.to_vec(), rows, columns).unwrap();
    Examples::new(images, labels.to_vec()).unwrap()
}
