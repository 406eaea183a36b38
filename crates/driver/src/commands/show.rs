//! `driver show`: a saved network in words.

use std::io::{self, Write};

use model::Input;

use crate::arguments::ShowArguments;
use crate::error::Error;
use crate::run::recorded_training::RecordedTraining;
use crate::run::saved_network::SavedNetwork;

/// How many names of classes are shown.
const CLASSES_SHOWN: usize = 20;

/// Prints the network's layers, what its file says of input and classes, and how it was trained.
pub(crate) fn show(arguments: &ShowArguments) -> Result<(), Error> {
    let saved = SavedNetwork::load(&arguments.model)?;
    let mut out = io::stdout();
    writeln!(out, "{}\n\n{}", saved.file.display(), saved.network.summary())?;
    let inputs = saved.network.inputs();
    write!(out, "Input: {inputs} numbers")?;
    match saved.input {
        Some(Input::Pictures { rows, columns }) => {
            writeln!(out, ", pictures of {rows} x {columns} pixels; a byte b goes in as b / 255")?;
        }
        Some(Input::Floats) => writeln!(out, " that go in as they are")?,
        Some(Input::Features) => {
            let base = saved.index_base.unwrap_or(0);
            writeln!(out, ", features that go in as they are; the first has index {base}")?;
        }
        None => writeln!(out, "; the file does not say what they are")?,
    }
    let names: Vec<&str> = saved.classes.iter().take(CLASSES_SHOWN).map(String::as_str).collect();
    let more = if names.len() < saved.classes.len() { " …" } else { "" };
    writeln!(out, "Output: {} classes: {}{more}", saved.classes.len(), names.join(" "))?;
    match RecordedTraining::beside(&saved.file) {
        Some(training) => writeln!(out, "{training}")?,
        None => writeln!(out, "No config.json beside it says how it was trained")?,
    }
    Ok(())
}
