//! A saved network and the images it is tested on, with a notice where these are not those of the network's run.

use std::io::Write;
use std::path::Path;

use dataset::{Examples, Source};

use crate::arguments::{CommonArguments, DatasetName};
use crate::data::source::{Data, Origin};
use crate::error::Error;
use crate::run::saved_network::SavedNetwork;
use crate::terminal::notice::notice;
use crate::terminal::opening;

/// Reads the network in the file or the run's folder `model` and its data, and prints where that is from.
pub(crate) fn load(
    out: &mut dyn Write,
    model: &Path,
    common: &CommonArguments,
) -> Result<(SavedNetwork, Examples), Error> {
    // The network first: it is small, and a wrong file name shows at once.
    let saved = SavedNetwork::load(model)?;
    let data = Data::to_test(&saved, common)?;
    opening::origin(out, &data.origin)?;
    saved.check_fit(data.pixels())?;
    compare(&saved, &data);
    Ok((saved, data.examples))
}

/// Says on stderr what is to be known before this test set is taken for another one.
fn compare(saved: &SavedNetwork, data: &Data<Examples>) {
    let (model, origin, test) = (saved.file.display(), &data.origin, &data.examples);
    let sha256 = test.sha256();
    if let Some(recorded) = &saved.trained_on
        && let Some(checksums) = &recorded.sha256
    {
        let then = Origin(recorded.folder.clone());
        if checksums.test == sha256 {
            return;
        } else if then == origin.absolute() {
            notice(format_args!(
                "the test set from {origin} has changed since {model} was trained"
            ));
        } else {
            notice(format_args!(
                "{model} was trained on the data from {then}, whose test set is not this one, from {origin}"
            ));
        }
    }
    // Of the other data sets, the test images alone do not tell.
    if data.expected == Some(DatasetName::Mnist) {
        let is_mnist = Source::MNIST.examples.is_some_and(|[_, mnist]| sha256 == mnist);
        data.check_expected(is_mnist.then_some(DatasetName::Mnist));
    }
    let classes = saved.network.classes();
    let largest = test.labels().iter().copied().max();
    if let Some(largest) = largest.filter(|&largest| usize::from(largest) + 1 < classes) {
        notice(format_args!(
            "{model} knows {classes} classes, but no test image has a label above {largest}"
        ));
    }
}
