//! A network from an earlier run, and the data it was trained on, as far as the run's `config.json` is still beside it.

use std::fs;
use std::path::{Path, PathBuf};

use model::{Description, FormatFault, Input, ModelError, Network};
use serde::Deserialize;

use crate::data::files::Files;
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
    /// The kind of its input, if its file says so.
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
    /// `images` or `features`.
    pub(crate) kind: Option<String>,
    /// The data set, as `--dataset` names it.
    pub(crate) dataset: Option<String>,
    /// Their folder, if they are all that it has.
    pub(crate) folder: Option<PathBuf>,
    /// Their file. Without either, they are the built-in digits.
    pub(crate) file: Option<PathBuf>,
    /// The file or folder of the examples to test on, if they have one of their own.
    pub(crate) test_file: Option<PathBuf>,
    /// The seed by which a fifth of the others was held out, if they have none.
    pub(crate) held_out_seed: Option<u64>,
    /// The column of labels that was asked for.
    pub(crate) label_column: Option<String>,
    /// The file of the features' names.
    pub(crate) feature_names: Option<PathBuf>,
    /// Their checksums.
    pub(crate) sha256: Option<Checksums>,
}

impl RecordedData {
    /// Whether they are features.
    pub(crate) fn are_features(&self) -> bool {
        match &self.kind {
            Some(kind) => kind == "features",
            // Earlier versions had no other files than those of features.
            None => self.file.is_some(),
        }
    }

    /// The files of the examples that the run was tested on; `None` for the built-in digits.
    pub(crate) fn test_files(&self) -> Option<Files> {
        let place = self.file.as_ref().or(self.folder.as_ref())?;
        let (path, held_out) = match &self.test_file {
            Some(test) => (test, None),
            None => (place, self.held_out_seed),
        };
        let label_column = self.label_column.clone();
        Some(Files { path: path.clone(), test: None, held_out, label_column })
    }
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

    /// The description in its file.
    #[cfg(feature = "exchange")]
    pub(crate) fn description(&self) -> Description {
        let (input, index_base) = (self.input, self.index_base);
        Description { input, classes: Some(self.classes.clone()), index_base }
    }

    /// `[rows, columns]` of the pictures that the network is made for: what its file says, or else a square.
    pub(crate) fn picture_size(&self) -> Result<[usize; 2], Error> {
        let recorded = self.trained_on.as_ref().is_some_and(RecordedData::are_features);
        match self.input {
            Some(Input::Pictures { rows, columns }) => return Ok([rows, columns]),
            Some(Input::Features) => return Err(Error::NoPictures(self.file.clone())),
            None if recorded => return Err(Error::NoPictures(self.file.clone())),
            None | Some(Input::Floats) => {}
        }
        let inputs = self.network.inputs();
        let side = inputs.isqrt();
        if side * side == inputs {
            Ok([side; 2])
        } else {
            Err(Error::PictureSize { model: self.file.clone(), inputs })
        }
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
    (data.dataset.is_some() || data.folder.is_some() || data.file.is_some()).then_some(data)
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
            (
                r#"{"data": {"kind": "images", "format": "csv", "file": "/a.csv", "test_file": null,
                    "held_out_seed": 3, "label_column": "kind"}}"#,
                Some(RecordedData {
                    kind: Some("images".into()),
                    file: Some("/a.csv".into()),
                    held_out_seed: Some(3),
                    label_column: Some("kind".into()),
                    ..RecordedData::default()
                }),
            ),
            (r#"{"data": {"classes": 3}}"#, None),
            (r#"{"data": "wikitext"}"#, None),
            (r#"{"architectures": []}"#, None),
            ("", None),
        ] {
            assert_eq!(recorded_data(config), expected, "{config}");
        }
    }

    #[test]
    fn what_was_tested_is_found_again() {
        let recorded = |config: &str| serde_json::from_str::<RecordedData>(config).unwrap();
        for (config, are_features, path, held_out) in [
            (r#"{"file": "/a", "held_out_seed": 3}"#, true, "/a", Some(3)),
            (r#"{"kind": "features", "file": "/a", "test_file": "/b"}"#, true, "/b", None),
            (r#"{"kind": "images", "file": "/a", "held_out_seed": 3}"#, false, "/a", Some(3)),
            (r#"{"kind": "images", "folder": "/a", "test_file": "/b"}"#, false, "/b", None),
            (r#"{"kind": "images", "folder": "/a"}"#, false, "/a", None),
        ] {
            let recorded = recorded(config);
            let files = recorded.test_files().unwrap();
            assert_eq!(recorded.are_features(), are_features, "{config}");
            assert_eq!((files.path, files.held_out), (path.into(), held_out), "{config}");
        }
        assert_eq!(recorded(r#"{"dataset": "digits", "folder": null}"#).test_files(), None);
    }
}
