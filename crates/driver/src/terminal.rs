//! Everything that the program writes to the terminal.
//!
//! `opening` has the first lines of each command, `notice` the lines on stderr, `output` the standard output of a
//! training; `shown` shows what a network reads in examples: `readings` in pictures, which `draw` draws, and `rows` in rows of
//! features, both with `class_bars`.

pub(crate) mod class_bars;
pub(crate) mod draw;
pub(crate) mod notice;
pub(crate) mod opening;
pub(crate) mod output;
pub(crate) mod readings;
pub(crate) mod rows;
pub(crate) mod shown;
