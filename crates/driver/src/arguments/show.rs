//! The options of `driver show`.

use std::path::PathBuf;

use clap::Args;

const EXAMPLES: &str = "\
Examples:
  driver show --model runs/latest
  driver show --model model.safetensors";

/// The options of `driver show`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ShowArguments {
    /// Saved network, or the folder of the run that saved it
    #[arg(long, value_name = "FILE")]
    pub(crate) model: PathBuf,
}
