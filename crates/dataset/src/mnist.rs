//! A data set in MNIST's form: four IDX files in a folder.

use std::path::Path;

use crate::{
    DatasetError, Examples,
    files::{Files, Pair},
    idx,
};

/// MNIST has as many images to learn from, and as many to be tested on.
const TRAIN: usize = 60_000;
const TEST: usize = 10_000;

/// Examples to learn from and examples to be tested on, of the same size and with the same classes.
#[derive(Clone, Debug)]
pub struct Mnist {
    /// The training set.
    pub train: Examples,
    /// The test set.
    pub test: Examples,
    /// Number of classes: every label of both sets is below it.
    pub classes: usize,
}

impl Mnist {
    /// As many images as MNIST has, 60,000 and 10,000 of 28×28 pixels in 10 classes, drawn by the program: see
    /// [`digits`].
    pub fn digits(seed: u64) -> Self {
        Self::drawn(seed, TRAIN, TEST)
    }

    /// The test set of [`digits`](Self::digits), without drawing the training set.
    pub fn test_digits(seed: u64) -> Examples {
        Self::drawn(seed, 0, TEST).test
    }

    /// `train` and `test` images of 28×28 pixels in 10 classes, drawn by the program: see [`digits::draw`].
    pub fn drawn(seed: u64, train: usize, test: usize) -> Self {
        let [train, test] = digits::draw(seed, train, test).map(Examples::from);
        Self { train, test, classes: digits::CLASSES }
    }

    /// Reads the four files in `folder`: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
    /// `t10k-labels-idx1-ubyte`, each plain or with `.gz` (plain if both are there), or spelled with a dot, as in
    /// `train-images.idx3-ubyte`.
    ///
    /// Any data set in this form will do. The largest training label gives the number of classes, and there are at least two.
    /// Training and test files are read in parallel, in rayon's current pool.
    ///
    /// # Errors
    /// If a file is missing, cannot be read or is damaged, or if the files do not belong together: other counts of images and
    /// labels, test images of another size, a test label that is no class.
    pub fn load(folder: &Path) -> Result<Self, DatasetError> {
        let files = Files::find(folder)?;
        let (train, test) = read_both(&files)?;
        let largest = train.labels().iter().copied().max().unwrap_or(0);
        let classes = (usize::from(largest) + 1).max(2);
        if let Some(index) = outside(&test, classes) {
            let (path, label) = (files.test.labels, test.label(index));
            return Err(DatasetError::Label { path, index, label, classes });
        }
        Ok(Self { train, test, classes })
    }

    /// As [`load`](Self::load), but `classes` is the number of classes, whether or not the labels name them all.
    ///
    /// # Errors
    /// As [`load`](Self::load), and if a label of either set is not below `classes`.
    pub fn load_with_classes(folder: &Path, classes: usize) -> Result<Self, DatasetError> {
        let files = Files::find(folder)?;
        let (train, test) = read_both(&files)?;
        check_classes(&train, &files.train, classes)?;
        check_classes(&test, &files.test, classes)?;
        Ok(Self { train, test, classes })
    }

    /// Reads the two files of the test set in `folder`, whose labels name some of `classes` classes. The training set need
    /// not be there.
    ///
    /// # Errors
    /// As [`load_with_classes`](Self::load_with_classes), of these two files.
    pub fn load_test(folder: &Path, classes: usize) -> Result<Examples, DatasetError> {
        let pair = Pair::find_test(folder)?;
        let test = read(&pair)?;
        check_classes(&test, &pair, classes)?;
        Ok(test)
    }
}

/// Training and test set, of images of one size.
fn read_both(files: &Files) -> Result<(Examples, Examples), DatasetError> {
    let (train, test) = rayon::join(|| read(&files.train), || read(&files.test));
    let (train, test) = (train?, test?);
    let size = |examples: &Examples| (examples.image_rows(), examples.image_columns());
    if size(&train) != size(&test) {
        return Err(DatasetError::ImageSize {
            path: files.test.images.clone(),
            test: size(&test),
            train: size(&train),
        });
    }
    Ok((train, test))
}

/// Refuses a label that is not below `classes`.
fn check_classes(examples: &Examples, pair: &Pair, classes: usize) -> Result<(), DatasetError> {
    let Some(index) = outside(examples, classes) else { return Ok(()) };
    let (path, label) = (pair.labels.clone(), examples.label(index));
    Err(DatasetError::NoClass { path, index, label, classes })
}

/// The index of the first label that is not below `classes`.
fn outside(examples: &Examples, classes: usize) -> Option<usize> {
    examples.labels().iter().position(|&label| usize::from(label) >= classes)
}

fn read(pair: &Pair) -> Result<Examples, DatasetError> {
    let images = idx::read_images(&pair.images)?;
    let labels = idx::read_labels(&pair.labels)?;
    Examples::new(images, labels).map_err(|fault| DatasetError::Pair {
        images: pair.images.clone(),
        labels: pair.labels.clone(),
        fault,
    })
}
