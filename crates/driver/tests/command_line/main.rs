//! The program as its users meet it: arguments, files, output and errors, on a data set that is written here.
//!
//! Nothing here depends on real data or on time. The images are 8×8 with 3 classes, told apart by where a bright bar lies.

mod arguments;
mod evaluate;
mod folder;
mod habits;
mod output;
mod place;
mod predict;
mod recipes;
#[cfg(feature = "report")]
mod report;
mod saved;
#[cfg(unix)]
mod signals;
mod text;
mod train;
