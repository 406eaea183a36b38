use kernels::LANES;

use crate::limits::{MOST_CLASSES, MOST_WEIGHTS};

/// Why layers make no network. Layers are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LayersError {
    /// There is no layer.
    #[error("a network needs at least inputs and classes")]
    NoLayer,
    /// A layer has no input or no unit.
    #[error("a layer of {units} units on {inputs} inputs has no numbers; take at least 1 of both")]
    Empty {
        /// The layer.
        layer: usize,
        /// Its inputs.
        inputs: usize,
        /// Its units.
        units: usize,
    },
    /// A layer has more than [`MOST_WEIGHTS`], its units rounded up to a multiple of sixteen.
    #[error(
        "a layer of {units} units on {inputs} inputs is too large: {inputs} x {} numbers, with the units rounded up \
         to a multiple of {LANES}, are more than {MOST_WEIGHTS}",
        units.checked_next_multiple_of(LANES).unwrap_or(*units),
        LANES = LANES,
        MOST_WEIGHTS = MOST_WEIGHTS
    )]
    TooLarge {
        /// The layer.
        layer: usize,
        /// Its inputs.
        inputs: usize,
        /// Its units.
        units: usize,
    },
    /// A layer takes another number of inputs than the layer before it has units.
    #[error("layer {layer}: takes {inputs} numbers, the layer before gives {units_before}")]
    Mismatch {
        /// The layer.
        layer: usize,
        /// Its inputs.
        inputs: usize,
        /// The units of the layer before it.
        units_before: usize,
    },
    /// A network was to take the place of one of another shape.
    #[error(
        "a network {found} cannot take the place of {expected}; take one of the same sizes and activations"
    )]
    OtherNetwork {
        /// Its sizes and activations.
        found: String,
        /// Those of the other.
        expected: String,
    },
    /// The activation of a hidden layer is softmax.
    #[error("layer {layer}: softmax is for the output layer only")]
    HiddenSoftmax {
        /// The layer.
        layer: usize,
    },
    /// The activation of the output layer is not softmax.
    #[error("layer {layer}: the output layer's activation must be softmax")]
    OutputNotSoftmax {
        /// The layer.
        layer: usize,
    },
    /// The output layer has more than [`MOST_CLASSES`] units.
    #[error("{classes} classes: class indices have sixteen bits, so at most {}", MOST_CLASSES)]
    TooManyClasses {
        /// The units of the output layer.
        classes: usize,
    },
    /// A layer has not `inputs × units` weights and `units` bias numbers.
    #[error(
        "layer {layer}: {weights} weights and {bias} bias numbers are not {inputs} x {units} and {units}"
    )]
    ParameterCount {
        /// The layer.
        layer: usize,
        /// Its inputs.
        inputs: usize,
        /// Its units.
        units: usize,
        /// The weights that are given for it.
        weights: usize,
        /// The bias numbers that are given for it.
        bias: usize,
    },
    /// A parameter is NaN or infinite.
    #[error("layer {layer}: number {index} is not finite")]
    NotFinite {
        /// The layer.
        layer: usize,
        /// Which of its numbers, from 0: first the weights, row-major, then the bias.
        index: usize,
    },
}
