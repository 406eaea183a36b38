//! What a network makes of rows: forward products, a chunk of rows at a time.

use kernels::batch::{Batch, Input, SPARSE_BELOW};
use kernels::dense::{self, Parameters};
use kernels::parallel;
use kernels::softmax_crossentropy::Score;
use kernels::{Panels, Rows, Targets};

use crate::{ModelError, Network, layer, memory};

/// Mean loss and share of the rows that were recognized.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// Mean crossentropy of the rows, natural logarithm.
    pub loss: f64,
    /// Between 0 and 1.
    pub accuracy: f64,
}

/// Rows that one task takes at a time: enough to use a panel of weights many times while it is in L1.
const ROWS_AT_A_TIME: usize = 128;
/// They are fewer where layers are so wide that the outputs of so many rows would take about as much memory as the weights,
/// but never fewer than about half a tile.
const FEWEST_ROWS_AT_A_TIME: usize = 8;
/// Numbers that a task may always have beside the weights: 8 MiB.
const NUMBERS_A_TASK: usize = 1 << 21;
/// For so many weights all tasks together may have another number.
const WEIGHTS_A_NUMBER: usize = 8;

impl Network {
    /// Mean loss and accuracy on rows with known targets.
    ///
    /// A row that holds NaN has a loss of NaN, and with it the mean. So has a row that holds an infinite number or whose sums
    /// leave the range of f32, unless ReLUs make 0 of every −∞ that comes of it. Nobody looks for such rows beforehand.
    ///
    /// # Errors
    /// If the rows or targets don't fit the network, there are none, or there is not enough memory.
    pub fn evaluate(&self, rows: Rows<'_>, targets: Targets<'_>) -> Result<Evaluation, ModelError> {
        self.check_examples(&rows, &targets)?;
        let grain = self.rows_at_a_time();
        self.check_memory(&rows, grain, size_of::<Score>())?;
        let mut scores = vec![Score::default(); rows.len()];
        parallel::enter(|| {
            parallel::for_each_chunk(&mut scores, grain, &|first, scores| {
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
    /// A row that holds NaN has probabilities of NaN. So has a row that holds an infinite number or whose sums leave the range
    /// of f32, unless ReLUs make 0 of every −∞ that comes of it. The other rows are as they would be without it.
    ///
    /// # Errors
    /// If the rows don't fit the network, or there is not enough memory.
    pub fn predict(&self, rows: Rows<'_>) -> Result<Vec<f32>, ModelError> {
        self.check_rows(&rows)?;
        let classes = self.classes();
        let grain = self.rows_at_a_time();
        self.check_memory(&rows, grain, classes * size_of::<f32>())?;
        let mut probabilities = vec![0.0; rows.len() * classes];
        parallel::enter(|| {
            parallel::for_each_chunk(
                &mut probabilities,
                grain * classes,
                &|first, probabilities| {
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
                },
            );
        });
        Ok(probabilities)
    }

    /// How many rows a task takes. It decides about speed and memory; the results are the same.
    fn rows_at_a_time(&self) -> usize {
        // A batch has room for a number an input in panels and for two in its lists.
        let row = 3 * self.inputs() + self.layers.iter().map(Parameters::units).sum::<usize>();
        let share = self.parameter_count() / (WEIGHTS_A_NUMBER * tasks());
        (share.max(NUMBERS_A_TASK) / row).clamp(FEWEST_ROWS_AT_A_TIME, ROWS_AT_A_TIME)
    }

    /// Bytes beside the results while evaluating or predicting, whatever the number of rows.
    pub(crate) fn most_running_bytes(&self) -> usize {
        self.running_bytes(self.rows_at_a_time(), usize::MAX)
    }

    fn running_bytes(&self, grain: usize, rows: usize) -> usize {
        let tasks = tasks().min(rows.div_ceil(grain));
        Buffers::bytes(self, grain.min(rows)).saturating_mul(tasks)
    }

    /// Whether there is memory to take `rows`, `grain` at a time, with a result of so many bytes for each.
    fn check_memory(
        &self,
        rows: &Rows<'_>,
        grain: usize,
        result_bytes: usize,
    ) -> Result<(), ModelError> {
        let bytes = self.running_bytes(grain, rows.len());
        let bytes = bytes.saturating_add(result_bytes.saturating_mul(rows.len()));
        let purpose = || format!("running {} on {} rows", layer::name(&self.shapes()), rows.len());
        memory::check(bytes, purpose, "take fewer threads, or fewer rows at once")
    }
}

/// Tasks that hold buffers at a time. A thread that waits for the end of a product takes up another task meanwhile.
fn tasks() -> usize {
    2 * rayon::current_num_threads()
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

    /// At least as many bytes as the buffers for `rows` rows take, and the logits.
    fn bytes(network: &Network, rows: usize) -> usize {
        let outputs = network.layers.iter().map(|layer| Panels::bytes(rows, layer.units()));
        outputs.fold(Batch::bytes(rows, network.inputs(), SPARSE_BELOW), usize::saturating_add)
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
