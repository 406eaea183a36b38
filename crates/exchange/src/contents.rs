//! The contents of a file, and the layers of a network that it makes.

use std::iter;

use model::{Activation, LayerParameters, Notes};

use crate::tensor::Tensor;
use crate::{Fault, Layout, NETWORK, chain, without_network};

/// The contents of a file.
#[derive(Debug)]
pub(crate) enum Contents<'a> {
    /// Tensors of any names, and the metadata.
    Tensors(Vec<Tensor<'a>>, Notes),
    /// The layers that a graph says, and the metadata.
    Layers(Layers),
}

/// The layers of a network, and what the file says beside.
#[derive(Debug)]
pub(crate) struct Layers {
    pub(crate) parameters: Vec<LayerParameters>,
    pub(crate) notes: Notes,
}

impl Contents<'_> {
    /// The layers.
    pub(crate) fn layers(self, layout: Option<Layout>) -> Result<Layers, Fault> {
        let (tensors, notes) = match self {
            Self::Layers(_) if layout.is_some() => return Err(Fault::LayoutKnown),
            Self::Layers(layers) => return Ok(layers),
            Self::Tensors(tensors, notes) => (tensors, notes),
        };
        let (pairs, layout) = chain::find(&tensors, layout)?;
        let mut parameters = Vec::new();
        for pair in &pairs {
            let weights = pair.matrix.numbers(layout == Layout::OutIn)?;
            let [inputs, units] = match (layout, &pair.matrix.shape[..]) {
                (Layout::InOut, &[rows, columns]) => [rows, columns],
                (Layout::OutIn, &[rows, columns]) => [columns, rows],
                _ => unreachable!("a matrix"),
            };
            let bias = match pair.bias {
                Some(bias) => bias.numbers(false)?,
                None => vec![0.0; units],
            };
            let activation = Activation::Relu;
            parameters.push(LayerParameters { inputs, units, activation, weights, bias });
        }
        let activations = match notes.get(NETWORK) {
            None => hidden_relus(parameters.len()).collect(),
            Some(text) => {
                parse(text, &parameters).ok_or_else(|| Fault::Metadata { found: text.clone() })?
            }
        };
        for (layer, activation) in parameters.iter_mut().zip(activations) {
            layer.activation = activation;
        }
        Ok(Layers { parameters, notes: without_network(notes) })
    }
}

/// ReLUs, and softmax at the end.
fn hidden_relus(layers: usize) -> impl Iterator<Item = Activation> {
    iter::repeat_n(Activation::Relu, layers - 1).chain([Activation::Softmax])
}

/// The activations in `784,512:relu,10:softmax`; `None` if it is not of this form or not of these sizes.
fn parse(text: &str, layers: &[LayerParameters]) -> Option<Vec<Activation>> {
    let (inputs, rest) = text.split_once(',')?;
    let mut activations = Vec::new();
    let mut layers = layers.iter();
    let mut before = inputs.parse().ok()?;
    for part in rest.split(',') {
        let (units, activation) = part.split_once(':')?;
        let layer = layers.next()?;
        (layer.inputs == before && units.parse() == Ok(layer.units)).then_some(())?;
        activations.push(Activation::from_name(activation)?);
        before = layer.units;
    }
    layers.next().is_none().then_some(activations)
}
