use std::collections::TryReserveError;

use kernels::dense::{self, Parameters};
use kernels::{MatrixRef, Panels, Rows, Targets};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::layer::{self, Activation, LayerParameters, LayerShape};
use crate::{DataError, LayersError, ModelError, memory};

/// A network of dense layers that classifies rows of `f32` numbers or bytes. The activation of each hidden layer is ReLU or
/// linear, that of the output layer is softmax. A layer has inputs × units weights and a bias number for each unit.
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
    /// in [0, 1), layer after layer, weights row-major. They begin a long jump (2^192 numbers) into the sequence, so that a
    /// [`Shuffler`](crate::Shuffler) of the same seed has other numbers.
    ///
    /// # Errors
    /// [`ModelError::Layers`] if there are fewer than two sizes, one of them is 0, there are more than 65,536 classes, `hidden` is
    /// softmax, or a layer has more than [`MOST_WEIGHTS`](crate::MOST_WEIGHTS). [`ModelError::Memory`] if there is not enough
    /// memory.
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
    /// [`ModelError::Layers`] if there is no layer, a length is not what the sizes say, the inputs of a layer are not the units
    /// of the one before, softmax is not the last activation and only that, there are more than 65,536 classes, a number is
    /// not finite, or a layer has more than [`MOST_WEIGHTS`](crate::MOST_WEIGHTS). [`ModelError::Memory`] if there is not enough
    /// memory.
    pub fn from_parameters(layers: &[LayerParameters]) -> Result<Self, ModelError> {
        let shapes: Vec<LayerShape> = layers.iter().map(LayerParameters::shape).collect();
        layer::check(&shapes)?;
        for (l, LayerParameters { inputs, units, weights, bias, .. }) in layers.iter().enumerate() {
            if weights.len() != inputs * units || bias.len() != *units {
                let (weights, bias) = (weights.len(), bias.len());
                let (inputs, units) = (*inputs, *units);
                return Err(
                    LayersError::ParameterCount { layer: l, inputs, units, weights, bias }.into()
                );
            }
            if let Some(index) = weights.iter().chain(bias).position(|x| !x.is_finite()) {
                return Err(LayersError::NotFinite { layer: l, index }.into());
            }
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
        let layers = zero_parameters(shapes, &purpose)?;
        let hidden = shapes.iter().filter_map(|shape| match shape.activation {
            Activation::Relu => Some(dense::Activation::Relu),
            Activation::Linear => Some(dense::Activation::Linear),
            Activation::Softmax => None,
        });
        Ok(Self { layers, hidden: hidden.collect() })
    }

    /// A copy, which takes as much memory again.
    ///
    /// # Errors
    /// [`ModelError::Memory`] if there is not enough.
    pub fn try_clone(&self) -> Result<Self, ModelError> {
        let mut copy = Self::zeros(&self.shapes())?;
        copy.copy_from(self);
        Ok(copy)
    }

    /// Takes over the parameters of a network of the same shape. Allocates nothing.
    ///
    /// # Panics
    /// If it has another shape.
    #[track_caller]
    pub(crate) fn copy_from(&mut self, other: &Self) {
        assert_eq!(self.sizes(), other.sizes(), "a network of another shape");
        self.hidden.copy_from_slice(&other.hidden);
        for (to, from) in self.layers.iter_mut().zip(&other.layers) {
            for (to, from) in [(&mut to.weights, &from.weights), (&mut to.bias, &from.bias)] {
                for i in 0..from.rows() {
                    to.row_mut(i).zip(from.row(i)).for_each(|(to, from)| to.copy_from_slice(from));
                }
            }
        }
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

    /// The number of weights and bias numbers of all layers.
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

    /// An error if the network cannot read these rows.
    pub(crate) fn check_rows(&self, rows: &Rows<'_>) -> Result<(), DataError> {
        let (columns, inputs) = (rows.columns(), self.inputs());
        if columns != inputs {
            return Err(DataError::Columns { columns, inputs });
        }
        if u32::try_from(rows.len()).is_err() {
            return Err(DataError::TooManyRows { rows: rows.len() });
        }
        Ok(())
    }

    /// An error if the network cannot learn these targets from these rows.
    pub(crate) fn check_examples(
        &self,
        rows: &Rows<'_>,
        targets: &Targets<'_>,
    ) -> Result<(), DataError> {
        self.check_rows(rows)?;
        if rows.is_empty() {
            return Err(DataError::NoRow);
        }
        if rows.len() != targets.len() {
            return Err(DataError::TargetCount { rows: rows.len(), targets: targets.len() });
        }
        let classes = self.classes();
        match targets {
            Targets::Classes(indices) => check_classes(indices, classes)?,
            Targets::WideClasses(indices) => check_classes(indices, classes)?,
            Targets::Distributions(matrix) => {
                let columns = matrix.columns();
                if columns != classes {
                    return Err(DataError::TargetColumns { columns, classes });
                }
            }
        }
        Ok(())
    }
}

/// An error if one of the class indices is not below `classes`.
fn check_classes<I: Copy + Into<usize>>(indices: &[I], classes: usize) -> Result<(), DataError> {
    match indices.iter().position(|&class| class.into() >= classes) {
        Some(row) => Err(DataError::NoSuchClass { row, class: indices[row].into(), classes }),
        None => Ok(()),
    }
}

/// The way out where parameters, or something of their shape, do not fit into memory.
pub(crate) const FEWER_LAYERS: &str = "take fewer or smaller layers";

/// Zeros in the shape of these layers' parameters, if there is memory for all of them.
pub(crate) fn zero_parameters(
    shapes: &[LayerShape],
    purpose: &str,
) -> Result<Vec<Parameters>, ModelError> {
    let bytes = layer::bytes(shapes);
    memory::check(bytes, || purpose.to_owned(), FEWER_LAYERS)?;
    let zeros = |shape: &LayerShape| {
        let weights = Panels::try_zeros(shape.inputs, shape.units)?;
        Ok(Parameters { weights, bias: Panels::try_zeros(1, shape.units)? })
    };
    let layers = shapes.iter().map(zeros).collect::<Result<_, TryReserveError>>();
    let purpose = purpose.to_owned();
    layers.map_err(|_| ModelError::Memory { purpose, bytes, remedy: FEWER_LAYERS })
}
