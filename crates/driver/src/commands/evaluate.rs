//! `driver evaluate`: a saved network on the test set.

use std::io::{self, Write};

use crate::arguments::EvaluateArguments;
use crate::data::test_set;
use crate::error::Error;
use crate::report;
use crate::terminal::opening::{self, Machine};
use record::TestResult;

/// Prints loss and accuracy on the test set, and writes a page about it if one is asked for.
pub(crate) fn evaluate(arguments: &EvaluateArguments, machine: Machine) -> Result<(), Error> {
    let mut out = io::stdout();
    opening::headline(&mut out, machine)?;
    let (saved, test) = test_set::load(&mut out, &arguments.model, &arguments.common, None)?;
    let result = TestResult::of(&saved.network, test.examples())?;
    if !result.loss.is_finite() {
        return Err(Error::NoLoss { model: saved.file, loss: result.loss });
    }
    writeln!(out, "{result}")?;
    if let Some(file) = &arguments.report {
        let page = report::evaluation(&saved, &test, &result)?;
        whole_file::write(file, |out| out.write_all(page.as_bytes()))
            .map_err(Error::file("write", file))?;
        writeln!(out, "The classes, the mistakes and the weights on a page: {}", file.display())?;
    }
    Ok(())
}
