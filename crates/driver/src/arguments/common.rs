//! The options of every command that reads examples.

use std::path::PathBuf;

use clap::Args;

use super::names::DatasetName;

/// More threads than this is a slip of the keyboard.
const MOST_THREADS: i64 = 1024;

/// The options of every command that reads images.
///
/// Here and below, numbers may look negative so that the complaint about them names the option.
#[derive(Debug, Args)]
pub(crate) struct CommonArguments {
    /// Folder with four IDX files named as MNIST's are, or file of features in svmlight's format; plain or gzipped
    #[arg(long, value_name = "PATH")]
    pub(crate) data: Option<PathBuf>,
    /// Images to work on, and no others [default: see below]
    #[arg(long, value_name = "NAME", value_enum, conflicts_with = "data")]
    pub(crate) dataset: Option<DatasetName>,
    /// Download nothing: work on what is on this machine
    #[arg(long)]
    pub(crate) offline: bool,
    /// Threads to compute with; the results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=MOST_THREADS))]
    pub(crate) threads: Option<u16>,
}
