use std::path::PathBuf;

/// What can go wrong with a network: each in one line.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Sizes, batch size or epochs that make no network or no training.
    #[error("{0}")]
    Settings(String),
    /// Data that does not fit the network.
    #[error("{0}")]
    Data(String),
    /// More memory is asked for than the system gives. Nothing was begun.
    #[error("{purpose} takes {} MiB of memory, more than can be had; {remedy}", bytes.div_ceil(1 << 20))]
    Memory {
        /// What it is for.
        purpose: String,
        /// How much was asked for; `usize::MAX` stands for all that is too much to count.
        bytes: usize,
        /// What can be done about it.
        remedy: &'static str,
    },
    /// A file that could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// "read" or "write".
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file that holds no network.
    #[error("{} holds no network that can be loaded: {fault}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong in it.
        fault: String,
    },
}
