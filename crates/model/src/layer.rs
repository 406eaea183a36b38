//! A layer apart from its numbers, and which layers make a network.

use kernels::Panels;

use crate::LayersError;
use crate::limits::{MOST_CLASSES, MOST_WEIGHTS};

/// The function that a layer applies to its sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// `max(x, 0)`, in hidden layers.
    Relu,
    /// `x`, in hidden layers.
    Linear,
    /// `e^x / Σ e^x` over the units, in the output layer and only there.
    Softmax,
}

impl Activation {
    /// The name that stands for it in files and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relu => "relu",
            Self::Linear => "linear",
            Self::Softmax => "softmax",
        }
    }

    /// The activation of this name; `None` if there is none.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Relu, Self::Linear, Self::Softmax].into_iter().find(|a| a.name() == name)
    }
}

/// A layer's parameters in the form in which they are exchanged.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerParameters {
    /// Numbers in a row of input.
    pub inputs: usize,
    /// Numbers in a row of output.
    pub units: usize,
    /// The function that is applied to the sums.
    pub activation: Activation,
    /// Inputs × units, row-major.
    pub weights: Vec<f32>,
    /// A number for each unit.
    pub bias: Vec<f32>,
}

impl LayerParameters {
    pub(crate) fn shape(&self) -> LayerShape {
        LayerShape { inputs: self.inputs, units: self.units, activation: self.activation }
    }
}

/// [`LayerParameters`] without the numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LayerShape {
    pub(crate) inputs: usize,
    pub(crate) units: usize,
    pub(crate) activation: Activation,
}

impl LayerShape {
    /// An error if layer `layer` of this shape has no numbers or too many.
    fn check_size(&self, layer: usize) -> Result<(), LayersError> {
        let &Self { inputs, units, .. } = self;
        if inputs == 0 || units == 0 {
            return Err(LayersError::Empty { layer, inputs, units });
        }
        if Panels::bytes(inputs, units) / size_of::<f32>() > MOST_WEIGHTS {
            return Err(LayersError::TooLarge { layer, inputs, units });
        }
        Ok(())
    }
}

/// Memory that the parameters of these layers take, padding included.
pub(crate) fn bytes(layers: &[LayerShape]) -> usize {
    let panels =
        layers.iter().flat_map(|&LayerShape { inputs, units, .. }| [(inputs, units), (1, units)]);
    panels.map(|(rows, columns)| Panels::bytes(rows, columns)).fold(0, usize::saturating_add)
}

/// An error if these layers, from the first to the output, make no network.
pub(crate) fn check(layers: &[LayerShape]) -> Result<(), LayersError> {
    for (l, layer) in layers.iter().enumerate() {
        layer.check_size(l)?;
        let (inputs, output) = (layer.inputs, l + 1 == layers.len());
        if let Some(before) = layers[..l].last().filter(|before| before.units != inputs) {
            return Err(LayersError::Mismatch { layer: l, inputs, units_before: before.units });
        }
        match layer.activation {
            Activation::Softmax if !output => {
                return Err(LayersError::HiddenSoftmax { layer: l });
            }
            Activation::Relu | Activation::Linear if output => {
                return Err(LayersError::OutputNotSoftmax { layer: l });
            }
            _ => {}
        }
    }
    match layers.last() {
        None => Err(LayersError::NoLayer),
        Some(output) if output.units > MOST_CLASSES => {
            Err(LayersError::TooManyClasses { classes: output.units })
        }
        Some(_) => Ok(()),
    }
}

/// Inputs, units of each hidden layer and classes, as in 784-512-10; of many layers only the ends.
pub(crate) fn name(layers: &[LayerShape]) -> String {
    match layers {
        [] => String::new(),
        [first, .., last] if layers.len() > 8 => format!("{}-…-{}", first.inputs, last.units),
        [first, ..] => {
            let units = layers.iter().map(|layer| format!("-{}", layer.units));
            first.inputs.to_string() + &units.collect::<String>()
        }
    }
}
