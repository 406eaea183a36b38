//! The options of `driver draw`.

use std::path::PathBuf;

use clap::Args;

/// The options of `driver draw`.
#[derive(Debug, Args)]
#[command(after_help = "\
The page has the network in it and needs neither this program nor a connection.
Where there is a desktop it is opened.

  driver draw --model runs/latest
  driver draw --model network.safetensors --out page.html --no-open")]
pub(crate) struct DrawArguments {
    /// Saved network that reads pictures, or the folder of the run that saved it
    #[arg(long, value_name = "FILE")]
    pub(crate) model: PathBuf,
    /// File for the page; one of this name is replaced [default: draw.html beside the network]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Do not open the page
    #[arg(long)]
    pub(crate) no_open: bool,
}
