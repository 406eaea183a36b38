//! How a network was trained, as far as its run's `config.json` is still beside it.

use std::fmt;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::run::folder::CONFIG;

/// The settings of a run that are worth a line.
#[derive(Debug, PartialEq, Deserialize)]
pub(crate) struct RecordedTraining {
    started: String,
    epochs: usize,
    batch_size: usize,
    seed: u64,
    training: Settings,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Settings {
    recipe: Option<String>,
    optimizer: String,
    learning_rate: f64,
    schedule: String,
    augment: String,
}

impl RecordedTraining {
    /// The record beside the network in `file`; `None` if there is no record, or one of another version or program.
    pub(crate) fn beside(file: &Path) -> Option<Self> {
        let text = fs::read_to_string(file.with_file_name(CONFIG)).ok()?;
        serde_json::from_str(&text).ok()
    }
}

impl fmt::Display for RecordedTraining {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { recipe, optimizer, learning_rate, schedule, augment } = &self.training;
        write!(f, "Trained: {}", self.started)?;
        if let Some(recipe) = recipe {
            write!(f, ", recipe {recipe}")?;
        }
        let Self { epochs, batch_size, seed, .. } = self;
        write!(
            f,
            ", {epochs} epochs of batch {batch_size}, {optimizer} with learning rate {learning_rate} ({schedule}), seed {seed}"
        )?;
        if augment != "none" {
            write!(f, ", pictures distorted ({augment})")?;
        }
        Ok(())
    }
}
