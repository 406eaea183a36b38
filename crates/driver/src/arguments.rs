//! The command line: commands and their options.

mod augment;
mod common;
mod draw_data;
mod evaluate;
mod help;
mod names;
mod predict;
mod train;
mod values;

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::thread;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use indicatif::HumanCount;
use model::MOST_WEIGHTS;

pub(crate) use common::CommonArguments;
pub(crate) use draw_data::{DigitsArguments, TextLikeArguments};
pub(crate) use evaluate::EvaluateArguments;
pub(crate) use names::{DatasetName, Named};
pub(crate) use predict::PredictArguments;
pub(crate) use train::TrainArguments;

/// A dense network that learns to read handwritten digits (MNIST), on this CPU.
#[derive(Debug, Parser)]
#[command(name = "driver", version)]
#[command(
    after_help = "`driver` alone means `driver train`. Each command explains itself: `driver train --help`."
)]
pub(crate) struct Arguments {
    /// The command to carry out.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands of the program.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Train a network, evaluate it, read the first ten test digits and save it
    Train(Box<TrainArguments>),
    /// Loss and accuracy of a saved network on the test set
    Evaluate(EvaluateArguments),
    /// Show test images as a saved network reads them
    Predict(PredictArguments),
    /// Draw a data set of digits and write it in MNIST's format
    Digits(DigitsArguments),
    /// Draw features like those of texts and write them in svmlight's format
    TextLike(TextLikeArguments),
}

impl Arguments {
    /// How many threads to compute with.
    pub(crate) fn threads(&self) -> usize {
        let asked = match &self.command {
            Command::Train(arguments) => arguments.common.threads,
            Command::Evaluate(arguments) => arguments.common.threads,
            Command::Predict(arguments) => arguments.common.threads,
            Command::Digits(_) | Command::TextLike(_) => None,
        };
        match asked {
            Some(threads) => threads.into(),
            None => thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

/// Reads a command line, the program's name first. Without a command it means `train`, with that command's options.
pub(crate) fn parse(line: impl Iterator<Item = OsString>) -> Result<Arguments, clap::Error> {
    let mut line: Vec<OsString> = line.collect();
    if line.is_empty() {
        line.push("driver".into());
    }
    let own = ["-h", "--help", "-V", "--version"];
    let names_command = |first: &OsString| {
        !first.as_encoded_bytes().starts_with(b"-") || own.iter().any(|option| first == option)
    };
    if !line.get(1).is_some_and(names_command) {
        line.insert(1, "train".into());
    }
    let arguments = Arguments::try_parse_from(line)?;
    match &arguments.command {
        Command::Train(train) => {
            check_weights(train.layers())?;
            if let Some(option) = train.stray_step() {
                let fault = format!("{option} is of --schedule step");
                return Err(Arguments::command().error(ErrorKind::ArgumentConflict, fault));
            }
        }
        Command::Evaluate(_) | Command::Predict(_) | Command::Digits(_) | Command::TextLike(_) => {}
    }
    Ok(arguments)
}

/// Whether layers of these sizes in a row have no more than [`MOST_WEIGHTS`] between any two.
fn check_weights(sizes: &[usize]) -> Result<(), clap::Error> {
    let Some(&[inputs, units]) =
        sizes.windows(2).find(|pair| pair[0].saturating_mul(pair[1]) > MOST_WEIGHTS)
    else {
        return Ok(());
    };
    let [asked, most] =
        [inputs.saturating_mul(units), MOST_WEIGHTS].map(|count| HumanCount(count as u64));
    let fault = format!(
        "--hidden {inputs},{units} asks for a layer of {asked} weights, and the most that one can have is {most}"
    );
    Err(Arguments::command().error(ErrorKind::ValueValidation, fault))
}

/// The message of clap in one line, without the usage text that it adds.
pub(crate) fn one_line(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let mut line = String::new();
    for part in text.lines().map(str::trim).filter(|part| !part.is_empty()) {
        if part.starts_with("Usage:") || part.starts_with("For more information") {
            break;
        }
        if !line.is_empty() {
            line += if line.ends_with(':') || part.starts_with('[') { " " } else { "; " };
        }
        line += part;
    }
    let cause = line.strip_prefix("error: ").unwrap_or(&line);
    format!("{cause} (see --help)")
}
