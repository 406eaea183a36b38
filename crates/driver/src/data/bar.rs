//! How far a reading is, on stderr and only where that is a terminal.

use dataset::{Progress, Unit};
use indicatif::{ProgressBar, ProgressStyle};

const BYTES: &str =
    "{msg} {wide_bar} {decimal_bytes:>9} of {decimal_total_bytes:>9}  {decimal_bytes_per_sec:>12}";
const FILES: &str = "{msg} {wide_bar} {human_pos:>9} of {human_len:>9} files";

/// The bar of a reading.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar, which is hidden if the reading is to be `quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        Self(if quiet { ProgressBar::hidden() } else { ProgressBar::no_length() })
    }

    /// Draws how far the reading is.
    pub(crate) fn show(&self, Progress { path, done, of, unit }: Progress<'_>) {
        if self.0.length() != Some(of) {
            let layout = match unit {
                Unit::Bytes => BYTES,
                Unit::Files => FILES,
            };
            self.0.set_style(ProgressStyle::with_template(layout).expect("a valid layout"));
            // The name comes first: a bar is drawn whenever it changes.
            self.0.set_message(format!("Reading {}", path.display()));
            self.0.set_length(of);
            // The speed is that of this file.
            self.0.reset_elapsed();
        }
        self.0.set_position(done);
    }

    /// Leaves the line to what follows.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
