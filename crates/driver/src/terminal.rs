//! Everything that the program writes to the terminal.
//!
//! `opening` has the first lines of each command, `notice` the lines on stderr, `output` the standard output of a
//! training; `shown` shows what a network reads in examples: `readings` in pictures, which `draw` draws, and `rows` in rows of
//! features, both with `class_bars`; `own_readings` in pictures of the user's own. `table` sets lines in columns, `json` writes lines for other programs.

pub(crate) mod class_bars;
pub(crate) mod draw;
pub(crate) mod json;
pub(crate) mod notice;
pub(crate) mod opening;
pub(crate) mod output;
pub(crate) mod own_readings;
pub(crate) mod readings;
pub(crate) mod rows;
pub(crate) mod shown;
pub(crate) mod table;
