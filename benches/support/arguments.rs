//! The command line: `--quick`, and parts of the names of the rows that are wanted.

use std::process::ExitCode;

/// Products beyond this are not checked where nothing is timed: unoptimized, they take too long.
const SMALL_FLOPS: f64 = (1 << 27) as f64;

pub(crate) struct Arguments {
    /// Whether to time; Cargo says so for `cargo bench`.
    pub(crate) bench: bool,
    /// Less time, more noise.
    pub(crate) quick: bool,
    filters: Vec<String>,
}

impl Arguments {
    pub(crate) fn parse() -> Result<Self, String> {
        let mut arguments = Self { bench: false, quick: false, filters: Vec::new() };
        for argument in std::env::args().skip(1) {
            match argument.as_str() {
                "--bench" => arguments.bench = true,
                "--quick" => arguments.quick = true,
                option if option.starts_with('-') => {
                    return Err(format!(
                        "unknown option {option}: there is --quick, and names of rows"
                    ));
                }
                _ => arguments.filters.push(argument),
            }
        }
        Ok(arguments)
    }

    /// Whether the row of this name is wanted; `flops` is what it takes to check it.
    pub(crate) fn selects(&self, name: &str, flops: f64) -> bool {
        let wanted = |filter: &String| name.contains(filter.as_str());
        (self.bench || is_small(flops))
            && (self.filters.is_empty() || self.filters.iter().any(wanted))
    }

    /// The error of a run in which no row was wanted.
    pub(crate) fn nothing_selected(&self) -> String {
        format!("no row has one of {:?} in its name", self.filters)
    }
}

/// Whether a check that takes `flops` is bearable without optimization.
pub(crate) fn is_small(flops: f64) -> bool {
    flops <= SMALL_FLOPS
}

/// How a bench ends: with its error on a line, if it has one.
pub(crate) fn exit(outcome: Result<(), String>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
