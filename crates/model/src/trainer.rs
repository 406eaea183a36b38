use std::mem;
use std::ops::{ControlFlow, Range};
use std::time::Instant;

use kernels::dense::{self, Batch, Input, State};
use kernels::parallel;
use kernels::rowwise::{Optimizer, Score};
use kernels::{Rows, Targets};

use crate::batches::{Batches, Same, check_chosen};
use crate::fit::{EpochReport, Epochs, FitConfig, Observer, StepReport};
use crate::layer::LayerShape;
use crate::network::{FEWER_LAYERS, zero_parameters};
use crate::optimizer_settings::check_settings;
use crate::workspace::Workspace;
use crate::{
    LayersError, ModelError, Network, OptimizerState, SettingsError, Shuffler, layer, memory,
};

/// A network in training, with the optimizer's state (as much memory as the parameters) and the buffers of a batch.
/// The network is lent by [`Trainer::network`] between fits and given back by [`Trainer::into_network`].
#[derive(Debug)]
pub struct Trainer {
    network: Network,
    optimizer: Optimizer,
    /// The optimizer's numbers for every parameter, 0 at first.
    states: Vec<State>,
    /// Two, so that one can be gathered while the other is trained on.
    batches: [Batch; 2],
    /// Allocated before the first step, kept as long as batches don't grow.
    workspace: Workspace,
}

impl Trainer {
    /// A trainer of `network`, with the optimizer's state at 0.
    ///
    /// # Errors
    /// [`ModelError::Settings`] if a setting of the optimizer is not finite or out of range, as it is or rounded to f32, in
    /// which steps are computed. [`ModelError::Memory`] if there is not enough memory for the optimizer's state: for RMSprop and
    /// momentum as much as the network takes, for Adam twice as much.
    pub fn new(network: Network, optimizer: impl Into<Optimizer>) -> Result<Self, ModelError> {
        let optimizer = optimizer.into();
        check_settings(&optimizer)?;
        let shapes = network.shapes();
        let purpose = format!("the optimizer's state for the network {}", layer::name(&shapes));
        let numbers = optimizer.states();
        let of_layer = |shape: &LayerShape| [*shape].repeat(numbers);
        let all: Vec<LayerShape> = shapes.iter().flat_map(of_layer).collect();
        let mut zeros = zero_parameters(&all, &purpose)?.into_iter();
        let bytes = shapes.iter().map(|shape| State::bytes_beside(shape.inputs)).sum();
        memory::check(bytes, || purpose, FEWER_LAYERS)?;
        let state =
            |shape: &LayerShape| State::of(shape.inputs, zeros.by_ref().take(numbers).collect());
        let states = shapes.iter().map(state).collect();
        let batches = [Batch::new(network.inputs()), Batch::new(network.inputs())];
        let workspace = Workspace::for_training(&network, 0);
        Ok(Self { network, optimizer, states, batches, workspace })
    }

    /// As [`Trainer::new`], with the optimizer's state where another trainer had it: a fit goes on as that one's would.
    ///
    /// # Errors
    /// As [`Trainer::new`], and [`ModelError::Settings`] if the state is not of such an optimizer and such a network.
    pub fn resume(
        network: Network,
        optimizer: impl Into<Optimizer>,
        state: &OptimizerState,
    ) -> Result<Self, ModelError> {
        let mut trainer = Self::new(network, optimizer)?;
        let purpose = "the optimizer's state";
        let shapes = trainer.network.shapes();
        trainer.states = state.states(&shapes, trainer.optimizer.states(), purpose)?;
        Ok(trainer)
    }

    /// A copy of the optimizer's state. It takes as much memory again.
    pub fn optimizer_state(&self) -> OptimizerState {
        OptimizerState::of(&self.states)
    }

    /// The optimizer.
    pub fn optimizer(&self) -> Optimizer {
        self.optimizer
    }

    /// The network as it is now.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Goes on with another network, and with the optimizer's state as it is. The one before is returned.
    ///
    /// # Errors
    /// [`ModelError::Layers`] if it has other sizes or activations. Nothing has changed then.
    pub fn replace_network(&mut self, network: Network) -> Result<Network, ModelError> {
        let (found, expected) = (network.shapes(), self.network.shapes());
        if found != expected {
            let [found, expected] = [found, expected].map(|shapes| layer::name(&shapes));
            return Err(LayersError::OtherNetwork { found, expected }.into());
        }
        Ok(mem::replace(&mut self.network, network))
    }

    /// The network; the optimizer's state is dropped.
    pub fn into_network(self) -> Network {
        self.network
    }

    /// Trains for `config.epochs` passes over the rows (rows × [`inputs`](Network::inputs)) and returns a report for each.
    /// There is one target for each row: its class index, or a distribution over the [`classes`](Network::classes).
    /// The optimizer's state goes on from the last call.
    ///
    /// The rows are not searched for NaN or infinity beforehand. A step whose batch holds NaN has a loss of NaN and leaves
    /// parameters of NaN, with which all later losses are NaN. So [`StepReport::loss`] shows at the step when a training has
    /// left the finite numbers: it is NaN or infinite. What the very last update did, only an evaluation shows.
    ///
    /// # Errors
    /// [`ModelError::Data`] if the rows or targets don't fit the network, [`ModelError::Settings`] if epochs or batch size are
    /// 0, [`ModelError::Memory`] if there is not enough memory for the buffers of such a batch. No step was taken then.
    pub fn fit(
        &mut self,
        rows: Rows<'_>,
        targets: Targets<'_>,
        config: &FitConfig,
    ) -> Result<Vec<EpochReport>, ModelError> {
        self.fit_observed(rows, targets, config, &mut ())
    }

    /// [`Trainer::fit`] with an observer, which may end it: the last report is then of the rows that were trained on.
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
        self.fit_epochs(&mut Same(rows), targets, None, config, observer)
    }

    /// [`Trainer::fit_observed`] on rows that may be others in each epoch, of which only some are trained on: those with the indices
    /// `chosen`, or all. `targets` has one for each row, chosen or not. Without shuffling, rows are taken as chosen.
    ///
    /// # Errors
    /// As [`Trainer::fit`], and [`ModelError::Data`] if there is no row of a chosen index or none is chosen. If a later epoch has
    /// rows of another number or length, the epochs before it were trained.
    pub fn fit_epochs(
        &mut self,
        source: &mut (dyn Epochs + Send),
        targets: Targets<'_>,
        chosen: Option<&[u32]>,
        config: &FitConfig,
        observer: &mut dyn Observer,
    ) -> Result<Vec<EpochReport>, ModelError> {
        let &FitConfig { epochs, batch_size, .. } = config;
        if epochs == 0 || batch_size == 0 {
            return Err(SettingsError::NoStep { epochs, batch_size }.into());
        }
        config.schedule.check()?;
        let mut shuffler = Shuffler::new(config.seed);
        let count = chosen.map_or(targets.len(), <[u32]>::len);
        let mut order: Vec<u32> = Vec::new();
        // A fit of very many epochs gets more room as they come.
        let mut history = Vec::with_capacity(config.epochs.min(1024));
        parallel::enter(|| {
            for epoch in 1..=config.epochs {
                let rows = source.rows(epoch);
                self.network.check_examples(&rows, &targets)?;
                if epoch == 1 {
                    check_chosen(chosen, rows.len())?;
                    self.reserve(batch_size.min(count), &rows)?;
                    order = chosen.map_or_else(|| (0..count as u32).collect(), <[u32]>::to_vec);
                    dense::prepare_threads(&self.network.layers);
                    for batch in &mut self.batches {
                        batch.reserve(batch_size.min(count), &rows, &targets);
                    }
                }
                if config.shuffle {
                    shuffler.shuffle(&mut order);
                }
                let batches = Batches { rows, targets, order: &order, size: config.batch_size };
                let (report, go_on) = self.epoch(epoch, config, batches, observer);
                history.push(report);
                if go_on.is_break() || observer.on_epoch(&report, &self.network).is_break() {
                    break;
                }
            }
            Ok(history)
        })
    }

    /// Makes room for batches of `batch_rows` of these rows, but for the batches themselves.
    fn reserve(&mut self, batch_rows: usize, rows: &Rows<'_>) -> Result<(), ModelError> {
        let Self { network, batches, workspace, .. } = self;
        // Buffers of the last fit are freed first: other rows may need others.
        *batches = [Batch::new(network.inputs()), Batch::new(network.inputs())];
        // An observer may evaluate between epochs: memory that is too little for that is an error here.
        let mut bytes = rows
            .len()
            .saturating_mul(size_of::<u32>())
            .saturating_add(network.most_running_bytes(rows))
            .saturating_add(Batch::bytes(batch_rows, rows, true).saturating_mul(2));
        let grow = batch_rows > workspace.room();
        if grow {
            *workspace = Workspace::for_training(network, 0);
            bytes = bytes
                .saturating_add(Workspace::training_bytes(network, batch_rows))
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
        config: &FitConfig,
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
            let number = (epoch - 1).saturating_mul(steps).saturating_add(step - 1);
            let all = config.epochs.saturating_mul(steps);
            let factor = config.schedule.factor(number, all, steps);
            let scheduled = self.optimizer.learning_rate() * factor;
            let learning_rate = observer.learning_rate(number, scheduled);
            let score = self.step(batches, step, learning_rate);
            total += score;
            seen += rows;
            outcome = observer.on_step(&StepReport {
                epoch,
                step,
                steps,
                rows,
                learning_rate,
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
    /// Of a network with one hidden layer these are three parallel regions: the hidden layer; the output layer with the loss, what
    /// goes back through it and its own update, and beside them the gathering; the update of the hidden layer. The first and the last
    /// are most of a step. They have all threads for themselves and are cut alike, so that each thread finds its part of the weights
    /// in its own cache.
    ///
    /// Where the first layer is so narrow that gathering takes more than half as long as its update, cutting it gains too little.
    /// There the gathering goes beside all else.
    fn step(&mut self, batches: Batches<'_>, next: usize, learning_rate: f64) -> Score {
        let optimizer = &self.optimizer.with_learning_rate(learning_rate);
        let Self { network, states, workspace, batches: [batch, next_batch], .. } = self;
        let (x, gathering) = (batch.input(), batches.work_of_gathering(next));
        let is_narrow = 2 * gathering > dense::work_of_update(x, optimizer, &network.layers[0]);
        if !is_narrow {
            workspace.forward(network, x);
        }
        let rest = || {
            if is_narrow {
                workspace.forward(network, x);
            }
            let score = workspace.gradients(network, batch);
            let first = if is_narrow { 0 } else { 1 };
            let update = Update { x, workspace, optimizer };
            update.layers(first..network.layers.len(), network, states);
            score
        };
        let gather = || batches.gather(next, next_batch);
        let (score, ()) = parallel::join(gathering, rest, gather);
        if !is_narrow {
            Update { x, workspace, optimizer }.layers(0..1, network, states);
        }
        self.batches.swap(0, 1);
        score
    }
}

/// The operands that the updates of a step read.
struct Update<'a> {
    x: Input<'a>,
    workspace: &'a Workspace,
    optimizer: &'a Optimizer,
}

impl Update<'_> {
    /// Updates some layers, one after the other: each is cut for all threads.
    fn layers(&self, some: Range<usize>, network: &mut Network, states: &mut [State]) {
        for l in some {
            let (x, d) = self.workspace.factors_of_gradient(l, self.x);
            dense::update(x, d, *self.optimizer, &mut network.layers[l], &mut states[l]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Rmsprop};

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
