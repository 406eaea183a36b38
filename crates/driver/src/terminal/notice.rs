//! Notices: lines on stderr that the user should know and that are no errors.

use std::fmt::Display;
use std::io::{self, Write};

/// Writes a notice on stderr. A stderr that is closed is no reason to stop.
pub(crate) fn notice(text: impl Display) {
    let _ = writeln!(io::stderr(), "notice: {text}");
}
