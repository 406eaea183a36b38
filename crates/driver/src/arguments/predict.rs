//! The options of `driver predict`.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::Args;

use super::common::CommonArguments;
use super::help::{TEST_FEATURES, TEST_IMAGES};
use super::values::indices;

/// The options of `driver predict`.
#[derive(Debug, Args)]
#[command(after_help = format!("{TEST_IMAGES}\n\n{TEST_FEATURES}"))]
pub(crate) struct PredictArguments {
    /// Saved network, or the folder of the run that saved it
    #[arg(long, value_name = "FILE")]
    pub(crate) model: PathBuf,
    /// Data and threads.
    #[command(flatten)]
    pub(crate) common: CommonArguments,
    /// Test images or rows to show, counted from 0, and ranges of them, as in 0-99 [default: the first ten; with --json, all]
    #[arg(long, value_name = "N", allow_negative_numbers = true, num_args = 1.., value_delimiter = ',', value_parser = indices)]
    pub(crate) index: Vec<RangeInclusive<usize>>,
    /// Print a line of JSON for each, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
    /// File with the name of each feature, one a line in the order of the indices [default: that of the run]
    #[arg(long, value_name = "FILE")]
    pub(crate) feature_names: Option<PathBuf>,
}
