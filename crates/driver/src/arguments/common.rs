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
    /// Folder with IDX files or with a folder of pictures for each class; or file: .npz, .csv or svmlight
    #[arg(long, value_name = "PATH")]
    pub(crate) data: Option<PathBuf>,
    /// Column of labels in a .csv: its name, or its number from 1 [default: label or class, or else the first]
    #[arg(long, value_name = "NAME|N", requires = "data")]
    pub(crate) label_column: Option<String>,
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
