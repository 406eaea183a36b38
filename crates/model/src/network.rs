use std::collections::TryReserveError;

use kernels::dense::{self, Parameters};
use kernels::{MatrixRef, Panels, Rows, Targets};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::layer::{self, Activation, LayerParameters, LayerShape};
use crate::{ModelError, memory};

/// A network of dense layers, its parameters kept in panels.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    pub(crate) layers: Vec<Parameters>,
    /// Of the hidden layers: one less than layers.
    pub(crate) hidden: Vec<dense::Activation>,
}

impl Network {
    /// A network with Glorot-uniform weights, `±√(6 / (inputs + units))`, and zero biases, as Keras's `Dense` has them.
    /// `sizes` is inputs, units of each hidden layer, classes; `hidden` is the activation of the hidden layers.
    ///
    /// The numbers come from xoshiro256++, seeded through SplitMix64: the upper 24 bits of each 32 are a number
    /// in [0, 1), layer after layer, weights row-major. They begin a long jump (2^192 numbers) into the sequence, so that who
    /// shuffles with a generator of the same seed has other numbers.
    ///
    /// # Errors
    /// If there are fewer than two sizes, one of them is 0, there are more than 256 classes, `hidden` is softmax, a layer
    /// has more than [`MOST_WEIGHTS`](crate::MOST_WEIGHTS), or there is not enough memory.
    pub fn glorot_uniform(
        sizes: &[usize],
        hidden: Activation,
        seed: u64,
    ) -> Result<Self, ModelError> {
        let output = sizes.len().saturating_sub(2);
        let shape = |(l, pair): (usize, &[usize])| LayerShape {
            inputs: pair[0],
            units: pair[1],
            activation: if l == output { Activation::Softmax } else { hidden },
        };
        let shapes: Vec<LayerShape> = sizes.windows(2).enumerate().map(shape).collect();
        let mut network = Self::zeros(&shapes)?;
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        random.long_jump();
        for layer in &mut network.layers {
            let (inputs, units) = (layer.inputs(), layer.units());
            let limit = (6.0 / (inputs + units) as f64).sqrt() as f32;
            for i in 0..inputs {
                for weight in layer.weights.row_mut(i).flatten() {
                    let unit = (random.next_u32() >> 8) as f32 / (1 << 24) as f32;
                    *weight = limit * (2.0 * unit - 1.0);
                }
            }
        }
        Ok(network)
    }

    /// A network of given parameters, from the first layer to the output.
    ///
    /// # Errors
    /// If there is no layer, a length is not what the sizes say, a layer does not take what the one before gives, softmax
    /// is not the last activation and only that, there are more than 256 classes, a number is not finite, a layer has more
    /// than [`MOST_WEIGHTS`](crate::MOST_WEIGHTS), or there is not enough memory.
    pub fn from_parameters(layers: &[LayerParameters]) -> Result<Self, ModelError> {
        let shapes: Vec<LayerShape> = layers.iter().map(LayerParameters::shape).collect();
        layer::check(&shapes)?;
        for (l, LayerParameters { inputs, units, weights, bias, .. }) in layers.iter().enumerate() {
            let fault = if weights.len() != inputs * units || bias.len() != *units {
                let (weights, bias) = (weights.len(), bias.len());
                format!(
                    "{weights} weights and {bias} bias numbers are not {inputs} x {units} and {units}"
                )
            } else if let Some(i) = weights.iter().chain(bias).position(|x| !x.is_finite()) {
                format!("number {i} is not finite")
            } else {
                continue;
            };
            return Err(ModelError::Settings(format!("layer {l}: {fault}")));
        }
        let mut network = Self::zeros(&shapes)?;
        for (to, LayerParameters { inputs, units, weights, bias, .. }) in
            network.layers.iter_mut().zip(layers)
        {
            to.weights.copy_from(MatrixRef::new(weights, *inputs, *units));
            to.bias.copy_from(MatrixRef::new(bias, 1, *units));
        }
        Ok(network)
    }

    /// A network of these layers whose parameters are 0.
    pub(crate) fn zeros(shapes: &[LayerShape]) -> Result<Self, ModelError> {
        layer::check(shapes)?;
        let purpose = format!("the network {}", layer::name(shapes));
        let layers = zero_parameters(shapes, purpose, "take fewer or smaller layers")?;
        let hidden = shapes.iter().filter_map(|shape| match shape.activation {
            Activation::Relu => Some(dense::Activation::Relu),
            Activation::Linear => Some(dense::Activation::Linear),
            Activation::Softmax => None,
        });
        Ok(Self { layers, hidden: hidden.collect() })
    }

    /// A copy of the parameters, row-major, from the first layer to the output. It takes as much memory again.
    pub fn parameters(&self) -> Vec<LayerParameters> {
        self.layers
            .iter()
            .zip(self.activations())
            .map(|(layer, activation)| LayerParameters {
                inputs: layer.inputs(),
                units: layer.units(),
                activation,
                weights: layer.weights.to_row_major(),
                bias: layer.bias.to_row_major(),
            })
            .collect()
    }

    /// The activation of each layer.
    pub fn activations(&self) -> impl Iterator<Item = Activation> {
        let hidden = self.hidden.iter().map(|activation| match activation {
            dense::Activation::Relu => Activation::Relu,
            dense::Activation::Linear => Activation::Linear,
        });
        hidden.chain([Activation::Softmax])
    }

    /// Inputs, units of each hidden layer, classes.
    pub fn sizes(&self) -> Vec<usize> {
        std::iter::once(self.inputs()).chain(self.layers.iter().map(Parameters::units)).collect()
    }

    /// Numbers in a row of input.
    pub fn inputs(&self) -> usize {
        self.layers[0].inputs()
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.layers[self.layers.len() - 1].units()
    }

    /// All layers but the last.
    pub(crate) fn hidden_layers(&self) -> &[Parameters] {
        &self.layers[..self.layers.len() - 1]
    }

    /// The last layer.
    pub(crate) fn output_layer(&self) -> &Parameters {
        &self.layers[self.layers.len() - 1]
    }

    /// How many numbers are trained.
    pub fn parameter_count(&self) -> usize {
        self.layers.iter().map(|layer| (layer.inputs() + 1) * layer.units()).sum()
    }

    pub(crate) fn shapes(&self) -> Vec<LayerShape> {
        let shape = |(layer, activation): (&Parameters, _)| LayerShape {
            inputs: layer.inputs(),
            units: layer.units(),
            activation,
        };
        self.layers.iter().zip(self.activations()).map(shape).collect()
    }

    /// A table of layers, output shapes and parameters, as Keras's `summary` gives.
    pub fn summary(&self) -> String {
        crate::summary::table(self)
    }

    pub(crate) fn check_rows(&self, rows: &Rows<'_>) -> Result<(), ModelError> {
        if rows.columns() != self.inputs() {
            return Err(ModelError::Data(format!(
                "rows of {} numbers for a network that takes {}",
                rows.columns(),
                self.inputs()
            )));
        }
        if u32::try_from(rows.len()).is_err() {
            return Err(ModelError::Data(format!("{} rows are more than 2^32", rows.len())));
        }
        Ok(())
    }

    pub(crate) fn check_examples(
        &self,
        rows: &Rows<'_>,
        targets: &Targets<'_>,
    ) -> Result<(), ModelError> {
        self.check_rows(rows)?;
        let fault = |fault: String| Err(ModelError::Data(fault));
        if rows.is_empty() {
            return fault("no rows".into());
        }
        if rows.len() != targets.len() {
            return fault(format!("{} rows with {} targets", rows.len(), targets.len()));
        }
        match targets {
            Targets::Classes(classes) => {
                if let Some(i) = classes.iter().position(|c| usize::from(*c) >= self.classes()) {
                    return fault(format!(
                        "target {} of row {i} for a network of {} classes",
                        classes[i],
                        self.classes()
                    ));
                }
            }
            Targets::Distributions(matrix) => {
                if matrix.columns() != self.classes() {
                    return fault(format!(
                        "targets of {} numbers for a network of {} classes",
                        matrix.columns(),
                        self.classes()
                    ));
                }
            }
        }
        Ok(())
    }
}

/// Zeros in the shape of these layers' parameters, if there is memory for all of them.
pub(crate) fn zero_parameters(
    shapes: &[LayerShape],
    purpose: String,
    remedy: &'static str,
) -> Result<Vec<Parameters>, ModelError> {
    let bytes = layer::bytes(shapes);
    memory::check(bytes, || purpose.clone(), remedy)?;
    let zeros = |shape: &LayerShape| {
        let weights = Panels::try_zeros(shape.inputs, shape.units)?;
        Ok(Parameters { weights, bias: Panels::try_zeros(1, shape.units)? })
    };
    let layers = shapes.iter().map(zeros).collect::<Result<_, TryReserveError>>();
    layers.map_err(|_| ModelError::Memory { purpose, bytes, remedy })
}
