//! `driver evaluate`: a saved network on the test set.

use std::io::{self, Write};

use crate::arguments::EvaluateArguments;
use crate::data::test_set;
use crate::error::Error;
use crate::terminal::opening::{self, Machine};
use record::TestResult;

/// Prints loss and accuracy on the test set.
pub(crate) fn evaluate(arguments: &EvaluateArguments, machine: Machine) -> Result<(), Error> {
    let mut out = io::stdout();
    opening::headline(&mut out, machine)?;
    let (saved, test) = test_set::load(&mut out, &arguments.model, &arguments.common, None)?;
    let result = TestResult::of(&saved.network, test.examples())?;
    if !result.loss.is_finite() {
        return Err(Error::NoLoss { model: saved.file, loss: result.loss });
    }
    writeln!(out, "{result}")?;
    Ok(())
}
