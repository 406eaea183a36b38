//! The formats, and how a file is known to be of one.

use std::ffi::OsStr;
use std::fmt;
use std::path::Path;

use crate::Fault;

/// A format of networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A graph of operators, which ONNX Runtime and many others run.
    Onnx,
    /// NumPy's archive of arrays: `layers.0.kernel` (inputs × units), `layers.0.bias` and so on.
    Npz,
    /// The weights in the order and layout of Keras's `get_weights`, as an npz.
    Keras,
    /// safetensors of the `state_dict` of an `nn.Sequential`: `0.weight` (units × inputs), `0.bias`, `2.weight` and so on.
    Pytorch,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Onnx, Self::Npz, Self::Keras, Self::Pytorch];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Onnx => "onnx",
            Self::Npz => "npz",
            Self::Keras => "keras",
            Self::Pytorch => "pytorch",
        }
    }

    /// The format that a file's extension stands for; `None` if it stands for none of them.
    pub fn of_extension(path: &Path) -> Option<Self> {
        match path.extension().and_then(OsStr::to_str)? {
            "onnx" => Some(Self::Onnx),
            "npz" => Some(Self::Npz),
            "safetensors" => Some(Self::Pytorch),
            _ => None,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The kind of file that bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Zip,
    Safetensors,
    Onnx,
}

/// The kind of file that begins as `bytes` do.
pub(crate) fn recognize(bytes: &[u8]) -> Result<Found, Fault> {
    // The tag of the version of ONNX's format, which every writer puts first.
    const IR_VERSION: u8 = 0x08;
    match bytes {
        [] => Err(Fault::Unknown { found: "is empty" }),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Ok(Found::Zip),
        [0x89, b'H', b'D', b'F', ..] => Err(Fault::Unknown {
            found: "is HDF5; save the weights with np.savez(FILE, *model.get_weights())",
        }),
        [0x80, 2..=5, ..] => Err(Fault::Unknown {
            found: "is a pickle, which could run any code; save the state_dict as safetensors",
        }),
        // Eight bytes say how long the JSON behind them is.
        [_, _, _, _, _, _, 0, 0, b'{', ..] => Ok(Found::Safetensors),
        [IR_VERSION, ..] => Ok(Found::Onnx),
        _ => Err(Fault::Unknown { found: "is neither ONNX nor npz nor safetensors" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_first_bytes() {
        for (bytes, expected) in [
            (&b"PK\x03\x04"[..], Ok(Found::Zip)),
            (b"PK\x05\x06", Ok(Found::Zip)),
            (b"\x10\0\0\0\0\0\0\0{", Ok(Found::Safetensors)),
            (b"\x08\0\0\0\0\0\0\0{", Ok(Found::Safetensors)),
            (b"\x08\x08\x12", Ok(Found::Onnx)),
            (b"", Err("is empty")),
            (b"\x89HDF\r\n", Err("np.savez")),
            (b"\x80\x02}q", Err("pickle")),
            (b"<html>", Err("neither")),
        ] {
            match (recognize(bytes), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{bytes:?}"),
                (Err(fault), Err(words)) => {
                    assert!(fault.to_string().contains(words), "{bytes:?}: {fault}");
                }
                (found, _) => panic!("{bytes:?}: {found:?}"),
            }
        }
    }

    #[test]
    fn extensions_stand_for_formats() {
        for (name, format) in [
            ("a.onnx", Some(Format::Onnx)),
            ("a.b.npz", Some(Format::Npz)),
            ("a.safetensors", Some(Format::Pytorch)),
            ("onnx", None),
            ("a.pt", None),
        ] {
            assert_eq!(Format::of_extension(Path::new(name)), format, "{name}");
        }
        for format in Format::ALL {
            assert_eq!(format.to_string(), format.name());
        }
    }
}
