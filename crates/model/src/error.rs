//! The errors of a network. [`ModelError`] says which operation failed; the enums inside it say which rule the
//! input breaks, with the numbers that break it. Each message is one line.

mod data;
mod format;
mod layers;
mod settings;

use std::path::PathBuf;

pub use data::DataError;
pub use format::FormatFault;
pub use layers::LayersError;
pub use settings::{OptimizerSetting, SettingsError};

/// The error of every operation on a network.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The layers make no network.
    #[error(transparent)]
    Layers(#[from] LayersError),
    /// The settings of the optimizer or of a fit make no training.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Rows or targets do not fit the network.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A parameter is NaN or infinite, so the network is not saved: the file would not load.
    #[error("layer {layer} is not finite, so {} is not written", path.display())]
    NotFinite {
        /// The first such layer, from 0.
        layer: usize,
        /// The file that was not written.
        path: PathBuf,
    },
    /// The system does not give as much memory as an operation needs. The operation was not begun.
    #[error("{purpose} takes {} MiB of memory, more than can be had; {remedy}", bytes.div_ceil(1 << 20))]
    Memory {
        /// The operation or the object that needs the memory, in words.
        purpose: String,
        /// The bytes that were asked for; `usize::MAX` stands for any number that is too large to count.
        bytes: usize,
        /// A way to need less memory, in words.
        remedy: &'static str,
    },
    /// A file could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// "read" or "write".
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// A file was read and holds no network.
    #[error("{} holds no network that can be loaded: {fault}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The rule that its contents break.
        #[source]
        fault: FormatFault,
    },
}
