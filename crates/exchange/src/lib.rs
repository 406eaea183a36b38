//! Networks as other systems keep them: [`export`] writes a network for ONNX Runtime, NumPy, PyTorch or Keras, [`import`] takes
//! one back. What a file says beside the numbers, a [`Description`] and the activations, goes along wherever the format has a
//! place for it.
//!
//! ```
//! use exchange::{Format, Options, export, import};
//! use model::{Activation, Description, Network};
//!
//! let folder = tempfile::tempdir()?;
//! let file = folder.path().join("network.onnx");
//! let network = Network::glorot_uniform(&[4, 8, 3], Activation::Relu, 0)?;
//! export(&file, Format::Onnx, &network, &Description::default(), &Options::default())?;
//! let imported = import(&file, None)?;
//! assert_eq!(imported.network, network);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Reading order: `onnx`, `npz` and `pytorch` know a format each, and all of them write a [`Network`] and read
//! `Contents`. `chain` finds the layers that tensors of any names make, `contents` makes the network of them.
//!
//! # Promises
//!
//! - An exported file is the old one or the new one at any time, and equal networks are equal files.
//! - An imported network has the very numbers of the file; numbers of 64 bits are rounded to 32. None of them is NaN or infinite.
//! - A file is read without trust: nothing is allocated before its size is known to be there, no code in it is run, and
//!   what is broken is an error of one line.

#![forbid(unsafe_code)]

mod chain;
mod contents;
mod error;
mod format;
mod npy;
mod npz;
mod onnx;
mod pytorch;
mod tensor;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use model::{Description, Network, Notes};

pub use chain::Layout;
pub use error::{ExchangeError, Fault};
pub use format::Format;
use format::Found;

/// The key of the metadata that has the sizes and activations, as a network's own file has it: `784,512:relu,10:softmax`.
const NETWORK: &str = "network";

/// How a network is exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// ONNX: the input is bytes (`uint8`), and the division by 255 is in the file. Else it is numbers in [0, 1].
    pub byte_input: bool,
}

/// A network from another system's file.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The network.
    pub network: Network,
    /// The description of its input and classes in the file.
    pub description: Description,
}

/// Writes `network` to the file `path`, which is the old one or the new one at any time.
///
/// # Errors
/// If the file cannot be written, the format cannot hold a network of this size, or it is asked for what it cannot do.
pub fn export(
    path: &Path,
    format: Format,
    network: &Network,
    description: &Description,
    options: &Options,
) -> Result<(), ExchangeError> {
    if options.byte_input && format != Format::Onnx {
        return Err(ExchangeError::ByteInput { format });
    }
    let mut notes = description.to_notes();
    notes.insert(NETWORK.into(), sizes_and_activations(network));
    // Made as a whole before the file is touched: what a format cannot hold costs nobody the old file.
    let contents = match format {
        Format::Onnx => onnx::write(network, &notes, options.byte_input)?,
        Format::Npz | Format::Keras => npz::write(network, &notes)?,
        Format::Pytorch => pytorch::write(network, &notes)?,
    };
    whole_file::write(path, |file| file.write_all(&contents)).map_err(|source| ExchangeError::Io {
        action: "write",
        path: path.to_owned(),
        source,
    })
}

/// Reads a network from a file of any of the formats, which its first bytes tell. `layout` is that of its matrices; without
/// it, shapes and names have to tell it.
///
/// Activations come from ONNX's graph or from metadata that [`export`] has written. Where there are none, hidden layers are
/// ReLUs. A network that ends in sums, as PyTorch's usually do, gets the softmax that makes probabilities of them.
///
/// # Errors
/// If the file cannot be read or holds anything else than one chain of dense layers, or memory is too small.
pub fn import(path: &Path, layout: Option<Layout>) -> Result<Imported, ExchangeError> {
    let io = |source| ExchangeError::Io { action: "read", path: path.to_owned(), source };
    let fault = |fault| ExchangeError::Fault { path: path.to_owned(), fault };
    let mut file = File::open(path).map_err(io)?;
    let length = file.metadata().map_err(io)?.len();
    let mut bytes = Vec::new();
    let room = usize::try_from(length).ok().and_then(|length| bytes.try_reserve(length).ok());
    room.ok_or(Fault::Memory { bytes: length }).map_err(fault)?;
    file.read_to_end(&mut bytes).map_err(io)?;
    let contents = match format::recognize(&bytes).map_err(fault)? {
        Found::Zip => npz::read(&bytes),
        Found::Safetensors => pytorch::read(&bytes),
        Found::Onnx => onnx::read(bytes, path.parent()),
    };
    let layers = contents.and_then(|contents| contents.layers(layout)).map_err(fault)?;
    let network = Network::from_parameters(&layers.parameters)
        .map_err(|source| ExchangeError::Network { path: path.to_owned(), source })?;
    let description = Description::from_notes(&layers.notes, network.inputs(), network.classes())
        .map_err(|source| fault(Fault::Description { source }))?;
    Ok(Imported { network, description })
}

/// `784,512:relu,10:softmax`.
fn sizes_and_activations(network: &Network) -> String {
    let mut text = network.inputs().to_string();
    for (units, activation) in network.sizes()[1..].iter().zip(network.activations()) {
        text += &format!(",{units}:{}", activation.name());
    }
    text
}

/// The notes but for the sizes and activations, which [`export`] adds.
fn without_network(mut notes: Notes) -> Notes {
    notes.remove(NETWORK);
    notes
}
