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
