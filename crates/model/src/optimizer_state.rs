//! The optimizer's state between two fits, in the form in which it is exchanged.

use kernels::MatrixRef;
use kernels::dense::{Parameters, State};

use crate::layer::LayerShape;
use crate::network::zero_parameters;
use crate::{ModelError, SettingsError};

/// All that an optimizer knows beside its settings: with it, a training goes on elsewhere, to the bit.
#[derive(Clone, Debug, PartialEq)]
pub struct OptimizerState {
    /// Steps that were made.
    pub steps: u64,
    /// Of the layers, from the first.
    pub layers: Vec<LayerState>,
}

/// The optimizer's state for a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerState {
    /// For each input of the layer, how many of the steps its numbers have seen: an input that is 0 in all rows of a step is
    /// left alone until it is not.
    pub seen: Vec<u64>,
    /// For RMSprop the running means of squared gradients; for Adam those of gradients and those of their squares; for momentum
    /// the velocities. Each for the weights (inputs × units, row-major) and the bias (units).
    pub numbers: Vec<(Vec<f32>, Vec<f32>)>,
}

impl OptimizerState {
    /// A copy of the states of all layers.
    pub(crate) fn of(states: &[State]) -> Self {
        let row_major = |of: &Parameters| (of.weights.to_row_major(), of.bias.to_row_major());
        let layer = |state: &State| LayerState {
            seen: state.seen(),
            numbers: state.numbers().iter().map(row_major).collect(),
        };
        let steps = states.first().map_or(0, State::steps);
        Self { steps, layers: states.iter().map(layer).collect() }
    }

    /// The states of layers of these shapes, with `numbers` numbers a parameter.
    pub(crate) fn states(
        &self,
        shapes: &[LayerShape],
        numbers: usize,
        purpose: &str,
    ) -> Result<Vec<State>, ModelError> {
        self.check(shapes, numbers)?;
        let state = |(shape, layer): (&LayerShape, &LayerState)| {
            let mut to = zero_parameters(&[*shape].repeat(numbers), purpose)?;
            for (to, (weights, bias)) in to.iter_mut().zip(&layer.numbers) {
                to.weights.copy_from(MatrixRef::new(weights, shape.inputs, shape.units));
                to.bias.copy_from(MatrixRef::new(bias, 1, shape.units));
            }
            Ok(State::resumed(to, self.steps, layer.seen.clone()))
        };
        shapes.iter().zip(&self.layers).map(state).collect()
    }

    /// An error if it is not the state of an optimizer with `numbers` numbers a parameter for layers of these shapes.
    fn check(&self, shapes: &[LayerShape], numbers: usize) -> Result<(), SettingsError> {
        let other = |fault| Err(SettingsError::OtherState { fault });
        if self.layers.len() != shapes.len() {
            return other("has another number of layers");
        }
        for (LayerState { seen, numbers: found }, shape) in self.layers.iter().zip(shapes) {
            let fits = |(weights, bias): &(Vec<f32>, Vec<f32>)| {
                (weights.len(), bias.len()) == (shape.inputs * shape.units, shape.units)
            };
            if seen.len() != shape.inputs || !found.iter().all(fits) {
                return other("is of layers of another size");
            }
            if found.len() != numbers {
                return other("is another optimizer's");
            }
            if seen.iter().any(|&seen| seen > self.steps) {
                return other("has seen steps that were not made");
            }
        }
        Ok(())
    }
}
