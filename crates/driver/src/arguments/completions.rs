//! The options of `driver completions`.

use clap::Args;
use clap_complete::Shell;

const EXAMPLES: &str = "\
Examples:
  driver completions bash > ~/.local/share/bash-completion/completions/driver
  driver completions zsh > ~/.zfunc/_driver
  driver completions fish > ~/.config/fish/completions/driver.fish";

/// The options of `driver completions`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CompletionsArguments {
    /// The shell that is to complete
    #[arg(value_name = "SHELL", value_enum)]
    pub(crate) shell: Shell,
}
