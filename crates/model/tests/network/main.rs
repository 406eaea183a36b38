//! Networks: how they begin, what they refuse, how they read, and how they are trained in Keras's terms.

mod faults;
mod fit;
mod initial;
mod reading;

use model::{Activation, LayerParameters};

/// A layer whose weights are all 0.5.
fn layer(inputs: usize, units: usize, activation: Activation) -> LayerParameters {
    LayerParameters {
        inputs,
        units,
        activation,
        weights: vec![0.5; inputs * units],
        bias: vec![0.0; units],
    }
}
