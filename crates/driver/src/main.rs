//! Trains, evaluates and shows a dense network from the command line, on pictures like MNIST's or on sparse features.
//!
//! Reading order: `arguments` lists what can be asked for, `commands` has a file for each command; begin with
//! `commands/train.rs`, the example from start to end. The commands share three rooms. `data` finds the images and says
//! what is odd about them. `run` is about a training and its folder: it watches the training, notices signals, writes what
//! a run leaves behind and reads it again. `terminal` writes and draws on the terminal. `report` makes the pages about a run and
//! an evaluation and those to draw on.
//! Numerics live in `model`, file formats of the data in `dataset`.

#![forbid(unsafe_code)]

mod arguments;
mod commands;
mod data;
mod error;
mod report;
mod run;
mod terminal;

use std::io;
use std::process::ExitCode;

use arguments::{Arguments, Command};
use error::Error;
use kernels::Isa;
use terminal::notice::failure;
use terminal::opening::Machine;

/// The exit status for a command line that is not understood; everything else that goes wrong exits with 1.
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
            Command::Train(arguments) => return commands::train(arguments, machine),
            Command::Evaluate(arguments) => commands::evaluate(arguments, machine)?,
            Command::Show(arguments) => commands::show(arguments)?,
            #[cfg(feature = "exchange")]
            Command::Export(arguments) => commands::export(arguments)?,
            #[cfg(feature = "exchange")]
            Command::Import(arguments) => commands::import(arguments)?,
            Command::Predict(arguments) => return commands::predict(arguments, machine),
            Command::Draw(arguments) => commands::draw(arguments)?,
            Command::Digits(arguments) => commands::digits(arguments)?,
            Command::TextLike(arguments) => commands::text_like(arguments)?,
            Command::Completions(arguments) => commands::completions(arguments)?,
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Says what went wrong in one line.
fn fail(message: &str, status: u8) -> ExitCode {
    failure(message);
    ExitCode::from(status)
}
