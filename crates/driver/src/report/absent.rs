//! The program without the pages.

use std::path::Path;

use model::{ModelError, Network};
use record::{Run, TestResult};

use crate::data::test_set::TestSet;
use crate::error::Error;
use crate::run::saved_network::SavedNetwork;

/// No page about a run.
pub(crate) fn page(_: &Run<'_>) -> Result<Option<String>, ModelError> {
    Ok(None)
}

/// No page about an evaluation.
pub(crate) fn evaluation(_: &SavedNetwork, _: &TestSet, _: &TestResult) -> Result<String, Error> {
    Err(Error::NoPages)
}

/// No page to draw on.
pub(crate) fn drawing(_: &Network, _: &[String], _: [usize; 2], _: &Path) -> Result<String, Error> {
    Err(Error::NoPages)
}

/// There cannot be one.
pub(crate) fn check_drawing(_: &Network, _: &[String], _: [usize; 2]) -> Result<(), Error> {
    Err(Error::NoPages)
}

/// Nothing to open.
pub(crate) fn open(_: &Path) {}
