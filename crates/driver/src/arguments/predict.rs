//! The options of `driver predict`.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::Args;

use super::common::CommonArguments;
use super::help::{OWN_PICTURES, TEST_FEATURES, TEST_IMAGES};
use super::values::indices;

/// The options of `driver predict`.
#[derive(Debug, Args)]
#[command(after_help = format!("{OWN_PICTURES}\n\n{TEST_IMAGES}\n\n{TEST_FEATURES}"))]
pub(crate) struct PredictArguments {
    /// Saved network, or the folder of the run that saved it
    #[arg(long, value_name = "FILE")]
    pub(crate) model: PathBuf,
    /// Data and threads.
    #[command(flatten)]
    pub(crate) common: CommonArguments,
    /// Pictures to read instead of test images, or folders of them: PNG, JPEG, WebP or PGM, of any size
    #[arg(value_name = "FILE", conflicts_with_all = ["data", "dataset", "index", "mistakes", "feature_names"])]
    pub(crate) files: Vec<PathBuf>,
    /// Take the pictures as they are: they have the network's size, with light ink on dark
    #[arg(long, requires = "files")]
    pub(crate) as_is: bool,
    /// Test images or rows to show, counted from 0, and ranges of them, as in 0-99 [default: the first ten; with --json, all]
    #[arg(long, value_name = "N", allow_negative_numbers = true, num_args = 1.., value_delimiter = ',', value_parser = indices)]
    pub(crate) index: Vec<RangeInclusive<usize>>,
    /// Show only what is read wrongly, of the test images or rows that --index names, or of all
    #[arg(long)]
    pub(crate) mistakes: bool,
    /// Print a line of JSON for each, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
    /// File with the name of each feature, one a line in the order of the indices [default: that of the run]
    #[arg(long, value_name = "FILE")]
    pub(crate) feature_names: Option<PathBuf>,
}
