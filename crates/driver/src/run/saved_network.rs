//! A network from an earlier run, and the data it was trained on, as far as the run's `config.json` is still beside it.

use std::fs;
use std::path::{Path, PathBuf};

use model::{Description, FormatFault, Input, ModelError, Network};
use serde::Deserialize;

use crate::error::Error;
use crate::run::folder::{CONFIG, MODEL};
use record::{Checksums, Names};

/// A network that was read from a file.
#[derive(Debug)]
pub(crate) struct SavedNetwork {
    /// Its file.
    pub(crate) file: PathBuf,
    /// The network.
    pub(crate) network: Network,
    /// What its rows of input are, if its file says so.
    pub(crate) input: Option<Input>,
    /// The names of its classes.
    pub(crate) classes: Vec<String>,
    /// The index that its first feature has in files; `None` if it was trained on pictures, or elsewhere.
    pub(crate) index_base: Option<u32>,
    /// The data it was trained on, if its run has left a record.
    pub(crate) trained_on: Option<RecordedData>,
}

/// The examples of a run as its `config.json` records them. All of it may be missing: earlier versions wrote less, and others have
/// files of that name, too.
#[derive(Debug, Default, PartialEq, Deserialize)]
pub(crate) struct RecordedData {
    /// The data set, as `--dataset` names it.
    pub(crate) dataset: Option<String>,
    /// Their folder; none for the built-in digits.
    pub(crate) folder: Option<PathBuf>,
    /// If they are features, their files.
    #[serde(flatten)]
    pub(crate) features: Option<RecordedFeatures>,
    /// Their checksums.
    pub(crate) sha256: Option<Checksums>,
}

/// The features of a run as its `config.json` records them.
#[derive(Debug, PartialEq, Deserialize)]
pub(crate) struct RecordedFeatures {
    /// The file of the rows to train on.
    pub(crate) file: PathBuf,
    /// The file of the rows to test on, if they have one of their own.
    pub(crate) test_file: Option<PathBuf>,
    /// The seed by which rows of the first file were held out, if they have none.
    pub(crate) held_out_seed: Option<u64>,
    /// The file of the features' names.
    pub(crate) feature_names: Option<PathBuf>,
}

impl SavedNetwork {
    /// Reads the network in the file `path` or, if that is a run's folder, the one it holds.
    pub(crate) fn load(path: &Path) -> Result<Self, Error> {
        let file = if path.is_dir() { path.join(MODEL) } else { path.to_owned() };
        if path.is_dir() && !file.is_file() {
            return Err(Error::NoModel { folder: path.to_owned(), file: MODEL });
        }
        let (network, notes) = Network::load_with_notes(&file)?;
        let (inputs, classes) = (network.inputs(), network.classes());
        let description = match Description::from_notes(&notes, inputs, classes) {
            Ok(description) => description,
            Err(FormatFault::ClassNames { classes }) => {
                return Err(Error::ClassNames { model: file, classes });
            }
            Err(fault) => return Err(ModelError::Format { path: file, fault }.into()),
        };
        let classes = description.class_names(classes);
        let Description { input, index_base, .. } = description;
        let config = fs::read_to_string(file.with_file_name(CONFIG)).ok();
        let trained_on = config.as_deref().and_then(recorded_data);
        Ok(Self { file, network, input, classes, index_base, trained_on })
    }

    /// The names of its classes; its features go by their numbers.
    pub(crate) fn names(&self) -> Names {
        let (classes, base) = (self.classes.clone(), self.index_base.unwrap_or(0));
        Names { classes, features: None, base }
    }

    /// What its file says of it.
    pub(crate) fn description(&self) -> Description {
        let (input, index_base) = (self.input, self.index_base);
        Description { input, classes: Some(self.classes.clone()), index_base }
    }

    /// Whether the network is made for images of so many pixels.
    pub(crate) fn check_fit(&self, pixels: usize) -> Result<(), Error> {
        match self.network.inputs() {
            inputs if inputs == pixels => Ok(()),
            inputs => Err(Error::Misfit { model: self.file.clone(), inputs, pixels }),
        }
    }
}

/// The data in the text of a `config.json`; `None` if it names none.
fn recorded_data(config: &str) -> Option<RecordedData> {
    #[derive(Deserialize)]
    struct Config {
        data: RecordedData,
    }
    let Config { data } = serde_json::from_str(config).ok()?;
    (data.dataset.is_some() || data.folder.is_some() || data.features.is_some()).then_some(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_may_be_old_or_not_ours() {
        let checksums = Checksums { train: "ab".into(), test: "cd".into() };
        for (config, expected) in [
            (
                r#"{"seed": 0, "data": {"dataset": null, "folder": "/a", "classes": 3,
                    "sha256": {"train": "ab", "test": "cd"}}}"#,
                Some(RecordedData {
                    folder: Some("/a".into()),
                    sha256: Some(checksums),
                    ..RecordedData::default()
                }),
            ),
            (
                r#"{"data": {"dataset": "digits", "folder": null}}"#,
                Some(RecordedData { dataset: Some("digits".into()), ..RecordedData::default() }),
            ),
            (r#"{"data": {"classes": 3}}"#, None),
            (r#"{"data": "wikitext"}"#, None),
            (r#"{"architectures": []}"#, None),
            ("", None),
        ] {
            assert_eq!(recorded_data(config), expected, "{config}");
        }
    }
}
