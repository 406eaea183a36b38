use std::ops::ControlFlow;
use std::time::Instant;

use kernels::dense::{self, Batch, Input, Parameters, Selection, State};
use kernels::parallel;
use kernels::rowwise::{Rmsprop, Score};
use kernels::{Rows, Targets};

use crate::network::zero_parameters;
use crate::workspace::Workspace;
use crate::{ModelError, Network, Shuffler, layer, memory};

/// How long, in what pieces and in which order to train. The default is the example of the books: five epochs of batches
/// of 128, shuffled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FitConfig {
    /// Passes over the data.
    pub epochs: usize,
    /// Rows a step. The last step of an epoch takes what is left.
    pub batch_size: usize,
    /// Whether each epoch takes the rows in an order of its own ([`Shuffler`]) or always in theirs.
    pub shuffle: bool,
    /// The seed of these orders. Each fit begins anew with it.
    pub seed: u64,
}

impl Default for FitConfig {
    fn default() -> Self {
        Self { epochs: 5, batch_size: 128, shuffle: true, seed: 0 }
    }
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

/// A network in training: its parameters, the optimizer's state, working memory.
#[derive(Debug)]
pub struct Trainer {
    network: Network,
    optimizer: Rmsprop,
    /// RMSprop's v for every parameter, 0 at first.
    states: Vec<State>,
    /// Two, so that one can be gathered while the other is trained on.
    batches: [Batch; 2],
    /// Allocated before the first step, kept as long as batches don't grow.
    workspace: Workspace,
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
        let zeros = zero_parameters(&shapes, purpose, "take fewer or smaller layers")?;
        let states = zeros.into_iter().map(State::new).collect();
        let batches = [Batch::new(network.inputs()), Batch::new(network.inputs())];
        let workspace = Workspace::for_training(&network, 0);
        Ok(Self { network, optimizer, states, batches, workspace })
    }

    /// The network as it is now.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The network; the optimizer's state is dropped.
    pub fn into_network(self) -> Network {
        self.network
    }

    /// Trains for `config.epochs` passes over the rows. The optimizer's state goes on from the last call.
    ///
    /// Nobody looks for NaN or infinity in the rows beforehand. A step whose batch holds NaN has a loss of NaN and leaves
    /// parameters of NaN, with which all later losses are NaN. So [`StepReport::loss`] shows at the step when a training has
    /// left the finite numbers: it is NaN or infinite. What the very last update did, only an evaluation shows.
    ///
    /// # Errors
    /// If the rows or targets don't fit the network, epochs or batch size are 0, or there is not enough memory for the
    /// buffers of such a batch. No step was taken then.
    pub fn fit(
        &mut self,
        rows: Rows<'_>,
        targets: Targets<'_>,
        config: &FitConfig,
    ) -> Result<Vec<EpochReport>, ModelError> {
        self.fit_observed(rows, targets, config, &mut ())
    }

    /// [`Trainer::fit`] under the eyes of an observer, who may end it: the last report is then of the rows seen.
    ///
    /// # Errors
    /// As [`Trainer::fit`].
    pub fn fit_observed(
        &mut self,
        rows: Rows<'_>,
        targets: Targets<'_>,
        config: &FitConfig,
        observer: &mut dyn Observer,
    ) -> Result<Vec<EpochReport>, ModelError> {
        self.network.check_examples(&rows, &targets)?;
        if config.epochs == 0 || config.batch_size == 0 {
            return Err(ModelError::Settings("epochs and batch size must be at least 1".into()));
        }
        let batch_rows = config.batch_size.min(rows.len());
        self.reserve(batch_rows, rows.len())?;
        for batch in &mut self.batches {
            batch.reserve(batch_rows, &targets);
        }
        let mut shuffler = Shuffler::new(config.seed);
        let mut order: Vec<u32> = (0..rows.len() as u32).collect();
        // Whoever asks for very many epochs gets more room as they come.
        let mut history = Vec::with_capacity(config.epochs.min(1024));
        parallel::enter(|| {
            dense::prepare_threads(&self.network.layers);
            for epoch in 1..=config.epochs {
                if config.shuffle {
                    shuffler.shuffle(&mut order);
                }
                let batches = Batches { rows, targets, order: &order, size: config.batch_size };
                let (report, go_on) = self.epoch(epoch, batches, observer);
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
        let Self { network, batches, workspace, .. } = self;
        let grow = batch_rows > workspace.room();
        // Whoever observes may evaluate between epochs; it should not fail there what could have failed here.
        let mut bytes =
            rows.saturating_mul(size_of::<u32>()).saturating_add(network.most_running_bytes());
        if grow {
            // What is too small makes room first.
            *workspace = Workspace::for_training(network, 0);
            *batches = [Batch::new(network.inputs()), Batch::new(network.inputs())];
            bytes = bytes
                .saturating_add(Workspace::training_bytes(network, batch_rows))
                .saturating_add(Batch::bytes(batch_rows, network.inputs()).saturating_mul(2))
                .saturating_add(dense::scratch_bytes(&network.layers));
        }
        let purpose = || format!("training on batches of {batch_rows} rows");
        memory::check(bytes, purpose, "take a smaller batch size")?;
        if grow {
            *workspace = Workspace::for_training(network, batch_rows);
        }
        Ok(())
    }

    /// One pass over the rows.
    fn epoch(
        &mut self,
        epoch: usize,
        batches: Batches<'_>,
        observer: &mut dyn Observer,
    ) -> (EpochReport, ControlFlow<()>) {
        let start = Instant::now();
        let steps = batches.count();
        let mut total = Score::default();
        let mut seen = 0;
        let mut outcome = ControlFlow::Continue(());
        batches.gather(0, &mut self.batches[0]);
        for step in 1..=steps {
            let rows = self.batches[0].rows();
            let score = self.step(batches, step);
            total += score;
            seen += rows;
            outcome = observer.on_step(&StepReport {
                epoch,
                step,
                steps,
                rows,
                loss: score.loss / rows as f64,
                accuracy: score.correct as f64 / rows as f64,
                running_loss: total.loss / seen as f64,
                running_accuracy: total.correct as f64 / seen as f64,
            });
            if outcome.is_break() {
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

    /// One training step, on the first of the two gathered batches: B rows of x, and their targets.
    ///
    /// | phase | from → to |
    /// |---|---|
    /// | forward, loss, backward | x (B × inputs) → activations (B × units) → d_logits (B × classes) → d_hidden (B × units) |
    /// | update | weights (inputs × units) of every layer, from its input and the gradient by its sums |
    /// | gather, meanwhile | batch `next` of the epoch |
    ///
    /// For a network with one hidden layer these are three parallel regions: the hidden layer; the output layer with the loss
    /// and what goes back through it; the updates beside the gathering.
    fn step(&mut self, batches: Batches<'_>, next: usize) -> Score {
        let Self { network, optimizer, states, workspace, batches: [batch, next_batch] } = self;
        let score = workspace.gradients(network, batch);
        let update = Update { x: batch.input(), workspace, optimizer };
        parallel::join(
            batches.work_of_gathering(next),
            || update.layers(0, &mut network.layers, states),
            || batches.gather(next, next_batch),
        );
        self.batches.swap(0, 1);
        score
    }
}

/// The batches of an epoch: runs of `size` rows of an order.
#[derive(Clone, Copy)]
struct Batches<'a> {
    rows: Rows<'a>,
    targets: Targets<'a>,
    order: &'a [u32],
    size: usize,
}

impl<'a> Batches<'a> {
    /// How many there are.
    fn count(&self) -> usize {
        self.order.len().div_ceil(self.size)
    }

    /// The rows of batch `number`, from 0; `None` behind the last.
    fn rows_of(&self, number: usize) -> Option<&'a [u32]> {
        self.order.chunks(self.size).nth(number)
    }

    /// Gathering takes about as long as four multiply-adds a number.
    fn work_of_gathering(&self, number: usize) -> usize {
        4 * self.rows.columns() * self.rows_of(number).map_or(0, <[u32]>::len)
    }

    /// Gathers batch `number`, if there is one.
    fn gather(&self, number: usize, batch: &mut Batch) {
        if let Some(order) = self.rows_of(number) {
            batch.gather(&self.rows, Some(&self.targets), &Selection::Indices(order));
        }
    }
}

/// What the updates of a step read.
struct Update<'a> {
    x: Input<'a>,
    workspace: &'a Workspace,
    optimizer: &'a Rmsprop,
}

impl Update<'_> {
    /// Updates layers from `l` on, all of them in parallel: none needs what another writes.
    fn layers(&self, l: usize, layers: &mut [Parameters], states: &mut [State]) {
        let (Some((layer, layers)), Some((state, states))) =
            (layers.split_first_mut(), states.split_first_mut())
        else {
            return;
        };
        let (x, d) = self.workspace.factors_of_gradient(l, self.x);
        // The layers above are usually the smaller part.
        let above = layers.iter().map(|layer| layer.inputs() * layer.units()).sum::<usize>();
        parallel::join(
            above * d.rows(),
            || dense::update(x, d, self.optimizer, layer, state),
            || self.layers(l + 1, layers, states),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Activation;

    /// Half of 64 columns is where lists stop.
    #[test]
    fn batches_are_lists_up_to_the_threshold_and_panels_above_it() {
        for (lit, listed) in [(1, true), (32, true), (33, false), (64, false)] {
            let row = |_| (0..64).map(|j| if j < lit { 255 } else { 0 });
            let rows: Vec<u8> = (0..32).flat_map(row).collect();
            let network = Network::glorot_uniform(&[64, 8, 2], Activation::Relu, 0).unwrap();
            let mut trainer = Trainer::new(network, Rmsprop::keras2()).unwrap();
            let config = FitConfig { epochs: 1, batch_size: 8, ..FitConfig::default() };
            trainer.fit(Rows::bytes(&rows, 64), Targets::Classes(&[1; 32]), &config).unwrap();
            // Four steps: both batches were gathered and trained on.
            for batch in &trainer.batches {
                assert_eq!(batch.is_listed(), listed, "{lit} of 64 lit");
            }
        }
    }
}
