//! PyTorch's state_dict as safetensors.

use model::{LayerParameters, Network, Notes};
use safetensors::SafeTensors;
use safetensors::tensor::Dtype;

use crate::contents::Contents;
use crate::error::{AGAIN, ExchangeError};
use crate::tensor::{Kind, Tensor};
use crate::{Fault, Format};

/// Modules of an `nn.Sequential` that a layer takes: itself and its activation.
const MODULES: usize = 2;

/// The bytes of a safetensors file with the names that the network has as
/// `nn.Sequential(nn.Linear(…), nn.ReLU(), …, nn.Linear(…))`.
pub(crate) fn write(network: &Network, notes: &Notes) -> Result<Vec<u8>, ExchangeError> {
    let mut tensors = Vec::new();
    for (l, layer) in network.parameters().into_iter().enumerate() {
        let LayerParameters { inputs, units, weights, bias, .. } = layer;
        let weights = (0..units).flat_map(|j| weights.iter().skip(j).step_by(units));
        let weights: Vec<u8> = weights.flat_map(|weight| weight.to_le_bytes()).collect();
        tensors.push((format!("{}.weight", MODULES * l), vec![units, inputs], weights));
        let bias = bias.iter().flat_map(|number| number.to_le_bytes()).collect();
        tensors.push((format!("{}.bias", MODULES * l), vec![units], bias));
    }
    // The order that the format asks of tensors of one type.
    tensors.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    let mut file = Vec::new();
    let shapes = tensors.iter().map(|(name, shape, _)| (name.clone(), shape.clone()));
    model::write_safetensors_header(&mut file, shapes.collect(), notes)
        .map_err(|source| ExchangeError::Make { format: Format::Pytorch, source })?;
    for (_, _, bytes) in tensors {
        file.extend(bytes);
    }
    Ok(file)
}

/// The tensors of a safetensors file, and its metadata.
pub(crate) fn read(bytes: &[u8]) -> Result<Contents<'_>, Fault> {
    let broken = |error: safetensors::SafeTensorError| Fault::Broken {
        format: "safetensors",
        why: format!("{error}; {AGAIN}"),
    };
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(broken)?;
    let file = SafeTensors::deserialize(bytes).map_err(broken)?;
    let mut tensors = Vec::new();
    for (name, view) in file.iter() {
        let kind = match view.dtype() {
            Dtype::F32 => Kind::F32,
            Dtype::F64 => Kind::F64,
            other => return Err(Fault::Type { name: name.into(), found: format!("{other:?}") }),
        };
        tensors.push(Tensor::new(name.into(), view.shape().to_vec(), kind, view.data().into())?);
    }
    let notes = header.metadata().iter().flatten().map(|(key, text)| (key.clone(), text.clone()));
    Ok(Contents::Tensors(tensors, notes.collect()))
}
