//! How cost grows with batch size, width, density of the input, number of features and threads, and where skipping zeros
//! stops paying.
//!
//! ```text
//! cargo bench --bench sweep                      every row, a minute or two
//! cargo bench --bench sweep -- width             the rows with one of these in their names
//! cargo bench --bench sweep -- --quick           fewer rows, less time, more noise
//! ```
//!
//! Everything is checked before it is timed. Under `cargo test --benches` there is only the check, of the smaller networks.

mod cost;
mod crossing;
mod features;
#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;
use support::arguments::{self, Arguments};
use support::crew::Crew;

fn main() -> ExitCode {
    arguments::exit(run())
}

fn run() -> Result<(), String> {
    let arguments = Arguments::parse()?;
    let mut crews = Crew::doubling()?;
    let rows = cost::sweep(&arguments, &mut crews)?
        + features::sweep(&arguments, &mut crews)?
        + crossing::sweep(&arguments, &mut crews)?;
    if rows == 0 {
        return Err(arguments.nothing_selected());
    }
    if !arguments.bench {
        println!("{rows} rows right");
    }
    Ok(())
}
