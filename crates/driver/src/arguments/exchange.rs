//! The options of `driver export` and `driver import`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

const EXPORT_EXAMPLES: &str = "\
Formats:
  onnx     a graph that ONNX Runtime and others run: input `input`, rows of numbers
           in [0, 1], or of uint8 with --input bytes; output `probabilities`
  npz      NumPy's: layers.0.kernel (inputs x units), layers.0.bias, layers.1.kernel …
  keras    the arrays of Keras's get_weights in their order, also an npz
  pytorch  safetensors of nn.Sequential's state_dict: 0.weight (units x inputs),
           0.bias, 2.weight …; the last Linear gives sums, softmax them

Examples:
  driver export --model runs/latest model.onnx
  driver export --model runs/latest --input bytes model.onnx
  driver export --model runs/latest model.npz
  driver export --model runs/latest --format pytorch state_dict.safetensors";

const IMPORT_EXAMPLES: &str = "\
The file is ONNX, npz or safetensors; its first bytes tell. Names of arrays may be
any whose shapes form one chain of layers. Activations are those of ONNX's graph or
of a file that `driver export` wrote; without either, hidden layers are ReLUs. The
output is always softmax.

Examples:
  driver import model.onnx --out model.safetensors
  driver import state_dict.safetensors --out model.safetensors
  driver import square.npz --layout in-out --out model.safetensors";

/// The options of `driver export`.
#[derive(Debug, Args)]
#[command(after_help = EXPORT_EXAMPLES)]
pub(crate) struct ExportArguments {
    /// Saved network, or the folder of the run that saved it
    #[arg(long, value_name = "FILE")]
    pub(crate) model: PathBuf,
    /// Format to write [default: by the name of FILE: .onnx, .npz, or .safetensors for pytorch]
    #[arg(long, value_name = "NAME", value_enum)]
    pub(crate) format: Option<FormatName>,
    /// Input of an ONNX file: numbers in [0, 1], or bytes that it divides by 255 itself
    #[arg(long, value_name = "KIND", value_enum, default_value_t)]
    pub(crate) input: InputName,
    /// File to write; an old one is replaced
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// The options of `driver import`.
#[derive(Debug, Args)]
#[command(after_help = IMPORT_EXAMPLES)]
pub(crate) struct ImportArguments {
    /// File of a network that another system saved
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// File for the network, in the program's own format; an old one is replaced
    #[arg(long, value_name = "MODEL")]
    pub(crate) out: PathBuf,
    /// Meaning of rows and columns of the matrices, where all are square and names do not tell
    #[arg(long, value_name = "LAYOUT", value_enum)]
    pub(crate) layout: Option<LayoutName>,
}

/// The formats of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatName {
    Onnx,
    Npz,
    Keras,
    Pytorch,
}

/// The input of an exported network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputName {
    #[default]
    Numbers,
    Bytes,
}

/// The layouts of matrices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LayoutName {
    InOut,
    OutIn,
}
