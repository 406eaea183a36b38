//! The errors of exports and imports, a line each.

use std::io;
use std::path::PathBuf;

use model::{FormatFault, ModelError};

use crate::Format;

/// The advice on a file that is cut off or damaged.
pub(crate) const AGAIN: &str = "copy or export the file again";

/// The error of an export or an import.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// A file could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// "read" or "write".
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A file was read and holds no network that can be taken.
    #[error("{}: {fault}", path.display())]
    Fault {
        /// The file.
        path: PathBuf,
        /// The rule that its contents break.
        #[source]
        fault: Fault,
    },
    /// The layers in a file make no network.
    #[error("{}: {source}", path.display())]
    Network {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ModelError,
    },
    /// Bytes as input are for ONNX: only there, the file says what is done with the input.
    #[error("a {format} file has weights alone, so its input cannot be bytes; ask for ONNX")]
    ByteInput {
        /// The format that was asked for.
        format: Format,
    },
    /// A format has no room for so many numbers.
    #[error(
        "the network takes {bytes} bytes, and a file of the format {format} holds at most {most}"
    )]
    TooLarge {
        /// The format.
        format: Format,
        /// Bytes of its numbers.
        bytes: u64,
        /// The most that the format can have.
        most: u64,
    },
    /// A file could not be put together in memory.
    #[error("cannot make the {format} file: {source}")]
    Make {
        /// The format.
        format: Format,
        /// Why.
        source: io::Error,
    },
}

/// Why the contents of a file are no network that can be taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The file is of no format that is read.
    #[error("the file {found}")]
    Unknown {
        /// A clause that says what it is.
        found: &'static str,
    },
    /// The file breaks the rules of its format.
    #[error("no {format} that can be read: {why}")]
    Broken {
        /// The format.
        format: &'static str,
        /// The rule that it breaks.
        why: String,
    },
    /// A tensor is of a type that is not read.
    #[error("{name} is {found}; save it as float32")]
    Type {
        /// The name of the tensor.
        name: String,
        /// Its type.
        found: String,
    },
    /// A tensor is neither a matrix nor a vector.
    #[error("{name} has shape {shape:?}; dense layers have matrices and vectors")]
    Dimensions {
        /// The name of the tensor.
        name: String,
        /// Its shape.
        shape: Vec<usize>,
    },
    /// A tensor has more or fewer bytes than its shape says.
    #[error("{name} of shape {shape:?} has {bytes} bytes, which does not fit; {AGAIN}")]
    Length {
        /// The name of the tensor.
        name: String,
        /// Its shape.
        shape: Vec<usize>,
        /// Bytes that are there.
        bytes: usize,
    },
    /// A tensor has a size of 0.
    #[error(
        "{name} of shape {shape:?} has no numbers; a layer has at least one input and one unit"
    )]
    Empty {
        /// The name of the tensor.
        name: String,
        /// Its shape.
        shape: Vec<usize>,
    },
    /// A tensor is said to be larger than the file can hold.
    #[error("{name} of shape {shape:?} is larger than what the file has for it; {AGAIN}")]
    NotThere {
        /// The name of the tensor.
        name: String,
        /// Its shape.
        shape: Vec<usize>,
    },
    /// A number is NaN or infinite.
    #[error("{name}[{index}] is {value}; a network's numbers are finite")]
    NotFinite {
        /// The name of the tensor.
        name: String,
        /// The index of the number in the tensor, row-major.
        index: usize,
        /// The number.
        value: f32,
    },
    /// There is not a bias for every matrix, and not none at all.
    #[error(
        "{matrices} matrices and {vectors} vectors are no layers: each has a matrix, and all or none have a bias"
    )]
    Count {
        /// Tensors of two dimensions.
        matrices: usize,
        /// Tensors of one dimension.
        vectors: usize,
    },
    /// The shapes do not form a chain.
    #[error("the matrices {shapes} and their biases form no chain of layers{layout}")]
    NoChain {
        /// Names and shapes of the matrices.
        shapes: String,
        /// The layout that was asked for, as a clause.
        layout: String,
    },
    /// The shapes form several chains.
    #[error(
        "the matrices {shapes} form more than one chain of layers; name them in their order, as in layers.0.weight"
    )]
    Chains {
        /// Names and shapes of the matrices.
        shapes: String,
    },
    /// All matrices are square and their names do not tell how they are laid out.
    #[error(
        "the matrices are square and may be inputs x units or units x inputs; say which with --layout in-out or out-in"
    )]
    Layout,
    /// The layout that was asked for is not that of the file.
    #[error("the file says itself how its matrices are laid out; leave --layout out")]
    LayoutKnown,
    /// A graph has a node that is no part of a chain of dense layers.
    #[error("node {node:?} ({operator}) {why}")]
    Node {
        /// The name of the node.
        node: String,
        /// Its operator.
        operator: String,
        /// A clause that says what is wrong with it.
        why: String,
    },
    /// The metadata do not fit the layers.
    #[error("the metadata says {found:?}, which is not what the tensors are")]
    Metadata {
        /// Sizes and activations in the metadata.
        found: String,
    },
    /// The metadata describe another input or other classes.
    #[error(transparent)]
    Description {
        /// How they differ.
        source: FormatFault,
    },
    /// The system does not give as much memory as the file needs.
    #[error("it takes {bytes} bytes of memory, more than can be had")]
    Memory {
        /// The bytes.
        bytes: u64,
    },
}
