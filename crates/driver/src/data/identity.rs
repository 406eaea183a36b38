//! Checksums of a run's images: they tell which data set it is, whatever folder it lies in.

use dataset::{PictureSet, Source};
use record::Checksums;

use crate::arguments::DatasetName;
use crate::data::files::Files;

/// The checksums of `set`, which came from `files` or is built in, and what it is by them, as `--dataset` names it.
/// Fashion-MNIST is known by its files as they are downloaded: its own checksums are not published.
pub(crate) fn identify(
    set: &PictureSet,
    files: Option<&Files>,
) -> (Checksums, Option<DatasetName>) {
    let is_fashion =
        || files.is_some_and(|files| Source::FASHION_MNIST.lies_packed_in(&files.path));
    let (sha256, is_fashion) = rayon::join(|| Checksums::of(&set.train, &set.test), is_fashion);
    let dataset = if files.is_none() {
        Some(DatasetName::Digits)
    } else if Source::MNIST.examples == Some([&sha256.train, &sha256.test]) {
        Some(DatasetName::Mnist)
    } else {
        is_fashion.then_some(DatasetName::FashionMnist)
    };
    (sha256, dataset)
}
