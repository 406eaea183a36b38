//! The options of `driver evaluate`.

use std::path::PathBuf;

use clap::Args;

use super::common::CommonArguments;
use super::help::{TEST_FEATURES, TEST_IMAGES};

/// The options of `driver evaluate`.
#[derive(Debug, Args)]
#[command(after_help = format!("{TEST_IMAGES}\n\n{TEST_FEATURES}"))]
pub(crate) struct EvaluateArguments {
    /// Saved network, or the folder of the run that saved it
    #[arg(long, value_name = "FILE")]
    pub(crate) model: PathBuf,
    /// File for a page with the classes, the mistakes and the weights; one of this name is replaced
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Data and threads.
    #[command(flatten)]
    pub(crate) common: CommonArguments,
}
