//! Everything that the program writes to the terminal.
//!
//! `opening` has the first lines of each command, `notice` the lines on stderr, `output` the standard output of a
//! training; `readings` shows what a network reads in images, and `draw` draws them.

pub(crate) mod draw;
pub(crate) mod notice;
pub(crate) mod opening;
pub(crate) mod output;
pub(crate) mod readings;
