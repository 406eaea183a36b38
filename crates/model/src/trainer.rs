use std::ops::ControlFlow;
use std::time::Instant;

use kernels::batch::{Batch, Input, SPARSE_BELOW};
use kernels::dense::{self, Parameters};
use kernels::parallel;
use kernels::rmsprop::Rmsprop;
use kernels::softmax_crossentropy::Score;
use kernels::{Panels, Rows, Targets};

use crate::inference::{forward_hidden, input_of};
use crate::network::zero_parameters;
use crate::{ModelError, Network, layer, memory};

/// How long and in what pieces to train.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FitConfig {
    /// Passes over the data.
    pub epochs: usize,
    /// Rows a step. The last step of an epoch takes what is left.
    pub batch_size: usize,
}

/// One step, as the network was before its update.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepReport {
    /// From 1.
    pub epoch: usize,
    /// From 1, in this epoch.
    pub step: usize,
    /// Steps in an epoch.
    pub steps: usize,
    /// Rows in this batch.
    pub rows: usize,
    /// Mean loss of this batch.
    pub loss: f64,
    /// Accuracy on this batch.
    pub accuracy: f64,
    /// Mean loss of the rows of this epoch so far.
    pub running_loss: f64,
    /// Accuracy on the rows of this epoch so far.
    pub running_accuracy: f64,
}

/// One epoch. Loss and accuracy are Keras's: means over the rows of what each batch had before its update.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EpochReport {
    /// From 1.
    pub epoch: usize,
    /// Mean loss of the rows.
    pub loss: f64,
    /// Share of the rows recognized.
    pub accuracy: f64,
    /// Wall time of its steps; shuffling and [`Observer::on_epoch`] are not in it.
    pub seconds: f64,
    /// Rows trained on in a second.
    pub images_per_second: f64,
}

/// Watches a fit, and can end it: after `Break` no further step is taken.
pub trait Observer: Send {
    /// After each step.
    fn on_step(&mut self, _report: &StepReport) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
    /// After each epoch, with the network as its last step left it.
    fn on_epoch(&mut self, _report: &EpochReport, _network: &Network) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Sees nothing.
impl Observer for () {}

/// A network in training: its parameters, the optimizer's state, working buffers.
#[derive(Debug)]
pub struct Trainer {
    network: Network,
    optimizer: Rmsprop,
    /// RMSprop's v for every parameter, 0 at first.
    mean_square: Vec<Parameters>,
    workspace: Workspace,
}

/// What a step writes into. Allocated before the first step, kept as long as batches don't grow.
#[derive(Debug)]
struct Workspace {
    /// Rows that there is room for.
    room: usize,
    /// Two, so that one can be gathered while the other is trained on.
    batches: [Batch; 2],
    /// Outputs of the hidden layers, rows × units.
    activations: Vec<Panels>,
    /// Gradients by the sums of each layer, rows × units; the last are d_logits.
    d: Vec<Panels>,
    scores: Vec<Score>,
}

impl Workspace {
    fn new(network: &Network) -> Self {
        let outputs = |layer: &Parameters| Panels::zeros(0, layer.units());
        let hidden = &network.layers[..network.layers.len() - 1];
        Self {
            room: 0,
            batches: [Batch::new(network.inputs()), Batch::new(network.inputs())],
            activations: hidden.iter().map(outputs).collect(),
            d: network.layers.iter().map(outputs).collect(),
            scores: Vec::new(),
        }
    }

    /// At least as many bytes as there are after [`Workspace::reserve`].
    fn bytes(network: &Network, rows: usize) -> usize {
        let batches = Batch::bytes(rows, network.inputs(), SPARSE_BELOW).saturating_mul(2);
        let scores = rows.saturating_mul(size_of::<Score>());
        // What a layer gives, and the gradient by it.
        let outputs = network.layers.iter().map(|layer| Panels::bytes(rows, layer.units()));
        outputs.fold(batches.saturating_add(scores), |bytes, output| {
            bytes.saturating_add(output.saturating_mul(2))
        })
    }

    /// Makes room for batches of up to `rows` rows: their steps then allocate nothing.
    fn reserve(&mut self, rows: usize) {
        for batch in &mut self.batches {
            batch.reserve(rows, SPARSE_BELOW);
        }
        for panels in self.activations.iter_mut().chain(&mut self.d) {
            panels.set_rows(rows);
        }
        self.scores.reserve_exact(rows);
        self.room = rows;
    }
}

/// Whether RMSprop can make steps with these settings, which it rounds to f32.
fn check_settings(optimizer: &Rmsprop) -> Result<(), ModelError> {
    let &Rmsprop { learning_rate, rho, epsilon, .. } = optimizer;
    let fault = |what: &str, value: f64, fault: &str| {
        Err(ModelError::Settings(format!("{what} {value:?}: {fault}")))
    };
    for (what, value) in [("learning rate", learning_rate), ("epsilon", epsilon)] {
        if !(value > 0.0 && value.is_finite()) {
            return fault(what, value, "it must be a positive number");
        }
        if value as f32 == 0.0 {
            return fault(what, value, "it is 0 in f32, whose smallest number is 1.4e-45");
        }
        if (value as f32).is_infinite() {
            return fault(what, value, "it is infinite in f32, whose largest number is 3.4e38");
        }
    }
    if !(0.0..1.0).contains(&rho) {
        return fault("rho", rho, "it must be in [0, 1)");
    }
    // The running mean would never decay.
    if rho as f32 == 1.0 {
        return fault("rho", rho, "it is 1 in f32, whose largest number below 1 is 0.99999994");
    }
    Ok(())
}

impl Trainer {
    /// Begins with the optimizer's state at 0.
    ///
    /// # Errors
    /// If a setting of the optimizer is not finite or out of range, as it is or rounded to f32, in which steps are computed,
    /// or there is not enough memory for the optimizer's state: as much as the network takes.
    pub fn new(network: Network, optimizer: Rmsprop) -> Result<Self, ModelError> {
        check_settings(&optimizer)?;
        let shapes = network.shapes();
        let purpose = format!("the optimizer's state for the network {}", layer::name(&shapes));
        let mean_square = zero_parameters(&shapes, purpose, "take fewer or smaller layers")?;
        let workspace = Workspace::new(&network);
        Ok(Self { network, optimizer, mean_square, workspace })
    }

    /// The network as it is now.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The network; the optimizer's state is dropped.
    pub fn into_network(self) -> Network {
        self.network
    }

    /// Trains for `config.epochs` passes over the rows, or until `observer` ends it: the last report is then of the
    /// rows seen. The optimizer's state goes on from the last call.
    ///
    /// `shuffle` is called at the start of each epoch with the order in which the rows will be taken: at first
    /// 0, 1, 2, …, later what it left the epoch before. It must only permute.
    ///
    /// Nobody looks for NaN or infinity in the rows beforehand. A step whose batch holds NaN has a loss of NaN and leaves
    /// parameters of NaN, with which all later losses are NaN. So [`StepReport::loss`] shows at the step when a training has
    /// left the finite numbers: it is NaN or infinite. What the very last update did, only an evaluation shows.
    ///
    /// # Errors
    /// If the rows or targets don't fit the network, epochs or batch size are 0, or there is not enough memory for the
    /// buffers of such a batch. No step was taken then.
    ///
    /// # Panics
    /// If `shuffle` writes an index that is no row.
    pub fn fit(
        &mut self,
        rows: Rows<'_>,
        targets: Targets<'_>,
        config: &FitConfig,
        shuffle: &mut (dyn FnMut(&mut [u32]) + Send),
        observer: &mut dyn Observer,
    ) -> Result<Vec<EpochReport>, ModelError> {
        self.network.check_examples(&rows, &targets)?;
        if config.epochs == 0 || config.batch_size == 0 {
            return Err(ModelError::Settings("epochs and batch size must be at least 1".into()));
        }
        self.reserve(config.batch_size.min(rows.len()), rows.len())?;
        let mut order: Vec<u32> = (0..rows.len() as u32).collect();
        // Whoever asks for very many epochs gets more room as they come.
        let mut history = Vec::with_capacity(config.epochs.min(1024));
        parallel::enter(|| {
            dense::prepare_threads(&self.network.layers);
            for epoch in 1..=config.epochs {
                shuffle(&mut order);
                let size = config.batch_size;
                let (report, go_on) = self.epoch(epoch, &rows, targets, &order, size, observer);
                history.push(report);
                if go_on.is_break() || observer.on_epoch(&report, &self.network).is_break() {
                    break;
                }
            }
        });
        Ok(history)
    }

    /// Makes room for batches of `batch_rows` of `rows` rows.
    fn reserve(&mut self, batch_rows: usize, rows: usize) -> Result<(), ModelError> {
        let Self { network, workspace, .. } = self;
        let grow = batch_rows > workspace.room;
        // Whoever observes may evaluate between epochs; it should not fail there what could have failed here.
        let mut bytes =
            rows.saturating_mul(size_of::<u32>()).saturating_add(network.most_running_bytes());
        if grow {
            // What is too small makes room first.
            *workspace = Workspace::new(network);
            bytes = bytes
                .saturating_add(Workspace::bytes(network, batch_rows))
                .saturating_add(dense::scratch_bytes(&network.layers));
        }
        let purpose = || format!("training on batches of {batch_rows} rows");
        memory::check(bytes, purpose, "take a smaller batch size")?;
        if grow {
            workspace.reserve(batch_rows);
        }
        Ok(())
    }

    fn epoch(
        &mut self,
        epoch: usize,
        rows: &Rows<'_>,
        targets: Targets<'_>,
        order: &[u32],
        batch_size: usize,
        observer: &mut dyn Observer,
    ) -> (EpochReport, ControlFlow<()>) {
        let start = Instant::now();
        let steps = order.len().div_ceil(batch_size);
        let mut total = Score::default();
        let mut seen = 0;
        let mut batches = order.chunks(batch_size);
        let mut next = batches.next();
        if let Some(order) = next {
            self.workspace.batches[0].gather(rows, order, SPARSE_BELOW);
        }
        let mut step = 0;
        let mut outcome = ControlFlow::Continue(());
        while let Some(order) = next {
            next = batches.next();
            let score = self.step(targets, order, next.map(|next| (rows, next)));
            step += 1;
            total += score;
            seen += order.len();
            let go_on = observer.on_step(&StepReport {
                epoch,
                step,
                steps,
                rows: order.len(),
                loss: score.loss / order.len() as f64,
                accuracy: score.correct as f64 / order.len() as f64,
                running_loss: total.loss / seen as f64,
                running_accuracy: total.correct as f64 / seen as f64,
            });
            if go_on.is_break() {
                outcome = go_on;
                break;
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        let report = EpochReport {
            epoch,
            loss: total.loss / seen as f64,
            accuracy: total.correct as f64 / seen as f64,
            seconds,
            images_per_second: seen as f64 / seconds,
        };
        (report, outcome)
    }

    /// Trains on the first of the two gathered batches, gathers the next into the second, and swaps them.
    ///
    /// Three parallel regions for a network with one hidden layer: hidden layers forward; the output layer with loss and
    /// its backward product; every layer's gradient and update, beside gathering the next batch.
    fn step(
        &mut self,
        targets: Targets<'_>,
        order: &[u32],
        next: Option<(&Rows<'_>, &[u32])>,
    ) -> Score {
        let rows = order.len();
        let Workspace { batches: [batch, next_batch], activations, d, scores, .. } =
            &mut self.workspace;
        for d in &mut *d {
            d.set_rows(rows);
        }
        scores.resize(rows, Score::default());

        forward_hidden(&self.network, batch.input(), activations);
        let x = input_of(activations.len(), batch.input(), activations);
        let Network { layers, hidden } = &self.network;
        // Where layer l passes its gradient on: through the ReLU of the layer below.
        let mask =
            |l: usize| (hidden[l - 1] == dense::Activation::Relu).then(|| &activations[l - 1]);
        let output = layers.len() - 1;
        let (d_logits, d_hidden) = d.split_last_mut().expect("a network has layers");
        let below = d_hidden.last_mut().map(|d| (mask(output), d));
        let scale = 1.0 / rows as f32;
        dense::output_layer(x, &layers[output], (targets, order), scale, d_logits, below, scores);
        for l in (1..output).rev() {
            let (d_below, d_above) = d.split_at_mut(l);
            dense::backward(&d_above[0], &layers[l], mask(l), &mut d_below[l - 1]);
        }

        let update = Update { x: batch.input(), activations, d, optimizer: &self.optimizer };
        // Gathering takes about as long as four multiply-adds a number.
        let gathering = 4 * next.map_or(0, |(rows, order)| order.len() * rows.columns());
        parallel::join(
            gathering,
            || update.layers(0, &mut self.network.layers, &mut self.mean_square),
            || {
                if let Some((rows, order)) = next {
                    next_batch.gather(rows, order, SPARSE_BELOW);
                }
            },
        );
        self.workspace.batches.swap(0, 1);

        let mut total = Score::default();
        for score in &self.workspace.scores {
            total += *score;
        }
        total
    }
}

/// What the updates of a step read.
struct Update<'a> {
    x: Input<'a>,
    activations: &'a [Panels],
    d: &'a [Panels],
    optimizer: &'a Rmsprop,
}

impl Update<'_> {
    /// Updates layers from `l` on, all of them in parallel: none needs what another writes.
    fn layers(&self, l: usize, layers: &mut [Parameters], mean_square: &mut [Parameters]) {
        let (Some((layer, layers)), Some((v, mean_square))) =
            (layers.split_first_mut(), mean_square.split_first_mut())
        else {
            return;
        };
        let x = input_of(l, self.x, self.activations);
        // The layers above are usually the smaller part.
        let above = layers.iter().map(|layer| layer.inputs() * layer.units()).sum::<usize>();
        parallel::join(
            above * self.d[l].rows(),
            || dense::train(x, &self.d[l], self.optimizer, layer, v),
            || self.layers(l + 1, layers, mean_square),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Activation;

    // 64 columns: the first count is at most SPARSE_BELOW of them, the second above.
    #[test]
    fn batches_are_lists_up_to_the_threshold_and_panels_above_it() {
        let threshold = (64.0 * SPARSE_BELOW) as usize;
        for (lit, sparse) in [(1, true), (threshold, true), (threshold + 1, false), (64, false)] {
            let row = |_| (0..64).map(|j| if j < lit { 255 } else { 0 });
            let rows: Vec<u8> = (0..32).flat_map(row).collect();
            let network = Network::glorot_uniform(&[64, 8, 2], Activation::Relu, 0).unwrap();
            let mut trainer = Trainer::new(network, Rmsprop::keras2()).unwrap();
            let config = FitConfig { epochs: 1, batch_size: 8 };
            let (rows, targets) = (Rows::bytes(&rows, 64), Targets::Classes(&[1; 32]));
            trainer.fit(rows, targets, &config, &mut |_: &mut [u32]| (), &mut ()).unwrap();
            // Four steps: both batches were gathered and trained on.
            for batch in &trainer.workspace.batches {
                assert_eq!(batch.is_sparse(), sparse, "{lit} of 64 lit");
            }
        }
    }
}
