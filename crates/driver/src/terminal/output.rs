//! Standard output of a training: the work goes on when its story cannot be told.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

use crate::error::Error;

/// Writes to standard output as long as that works. A failure does not show here, but in [`check`](Self::check).
#[derive(Debug)]
pub(crate) struct Output {
    quiet: bool,
    /// Why nothing is written any more.
    failure: Option<io::Error>,
}

impl Output {
    /// One that tells the story or, if it is `quiet`, nothing but the result.
    pub(crate) fn new(quiet: bool) -> Self {
        Self { quiet, failure: None }
    }

    /// Writes the line that `--quiet` leaves.
    pub(crate) fn result(&mut self, line: impl Display) {
        self.tell(format!("{line}\n").as_bytes());
    }

    /// Whether standard output took everything. A reader that left has seen enough, which is no failure.
    pub(crate) fn check(&mut self) -> Result<(), Error> {
        match self.failure.take_if(|failure| failure.kind() != ErrorKind::BrokenPipe) {
            Some(failure) => Err(failure.into()),
            None => Ok(()),
        }
    }

    fn tell(&mut self, bytes: &[u8]) {
        if self.failure.is_none() {
            self.failure = io::stdout().write_all(bytes).err();
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.quiet {
            self.tell(bytes);
        }
        Ok(bytes.len())
    }

    /// Standard output passes on whole lines by itself.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
