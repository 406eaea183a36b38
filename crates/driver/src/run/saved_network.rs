//! A network from an earlier run, and the data it was trained on, as far as the run's `config.json` is still beside it.

use std::fs;
use std::path::{Path, PathBuf};

use model::Network;
use serde::Deserialize;

use crate::error::Error;
use crate::run::folder::{CONFIG, MODEL};
use record::Checksums;

/// A network that was read from a file.
#[derive(Debug)]
pub(crate) struct SavedNetwork {
    /// Its file.
    pub(crate) file: PathBuf,
    /// The network.
    pub(crate) network: Network,
    /// The data it was trained on, if its run has left a record.
    pub(crate) trained_on: Option<RecordedData>,
}

/// The images of a run as its `config.json` records them. All of it may be missing: earlier versions wrote less, and others have
/// files of that name, too.
#[derive(Debug, Default, PartialEq, Deserialize)]
pub(crate) struct RecordedData {
    /// The data set, as `--dataset` names it.
    pub(crate) dataset: Option<String>,
    /// Their folder; none for the built-in digits.
    pub(crate) folder: Option<PathBuf>,
    /// Their checksums.
    pub(crate) sha256: Option<Checksums>,
}

impl SavedNetwork {
    /// Reads the network in the file `path` or, if that is a run's folder, the one it holds.
    pub(crate) fn load(path: &Path) -> Result<Self, Error> {
        let file = if path.is_dir() { path.join(MODEL) } else { path.to_owned() };
        if path.is_dir() && !file.is_file() {
            return Err(Error::NoModel { folder: path.to_owned(), file: MODEL });
        }
        let network = Network::load(&file)?;
        let config = fs::read_to_string(file.with_file_name(CONFIG)).ok();
        let trained_on = config.as_deref().and_then(recorded_data);
        Ok(Self { file, network, trained_on })
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
    (data.dataset.is_some() || data.folder.is_some()).then_some(data)
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
