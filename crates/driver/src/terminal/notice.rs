//! What the user should know although it is no error.

use std::fmt::Display;
use std::io::{self, Write};

/// Says it in a line on stderr. A stderr that is closed is no reason to stop.
pub(crate) fn notice(text: impl Display) {
    let _ = writeln!(io::stderr(), "notice: {text}");
}
