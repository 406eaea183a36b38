//! Rows of sparse features: the files that a command works on, read under a bar.

use std::path::{Path, PathBuf};

use dataset::{DatasetError, FeatureNames, FeatureSet, Known, TestFeatures, TestSource};
use indicatif::HumanCount;
use record::{Checksums, FeatureFiles, Names};

use crate::arguments::TrainArguments;
use crate::data::bar::Bar;
use crate::data::files::{Files, absolute};
use crate::error::Error;
use crate::run::saved_network::{RecordedData, SavedNetwork};
use crate::terminal::notice::notice;

/// Features to train on and to test on.
#[derive(Debug)]
pub(crate) struct TrainingFeatures {
    /// The rows.
    pub(crate) set: FeatureSet,
    /// Where they are from.
    pub(crate) origin: Files,
    /// The names of classes and features.
    pub(crate) names: Names,
    /// The file of the features' names.
    names_file: Option<PathBuf>,
}

/// Features to test on.
#[derive(Debug)]
pub(crate) struct TestSet {
    /// The rows.
    pub(crate) rows: TestFeatures,
    /// Where they are from.
    pub(crate) origin: Files,
    /// The names of classes and features.
    pub(crate) names: Names,
}

impl TrainingFeatures {
    /// Reads what the arguments name. The columns and classes are those of the network `init`, if there is one.
    pub(crate) fn load(
        arguments: &TrainArguments,
        file: &Path,
        init: Option<&SavedNetwork>,
    ) -> Result<Self, Error> {
        let asked: Option<Vec<String>> =
            arguments.classes.map(|classes| (0..classes).map(|class| class.to_string()).collect());
        let columns = match (init, arguments.features) {
            (Some(SavedNetwork { file, network, .. }), Some(asked))
                if network.inputs() != asked =>
            {
                let (model, found) = (file.clone(), network.inputs());
                return Err(Error::Features { model, found, asked });
            }
            (Some(init), _) => Some(init.network.inputs()),
            (None, asked) => asked,
        };
        let known = Known {
            columns,
            base: init.and_then(|init| init.index_base),
            classes: init.map(|init| &init.classes[..]).or(asked.as_deref()),
        };
        let (test, held_out) = match &arguments.test {
            Some(test) => (TestSource::File(test), None),
            None => (TestSource::HeldOut(arguments.seed), Some(arguments.seed)),
        };
        let bar = Bar::new(arguments.quiet);
        let set = FeatureSet::load(file, test, &known, &mut |progress| bar.show(progress))?;
        bar.finish();
        let names_file = arguments.feature_names.clone();
        let features =
            names_file.as_ref().map(|file| FeatureNames::load(file, set.meaning.columns));
        let (classes, base) = (set.meaning.classes.clone(), set.meaning.base);
        let names = Names { classes, features: features.transpose()?, base };
        unknown(&set.test, set.meaning.columns);
        let (path, test) = (file.to_owned(), arguments.test.clone());
        let origin = Files { path, test, held_out, label_column: None };
        Ok(Self { set, origin, names, names_file })
    }

    /// Their record in `config.json`.
    pub(crate) fn record(&self) -> FeatureFiles {
        let Self { set, origin, names, names_file } = self;
        let path = |file: &PathBuf| absolute(file).display().to_string();
        let test = set.test.sha256.clone();
        FeatureFiles {
            file: path(&origin.path),
            test_file: origin.test.as_ref().map(path),
            held_out_seed: origin.held_out,
            feature_names: names_file.as_ref().map(path),
            train: set.train.len(),
            test: set.test.features.len(),
            columns: set.meaning.columns,
            index_base: set.meaning.base,
            classes: names.classes.len(),
            class_names: (!names.are_numbers()).then(|| names.classes.clone()),
            sha256: Checksums { train: set.sha256.clone(), test },
        }
    }
}

impl TestSet {
    /// Reads the file that was asked for, or the rows that the run of `saved` was tested on. The features' names are those of
    /// `names_file`, or else of the run, if they are still there.
    pub(crate) fn load(
        saved: &SavedNetwork,
        file: Option<&Path>,
        names_file: Option<&Path>,
    ) -> Result<Self, Error> {
        let recorded = saved.trained_on.as_ref().filter(|recorded| recorded.are_features());
        let origin = match (file, recorded.and_then(RecordedData::test_files)) {
            (Some(file), _) => Files::all_of(file.to_owned()),
            (None, Some(files)) => files,
            (None, None) => unreachable!("features are asked for, or recorded"),
        };
        let columns = saved.network.inputs();
        let bar = Bar::new(false);
        let rows = TestFeatures::load(
            &origin.path,
            origin.held_out,
            columns,
            saved.index_base,
            &saved.classes,
            &mut |progress| bar.show(progress),
        );
        bar.finish();
        let rows = rows.map_err(|fault| match file {
            Some(_) => Error::Data(fault),
            None => Error::RecordedData { model: saved.file.clone(), fault: fault.into() },
        })?;
        unknown(&rows, columns);
        let features = match names_file {
            Some(names) => Some(FeatureNames::load(names, columns)?),
            None => recorded_names(recorded, columns),
        };
        let names = Names { classes: saved.classes.clone(), features, base: rows.base };
        Ok(Self { rows, origin, names })
    }
}

/// The names that a run has recorded, with a notice where they are not to be had any more.
fn recorded_names(recorded: Option<&RecordedData>, columns: usize) -> Option<FeatureNames> {
    let file = recorded?.feature_names.as_ref()?;
    let names = FeatureNames::load(file, columns);
    names
        .inspect_err(|error: &DatasetError| {
            notice(format_args!("features go by their indices: {error}"))
        })
        .ok()
}

/// Says on stderr how many numbers were left out.
fn unknown(test: &TestFeatures, columns: usize) {
    if test.unknown > 0 {
        let [unknown, columns] = [test.unknown, columns].map(|count| HumanCount(count as u64));
        notice(format_args!(
            "{unknown} numbers of the test rows are left out: they are of features beyond the {columns} that were trained on"
        ));
    }
}
