//! Small files, written byte by byte and independently of the reader.

use std::{fs, io::Write, path::Path};

use flate2::{Compression, write::GzEncoder};
use testing::idx;

/// A gzip file of one member.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The four files of a small data set: images of 2×3 pixels, 5 to train on and 3 to test on, of 4 classes.
pub(crate) struct DataSet {
    pub(crate) train_images: Vec<u8>,
    pub(crate) train_labels: Vec<u8>,
    pub(crate) test_images: Vec<u8>,
    pub(crate) test_labels: Vec<u8>,
}

impl DataSet {
    pub(crate) fn small() -> Self {
        let train: Vec<u8> = (0..30).collect();
        let test: Vec<u8> = (100..118).collect();
        Self {
            train_images: idx(&[5, 2, 3], &train),
            train_labels: idx(&[5], &[3, 0, 2, 1, 3]),
            test_images: idx(&[3, 2, 3], &test),
            test_labels: idx(&[3], &[1, 3, 0]),
        }
    }

    pub(crate) fn write_to(&self, folder: &Path) {
        for (name, bytes) in [
            ("train-images-idx3-ubyte", &self.train_images),
            ("train-labels-idx1-ubyte", &self.train_labels),
            ("t10k-images-idx3-ubyte", &self.test_images),
            ("t10k-labels-idx1-ubyte", &self.test_labels),
        ] {
            fs::write(folder.join(name), bytes).unwrap();
        }
    }
}
