//! A layer apart from its numbers, and which layers make a network.

use kernels::{LANES, Panels};

use crate::ModelError;

/// The most weights that a layer may have, its units rounded up to a multiple of sixteen: they are kept in panels of
/// sixteen columns. 2³¹ of them take 8 GiB.
pub const MOST_WEIGHTS: usize = 1 << 31;

/// The most classes: class indices are bytes.
pub const MOST_CLASSES: usize = 256;

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
    /// As it is written in files and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relu => "relu",
            Self::Linear => "linear",
            Self::Softmax => "softmax",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
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
    /// What is done with the sums.
    pub activation: Activation,
    /// Inputs × units, row-major.
    pub weights: Vec<f32>,
    /// A number a unit.
    pub bias: Vec<f32>,
}

impl LayerParameters {
    pub(crate) fn shape(&self) -> LayerShape {
        LayerShape { inputs: self.inputs, units: self.units, activation: self.activation }
    }
}

/// [`LayerParameters`] without the numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LayerShape {
    pub(crate) inputs: usize,
    pub(crate) units: usize,
    pub(crate) activation: Activation,
}

impl LayerShape {
    fn check_size(&self) -> Result<(), ModelError> {
        let &Self { inputs, units, .. } = self;
        if inputs == 0 || units == 0 {
            return Err(ModelError::Settings(format!(
                "a layer of {units} units on {inputs} inputs has no numbers; take at least 1 of both"
            )));
        }
        if Panels::bytes(inputs, units) / size_of::<f32>() > MOST_WEIGHTS {
            return Err(ModelError::Settings(format!(
                "a layer of {units} units on {inputs} inputs is too large: {inputs} x {} numbers, with the units rounded up \
                 to a multiple of {LANES}, are more than {MOST_WEIGHTS}",
                units.checked_next_multiple_of(LANES).unwrap_or(units)
            )));
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

/// Whether these layers, from the first to the output, make a network.
pub(crate) fn check(layers: &[LayerShape]) -> Result<(), ModelError> {
    let fault = |l: usize, fault: String| Err(ModelError::Settings(format!("layer {l}: {fault}")));
    for (l, layer) in layers.iter().enumerate() {
        layer.check_size()?;
        let (inputs, output) = (layer.inputs, l + 1 == layers.len());
        if let Some(below) = layers[..l].last().filter(|below| below.units != inputs) {
            return fault(
                l,
                format!("takes {inputs} numbers, the layer before gives {}", below.units),
            );
        }
        match layer.activation {
            Activation::Softmax if !output => {
                return fault(l, "softmax is for the output layer only".into());
            }
            Activation::Relu | Activation::Linear if output => {
                return fault(l, "the output layer's activation must be softmax".into());
            }
            _ => {}
        }
    }
    match layers.last() {
        None => Err(ModelError::Settings("a network needs at least inputs and classes".into())),
        Some(output) if output.units > MOST_CLASSES => Err(ModelError::Settings(format!(
            "{} classes: class indices are bytes, so at most {MOST_CLASSES}",
            output.units
        ))),
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
