//! A saved network and the examples it is tested on.

use std::io::Write;
use std::path::Path;

use dataset::{Examples, Format, Set};
use record::Names;

use crate::arguments::CommonArguments;
use crate::data::source::{Data, Origin};
use crate::data::{compared, features};
use crate::error::Error;
use crate::run::saved_network::{RecordedData, SavedNetwork};
use crate::terminal::opening;

/// Examples to test on.
#[derive(Debug)]
pub(crate) enum TestSet {
    /// Pictures, and where they are from.
    #[cfg_attr(
        not(feature = "report"),
        expect(dead_code, reason = "only a report says where from")
    )]
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
    let file = common.data.as_deref().filter(|data| Format::of(data) == Format::Svmlight);
    let is_asked_for = common.data.is_some() || common.dataset.is_some();
    let recorded = saved.trained_on.as_ref().is_some_and(RecordedData::are_features);
    if file.is_some() || (recorded && !is_asked_for) {
        let test = features::TestSet::load(&saved, file, feature_names)?;
        opening::origin(out, &test.origin)?;
        compared::features(&saved, &test, file);
        return Ok((saved, TestSet::Features(test)));
    }
    if feature_names.is_some() {
        return Err(Error::OfFeatures { option: "--feature-names" });
    }
    let data = Data::to_test(&saved, common)?;
    opening::origin(out, &data.origin)?;
    saved.check_fit(data.pixels())?;
    compared::images(&saved, &data);
    let names = saved.names();
    Ok((saved, TestSet::Images(data.examples, names, data.origin)))
}
