//! A data set in MNIST's form: four IDX files in a folder.

use std::path::Path;

use crate::{
    DatasetError, Examples, PictureSet,
    readers::{Reader, idx_files::IdxFiles},
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
    /// Files of other names are found by `train-images`, `train-labels`, `test-images` and `test-labels` in them; of several
    /// data sets in a folder, one is chosen by the path of one of its files. Any data set in this form will do. The largest training label gives the number of classes, and there are at least two.
    /// Training and test files are read in parallel, in rayon's current pool.
    ///
    /// # Errors
    /// If a file is missing, cannot be read or is damaged, or if the files do not belong together: other counts of images and
    /// labels, test images of another size, a test label that is no class.
    pub fn load(folder: &Path) -> Result<Self, DatasetError> {
        read(folder, None)
    }

    /// As [`load`](Self::load), but `classes` is the number of classes, whether or not the labels name them all.
    ///
    /// # Errors
    /// As [`load`](Self::load), and if a label of either set is not below `classes`.
    pub fn load_with_classes(folder: &Path, classes: usize) -> Result<Self, DatasetError> {
        read(folder, Some(&numbers(classes)))
    }

    /// Reads the two files of the test set in `folder`, whose labels name some of `classes` classes. The training set need
    /// not be there.
    ///
    /// # Errors
    /// As [`load_with_classes`](Self::load_with_classes), of these two files.
    pub fn load_test(folder: &Path, classes: usize) -> Result<Examples, DatasetError> {
        let test = IdxFiles.read_test(folder, &mut |_| ())?;
        PictureSet::test_of(test, None, &numbers(classes))
    }
}

impl From<PictureSet> for Mnist {
    fn from(PictureSet { train, test, classes, .. }: PictureSet) -> Self {
        Self { train, test, classes: classes.len() }
    }
}

impl From<Mnist> for PictureSet {
    /// The classes are called by their numbers.
    fn from(Mnist { train, test, classes }: Mnist) -> Self {
        Self { train, test, classes: numbers(classes), is_held_out: false }
    }
}

/// Reads the four files; without names of the classes, the training labels tell them.
fn read(path: &Path, classes: Option<&[String]>) -> Result<Mnist, DatasetError> {
    let (train, test) = IdxFiles.read(path, &mut |_| ())?;
    Ok(PictureSet::of(train, test, 0, classes)?.into())
}

/// The names of so many classes: 0, 1 and so on.
fn numbers(classes: usize) -> Vec<String> {
    (0..classes).map(|class| class.to_string()).collect()
}
