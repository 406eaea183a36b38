//! A saved network and the examples it is tested on, with a notice where these are not those of the network's run.

use std::io::Write;
use std::path::Path;

use dataset::{Examples, Set, Source};
use record::Names;

use crate::arguments::{CommonArguments, DatasetName};
use crate::data::features;
use crate::data::source::{Data, Origin, absolute};
use crate::error::Error;
use crate::run::saved_network::SavedNetwork;
use crate::terminal::notice::notice;
use crate::terminal::opening;

/// Examples to test on.
#[derive(Debug)]
pub(crate) enum TestSet {
    /// Pictures.
    Images(Examples, Names, Origin),
    /// Features.
    Features(features::TestSet),
}

impl TestSet {
    /// The examples.
    pub(crate) fn examples(&self) -> Set<'_> {
        match self {
            Self::Images(examples, ..) => Set::Images(examples),
            Self::Features(test) => Set::Features(&test.rows.features),
        }
    }

    /// The names of classes and features.
    pub(crate) fn names(&self) -> &Names {
        match self {
            Self::Images(_, names, _) => names,
            Self::Features(test) => &test.names,
        }
    }

    /// Where the examples are from.
    #[cfg(feature = "report")]
    pub(crate) fn origin(&self) -> String {
        match self {
            Self::Images(_, _, origin) => origin.to_string(),
            Self::Features(test) => test.origin.to_string(),
        }
    }
}

/// Reads the network in the file or the run's folder `model` and its data, and prints where that is from. Features are named
/// by the lines of the file `feature_names`, or by that of the run.
pub(crate) fn load(
    out: &mut dyn Write,
    model: &Path,
    common: &CommonArguments,
    feature_names: Option<&Path>,
) -> Result<(SavedNetwork, TestSet), Error> {
    // The network first: it is small, and a wrong file name shows at once.
    let saved = SavedNetwork::load(model)?;
    let file = common.data.as_deref().filter(|data| features::are_named(data));
    let is_asked_for = common.data.is_some() || common.dataset.is_some();
    let recorded = saved.trained_on.as_ref().is_some_and(|recorded| recorded.features.is_some());
    if file.is_some() || (recorded && !is_asked_for) {
        let test = features::TestSet::load(&saved, file, feature_names)?;
        opening::origin(out, &test.origin)?;
        compare_features(&saved, &test, file);
        return Ok((saved, TestSet::Features(test)));
    }
    if feature_names.is_some() {
        return Err(Error::OfFeatures { option: "--feature-names" });
    }
    let data = Data::to_test(&saved, common)?;
    opening::origin(out, &data.origin)?;
    saved.check_fit(data.pixels())?;
    compare(&saved, &data);
    let names = saved.names();
    Ok((saved, TestSet::Images(data.examples, names, data.origin)))
}

/// As [`compare`], of features; `asked_for` is the file that the command line names.
fn compare_features(saved: &SavedNetwork, test: &features::TestSet, asked_for: Option<&Path>) {
    let Some(recorded) = &saved.trained_on else { return };
    let (Some(then), Some(checksums)) = (&recorded.features, &recorded.sha256) else { return };
    let (model, file) = (saved.file.display(), &test.origin.file);
    let sha256 = &test.rows.sha256;
    let then_tested = then.test_file.as_ref().unwrap_or(&then.file);
    if *sha256 == checksums.train && asked_for.is_some() {
        notice(format_args!("{model} was trained on rows of {}: they are no test", file.display()));
    } else if *sha256 == checksums.test {
    } else if absolute(file) == *then_tested {
        notice(format_args!("{} has changed since {model} was trained", file.display()));
    } else {
        let then = then_tested.display();
        notice(format_args!(
            "{model} was tested on {then} in its run, and {} is not that",
            file.display()
        ));
    }
}

/// Says on stderr what is to be known before this test set is taken for another one.
fn compare(saved: &SavedNetwork, data: &Data<Examples>) {
    let (model, origin, test) = (saved.file.display(), &data.origin, &data.examples);
    let sha256 = test.sha256();
    if let Some(recorded) = &saved.trained_on
        && let Some(checksums) = recorded.sha256.as_ref().filter(|_| recorded.features.is_none())
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
