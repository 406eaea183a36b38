//! Lines on stderr.

use std::fmt::Display;
use std::io::{self, Write};

/// Writes what the user should know and is no error. A stderr that is closed is no reason to stop.
pub(crate) fn notice(text: impl Display) {
    let _ = writeln!(io::stderr(), "notice: {text}");
}

/// Writes an error after which the work goes on. A stderr that is closed leaves the exit status to say it.
pub(crate) fn failure(text: impl Display) {
    let _ = writeln!(io::stderr(), "error: {text}");
}
