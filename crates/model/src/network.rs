use kernels::batch::{Batch, Input, SPARSE_BELOW};
use kernels::dense::{self, Parameters};
use kernels::parallel;
use kernels::softmax_crossentropy::Score;
use kernels::{MatrixRef, Panels, Rows, Targets};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::ModelError;

/// What a layer does with its sums.
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
    pub kernel: Vec<f32>,
    /// A number a unit.
    pub bias: Vec<f32>,
}

/// Mean loss and share of the rows that were recognized.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// Mean crossentropy of the rows, natural logarithm.
    pub loss: f64,
    /// Between 0 and 1.
    pub accuracy: f64,
}

/// A network of dense layers, its parameters kept in panels.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    pub(crate) layers: Vec<Parameters>,
    /// Of the hidden layers: one less than layers.
    pub(crate) hidden: Vec<dense::Activation>,
}

/// Rows that one task takes at a time: enough to use a panel of weights many times while it is in L1.
const ROWS_AT_A_TIME: usize = 128;

impl Network {
    /// A network with Glorot-uniform kernels, `±√(6 / (inputs + units))`, and zero biases, as Keras's `Dense` has them.
    /// `sizes` is inputs, units of each hidden layer, classes; `hidden` is the activation of the hidden layers.
    ///
    /// The numbers come from xoshiro256++, seeded through SplitMix64: the upper 24 bits of each 32 are a number
    /// in [0, 1), layer after layer, kernels row-major. They begin a long jump (2^192 numbers) into the sequence, so that who
    /// shuffles with a generator of the same seed has other numbers.
    ///
    /// # Errors
    /// If there are fewer than two sizes, one of them is 0, there are more than 256 classes, or `hidden` is softmax.
    pub fn glorot_uniform(
        sizes: &[usize],
        hidden: Activation,
        seed: u64,
    ) -> Result<Self, ModelError> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        random.long_jump();
        let layers = sizes
            .windows(2)
            .enumerate()
            .map(|(l, pair)| {
                let (inputs, units) = (pair[0], pair[1]);
                check_size(inputs, units)?;
                let limit = (6.0 / (inputs + units) as f64).sqrt() as f32;
                let mut uniform = || {
                    let unit = (random.next_u32() >> 8) as f32 / (1 << 24) as f32;
                    limit * (2.0 * unit - 1.0)
                };
                Ok(LayerParameters {
                    inputs,
                    units,
                    activation: if l + 2 == sizes.len() { Activation::Softmax } else { hidden },
                    kernel: (0..inputs * units).map(|_| uniform()).collect(),
                    bias: vec![0.0; units],
                })
            })
            .collect::<Result<Vec<_>, ModelError>>()?;
        Self::from_parameters(&layers)
    }

    /// A network of given parameters, from the first layer to the output.
    ///
    /// # Errors
    /// If there is no layer, a length is not what the sizes say, a layer does not take what the one before gives, softmax
    /// is not the last activation and only that, there are more than 256 classes, or a number is not finite.
    pub fn from_parameters(layers: &[LayerParameters]) -> Result<Self, ModelError> {
        let fault =
            |l: usize, fault: String| Err(ModelError::Settings(format!("layer {l}: {fault}")));
        let mut network = Self { layers: Vec::new(), hidden: Vec::new() };
        for (l, layer) in layers.iter().enumerate() {
            let &LayerParameters { inputs, units, activation, .. } = layer;
            check_size(inputs, units)?;
            if layer.kernel.len() != inputs * units || layer.bias.len() != units {
                return fault(
                    l,
                    format!(
                        "{} kernel and {} bias numbers are not {inputs} x {units} and {units}",
                        layer.kernel.len(),
                        layer.bias.len()
                    ),
                );
            }
            if let Some(below) = network.layers.last().filter(|below| below.units() != inputs) {
                return fault(
                    l,
                    format!("takes {inputs} numbers, the layer before gives {}", below.units()),
                );
            }
            if let Some(i) = layer.kernel.iter().chain(&layer.bias).position(|x| !x.is_finite()) {
                return fault(l, format!("number {i} is not finite"));
            }
            match (activation, l + 1 == layers.len()) {
                (Activation::Softmax, true) => {}
                (Activation::Relu, false) => network.hidden.push(dense::Activation::Relu),
                (Activation::Linear, false) => network.hidden.push(dense::Activation::Linear),
                (_, true) => {
                    return fault(l, "the output layer's activation must be softmax".into());
                }
                (_, false) => return fault(l, "softmax is for the output layer only".into()),
            }
            network.layers.push(Parameters {
                kernel: Panels::from_matrix(MatrixRef::new(&layer.kernel, inputs, units)),
                bias: Panels::from_matrix(MatrixRef::new(&layer.bias, 1, units)),
            });
        }
        match network.layers.last() {
            None => Err(ModelError::Settings("a network needs at least inputs and classes".into())),
            Some(output) if output.units() > 256 => Err(ModelError::Settings(format!(
                "{} classes: class indices are bytes, so at most 256",
                output.units()
            ))),
            Some(_) => Ok(network),
        }
    }

    /// The parameters, row-major, from the first layer to the output.
    pub fn parameters(&self) -> Vec<LayerParameters> {
        self.layers
            .iter()
            .zip(self.activations())
            .map(|(layer, activation)| LayerParameters {
                inputs: layer.inputs(),
                units: layer.units(),
                activation,
                kernel: layer.kernel.to_row_major(),
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

    /// How many numbers are trained.
    pub fn parameter_count(&self) -> usize {
        self.layers.iter().map(|layer| (layer.inputs() + 1) * layer.units()).sum()
    }

    /// Mean loss and accuracy on rows with known targets.
    ///
    /// # Errors
    /// If the rows or targets don't fit the network, or there are none.
    pub fn evaluate(&self, rows: Rows<'_>, targets: Targets<'_>) -> Result<Evaluation, ModelError> {
        self.check_examples(&rows, &targets)?;
        let mut scores = vec![Score::default(); rows.len()];
        parallel::enter(|| {
            parallel::for_each_chunk(&mut scores, ROWS_AT_A_TIME, &|first, scores| {
                let order: Vec<u32> = (first..first + scores.len()).map(|i| i as u32).collect();
                let mut buffers = Buffers::new(self, order.len());
                buffers.batch.gather(&rows, &order, SPARSE_BELOW);
                let x = buffers.forward_hidden(self);
                let mut d_logits = Panels::zeros(order.len(), self.classes());
                let output = &self.layers[self.layers.len() - 1];
                dense::output_layer(x, output, (targets, &order), 1.0, &mut d_logits, None, scores);
            });
        });
        let mut total = Score::default();
        for score in scores {
            total += score;
        }
        let count = rows.len() as f64;
        Ok(Evaluation { loss: total.loss / count, accuracy: total.correct as f64 / count })
    }

    /// The probabilities of the classes for each row: rows × classes, row-major.
    ///
    /// # Errors
    /// If the rows don't fit the network.
    pub fn predict(&self, rows: Rows<'_>) -> Result<Vec<f32>, ModelError> {
        self.check_rows(&rows)?;
        let classes = self.classes();
        let mut probabilities = vec![0.0; rows.len() * classes];
        parallel::enter(|| {
            let grain = ROWS_AT_A_TIME * classes;
            parallel::for_each_chunk(&mut probabilities, grain, &|first, probabilities| {
                let (first, count) = (first / classes, probabilities.len() / classes);
                let order: Vec<u32> = (first..first + count).map(|i| i as u32).collect();
                let mut buffers = Buffers::new(self, count);
                buffers.batch.gather(&rows, &order, SPARSE_BELOW);
                let x = buffers.forward_hidden(self);
                let mut logits = Panels::zeros(count, classes);
                let output = &self.layers[self.layers.len() - 1];
                dense::forward(x, output, dense::Activation::Linear, &mut logits);
                dense::softmax(&mut logits);
                logits.copy_to(kernels::MatrixMut::new(probabilities, count, classes));
            });
        });
        Ok(probabilities)
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

fn check_size(inputs: usize, units: usize) -> Result<(), ModelError> {
    // 2^31 parameters are 8 GB; it also keeps inputs × units from overflowing.
    if inputs == 0 || units == 0 || inputs.checked_mul(units).is_none_or(|count| count > 1 << 31) {
        return Err(ModelError::Settings(format!(
            "a layer of {units} units on {inputs} inputs is none that can be made"
        )));
    }
    Ok(())
}

/// A batch and what the hidden layers make of it.
#[derive(Debug)]
pub(crate) struct Buffers {
    pub(crate) batch: Batch,
    pub(crate) activations: Vec<Panels>,
}

impl Buffers {
    pub(crate) fn new(network: &Network, rows: usize) -> Self {
        let hidden = &network.layers[..network.layers.len() - 1];
        Self {
            batch: Batch::new(network.inputs()),
            activations: hidden.iter().map(|layer| Panels::zeros(rows, layer.units())).collect(),
        }
    }

    /// Runs the hidden layers on the batch; gives what the output layer takes.
    pub(crate) fn forward_hidden(&mut self, network: &Network) -> Input<'_> {
        forward_hidden(network, self.batch.input(), &mut self.activations);
        input_of(self.activations.len(), self.batch.input(), &self.activations)
    }
}

/// Runs the hidden layers on `x`, layer l into `activations[l]`.
pub(crate) fn forward_hidden(network: &Network, x: Input<'_>, activations: &mut [Panels]) {
    for l in 0..activations.len() {
        let (below, out) = activations.split_at_mut(l);
        out[0].set_rows(x.shape().0);
        dense::forward(input_of(l, x, below), &network.layers[l], network.hidden[l], &mut out[0]);
    }
}

/// What layer `l` takes: `x`, or what the layer below gave.
pub(crate) fn input_of<'a>(l: usize, x: Input<'a>, activations: &'a [Panels]) -> Input<'a> {
    if l == 0 { x } else { Input::Dense(&activations[l - 1]) }
}
