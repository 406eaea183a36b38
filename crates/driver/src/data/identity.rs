//! Checksums of a run's images: they tell which data set it is, whatever folder it lies in.

use std::path::Path;

use dataset::{Mnist, Source};
use serde::{Deserialize, Serialize};

use crate::arguments::DatasetName;

/// For each part of a data set, the SHA-256 of the plain IDX file of the images followed by that of the labels, as
/// [`Examples::sha256`](dataset::Examples::sha256) has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Checksums {
    /// Of the images to train on.
    pub(crate) train: String,
    /// Of the images to test on.
    pub(crate) test: String,
}

impl Checksums {
    /// Computes both at a time.
    fn of(mnist: &Mnist) -> Self {
        let (train, test) = rayon::join(|| mnist.train.sha256(), || mnist.test.sha256());
        Self { train, test }
    }
}

/// The checksums of `mnist`, which came from `folder` or is built in, and what it is by them, as `--dataset` names it.
/// Fashion-MNIST is known by its files as they are downloaded: its own checksums are not published.
pub(crate) fn identify(mnist: &Mnist, folder: Option<&Path>) -> (Checksums, Option<DatasetName>) {
    let is_fashion = || folder.is_some_and(|folder| Source::FASHION_MNIST.lies_packed_in(folder));
    let (sha256, is_fashion) = rayon::join(|| Checksums::of(mnist), is_fashion);
    let dataset = if folder.is_none() {
        Some(DatasetName::Digits)
    } else if Source::MNIST.examples == Some([&sha256.train, &sha256.test]) {
        Some(DatasetName::Mnist)
    } else {
        is_fashion.then_some(DatasetName::FashionMnist)
    };
    (sha256, dataset)
}
