//! Trains, evaluates and shows a dense network on MNIST from the command line.
//!
//! Reading order: `arguments` (what can be asked for), `train` (the story of the example, start to end), then
//! what it leans on: `data` knows where images come from, `classes` which of them are missing, `saved_network` what an
//! earlier run has left, `progress` watches the training, `signals` ends it before its time, `run_folder` keeps what a
//! run leaves behind, `report` makes a page of it, `draw` puts digits on the terminal. Numerics live in `model`, file
//! formats of the data in `dataset`.

#![forbid(unsafe_code)]

mod arguments;
mod chance;
mod checksums;
mod classes;
mod data;
mod digits;
mod download;
mod draw;
mod error;
mod evaluate;
mod notice;
mod output;
mod predict;
mod progress;
mod record;
#[cfg(feature = "report")]
mod report;
mod run_folder;
mod saved_network;
mod signals;
mod story;
mod test_set;
mod train;

use std::io::{self, Write};
use std::process::ExitCode;

use arguments::{Arguments, Command};
use error::Error;
use kernels::Isa;
use story::Machine;

/// What was asked for could not be understood; everything else that goes wrong exits with 1.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments = match arguments::parse(std::env::args_os()) {
        Ok(arguments) => arguments,
        // Help and version come as an "error" that belongs on stdout.
        Err(answer) if !answer.use_stderr() => answer.exit(),
        Err(error) => return fail(&arguments::one_line(&error), USAGE),
    };
    match run(&arguments) {
        Ok(status) => status,
        // `driver predict | head`: whoever reads has seen enough, which is no failure.
        Err(Error::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string(), 1),
    }
}

/// Runs the command inside one pool of threads, so that no operation has to enter it again.
fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let machine = Machine { isa: Isa::from_environment()?, threads: arguments.threads() };
    let threads = machine.threads;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|source| Error::Threads { threads, source })?;
    pool.install(|| {
        match &arguments.command {
            Command::Train(arguments) => return train::train(arguments, machine),
            Command::Evaluate(arguments) => evaluate::evaluate(arguments, machine)?,
            Command::Predict(arguments) => predict::predict(arguments, machine)?,
            Command::Digits(arguments) => digits::digits(arguments)?,
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Says what went wrong in one line. A stderr that is closed leaves the exit status to say it.
fn fail(message: &str, status: u8) -> ExitCode {
    let _ = writeln!(io::stderr(), "error: {message}");
    ExitCode::from(status)
}
