//! Checksums of a run's images: they tell which data set it is, whatever folder it lies in.

use std::path::Path;

use dataset::{Mnist, Source};
use record::Checksums;

use crate::arguments::DatasetName;

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
