//! `driver completions`: the words that a shell may complete.

use std::io::{self, Write};

use clap::CommandFactory;

use crate::arguments::{Arguments, CompletionsArguments};
use crate::error::Error;

/// Prints the completions for a shell.
pub(crate) fn completions(arguments: &CompletionsArguments) -> Result<(), Error> {
    // In memory first: the generator would panic where standard output is closed.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "driver", &mut script);
    io::stdout().write_all(&script)?;
    Ok(())
}
