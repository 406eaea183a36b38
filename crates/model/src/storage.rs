//! Networks as safetensors: `layers.N.kernel` (inputs × units, row-major f32), `layers.N.bias`, and in the metadata under
//! `network` the sizes and activations, as in `784,512:relu,10:softmax`.
//!
//! One metadata key only: the format's writer puts several in random order, and equal networks should be equal files.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use crate::{Activation, LayerParameters, ModelError, Network};

const METADATA_KEY: &str = "network";

impl Network {
    /// Writes the network to a file, which is the old one or the new one at any time.
    ///
    /// # Errors
    /// If the file cannot be written, or a parameter is not finite: such a file would not load.
    pub fn save(&self, path: &Path) -> Result<(), ModelError> {
        let io = |source| ModelError::Io { action: "write", path: path.to_owned(), source };
        let layers = self.parameters();
        for (l, layer) in layers.iter().enumerate() {
            if layer.kernel.iter().chain(&layer.bias).any(|x| !x.is_finite()) {
                let fault =
                    format!("layer {l} is not finite, so {} is not written", path.display());
                return Err(ModelError::Data(fault));
            }
        }
        write_atomically(path, &self.to_safetensors(&layers)).map_err(io)
    }

    /// Reads a network from a file.
    ///
    /// A file without our metadata is taken as well: its hidden layers are ReLUs.
    ///
    /// # Errors
    /// If the file cannot be read or holds anything else than the tensors of one network.
    pub fn load(path: &Path) -> Result<Self, ModelError> {
        let io = |source| ModelError::Io { action: "read", path: path.to_owned(), source };
        let bytes = fs::read(path).map_err(io)?;
        Self::from_safetensors(&bytes)
            .map_err(|fault| ModelError::Format { path: path.to_owned(), fault })
    }

    /// The bytes of the file.
    fn to_safetensors(&self, layers: &[LayerParameters]) -> Vec<u8> {
        let mut description = self.inputs().to_string();
        let mut tensors = Vec::new();
        for (l, layer) in layers.iter().enumerate() {
            description += &format!(",{}:{}", layer.units, layer.activation.name());
            let bytes =
                |values: &[f32]| values.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
            tensors.push((
                format!("layers.{l}.kernel"),
                vec![layer.inputs, layer.units],
                bytes(&layer.kernel),
            ));
            tensors.push((format!("layers.{l}.bias"), vec![layer.units], bytes(&layer.bias)));
        }
        let views = tensors.iter().map(|(name, shape, bytes)| {
            let view = TensorView::new(Dtype::F32, shape.clone(), bytes)
                .expect("as many bytes as the shape says");
            (name.as_str(), view)
        });
        let metadata = HashMap::from([(METADATA_KEY.to_owned(), description)]);
        safetensors::serialize(views, Some(metadata)).expect("valid tensors")
    }

    fn from_safetensors(bytes: &[u8]) -> Result<Self, String> {
        let tensors =
            SafeTensors::deserialize(bytes).map_err(|e| format!("no safetensors ({e})"))?;
        let (_, header) =
            SafeTensors::read_metadata(bytes).map_err(|e| format!("no safetensors ({e})"))?;
        let count = tensors.len() / 2;
        if count == 0 || tensors.len() % 2 != 0 {
            return Err(format!(
                "{} tensors, not a kernel and a bias for each layer",
                tensors.len()
            ));
        }
        let tensor = |name: String, dimensions: usize| {
            let view = tensors.tensor(&name).map_err(|_| format!("there is no {name}"))?;
            if view.dtype() != Dtype::F32 {
                return Err(format!("{name} is {:?}, not F32", view.dtype()));
            }
            if view.shape().len() != dimensions {
                return Err(format!(
                    "{name} has shape {:?}, not {dimensions} dimensions",
                    view.shape()
                ));
            }
            let (numbers, _) = view.data().as_chunks::<4>();
            let values: Vec<f32> = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
            match values.iter().position(|x| !x.is_finite()) {
                Some(i) => Err(format!("{name}[{i}] is {}", values[i])),
                None => Ok((view.shape().to_vec(), values)),
            }
        };
        let mut layers = Vec::new();
        for l in 0..count {
            let (shape, kernel) = tensor(format!("layers.{l}.kernel"), 2)?;
            let (bias_shape, bias) = tensor(format!("layers.{l}.bias"), 1)?;
            let [inputs, units] = shape[..] else { unreachable!("two dimensions were checked") };
            if bias_shape != [units] {
                return Err(format!(
                    "layers.{l}.bias has shape {bias_shape:?}, the kernel {shape:?}"
                ));
            }
            let activation = if l + 1 == count { Activation::Softmax } else { Activation::Relu };
            layers.push(LayerParameters { inputs, units, activation, kernel, bias });
        }
        if let Some(description) = header.metadata().as_ref().and_then(|m| m.get(METADATA_KEY)) {
            let activations = parse(description, &layers).ok_or_else(|| {
                format!("the metadata says {description:?}, which is not what the tensors are")
            })?;
            for (layer, activation) in layers.iter_mut().zip(activations) {
                layer.activation = activation;
            }
        }
        Self::from_parameters(&layers).map_err(|e| e.to_string())
    }
}

/// The activations in `784,512:relu,10:softmax`; `None` if it is not of this form or not of these sizes.
fn parse(description: &str, layers: &[LayerParameters]) -> Option<Vec<Activation>> {
    let mut parts = description.split(',');
    let inputs: usize = parts.next()?.parse().ok()?;
    let activations: Vec<Activation> = parts
        .zip(layers)
        .map(|(part, layer)| {
            let (units, activation) = part.split_once(':')?;
            (units.parse() == Ok(layer.units)).then_some(())?;
            Activation::from_name(activation)
        })
        .collect::<Option<_>>()?;
    let complete =
        description.split(',').count() == layers.len() + 1 && inputs == layers.first()?.inputs;
    complete.then_some(activations)
}

/// Writes a file that is the old one or the new one at any time: a temporary file beside it, synced, renamed, and the
/// folder synced. What is left of it when the process is killed bears the file's name and ends in `.partial`.
fn write_atomically(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(path.file_name().unwrap_or_default()).suffix(".partial");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What any new file gets, less the umask.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(&folder)?;
    // The file, whose errors do not tell the name it has for now.
    file.as_file_mut().write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    #[cfg(unix)]
    File::open(&folder)?.sync_all()?;
    Ok(())
}
