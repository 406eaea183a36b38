//! The options of the commands that draw data sets: `driver digits` and `driver text-like`.

use std::path::PathBuf;

use clap::Args;
use model::MOST_CLASSES;

use super::values::{at_least_one, features};

/// The options of `driver digits`.
#[derive(Debug, Args)]
pub(crate) struct DigitsArguments {
    /// Folder for the four files; files of their names are replaced, but none is written beside a gzipped one
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Seed of the drawing: the same seed gives the same files, bit for bit
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 0)]
    pub(crate) seed: u64,
}

/// The options of `driver text-like`.
#[derive(Debug, Args)]
pub(crate) struct TextLikeArguments {
    /// Folder for train.svm, test.svm and features.txt; files of these names are replaced
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Rows to train on
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 20_000, value_parser = at_least_one)]
    pub(crate) rows: usize,
    /// Rows to test on
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 4_000, value_parser = at_least_one)]
    pub(crate) test_rows: usize,
    /// Features, the words that there are
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 50_000, value_parser = features)]
    pub(crate) features: usize,
    /// Different words in a row, on average
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 47, value_parser = at_least_one)]
    pub(crate) non_zeros: usize,
    /// Number of classes
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 20, value_parser = clap::value_parser!(u32).range(2..=MOST_CLASSES as i64))]
    pub(crate) classes: u32,
    /// Seed of the drawing: the same seed gives the same files, bit for bit
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 0)]
    pub(crate) seed: u64,
}
