//! The settings of a fit, its reports, and who may watch it.

use std::ops::ControlFlow;

use kernels::Rows;

use crate::{Network, Schedule};

/// The settings of a fit: its length, the size of its batches and the order of the rows. The default is five epochs of
/// batches of 128 rows, shuffled with seed 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FitConfig {
    /// Passes over the data, at least 1.
    pub epochs: usize,
    /// Rows in a step, at least 1. The last step of an epoch takes the rows that are left.
    pub batch_size: usize,
    /// `true`: each epoch takes the rows in a new random order ([`Shuffler`](crate::Shuffler)). `false`: each takes them in the order given.
    pub shuffle: bool,
    /// The seed of the random orders. Each fit starts its random numbers anew from it.
    pub seed: u64,
    /// How the learning rate changes from step to step. The default leaves it as it is.
    pub schedule: Schedule,
}

impl Default for FitConfig {
    fn default() -> Self {
        Self { epochs: 5, batch_size: 128, shuffle: true, seed: 0, schedule: Schedule::default() }
    }
}

/// The report of a step. Loss and accuracy are those of the network before the update of this step.
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
    /// Of the optimizer, in this step.
    pub learning_rate: f64,
    /// Mean crossentropy of the rows of this batch, natural logarithm.
    pub loss: f64,
    /// Share of the rows of this batch that are classified correctly, between 0 and 1.
    pub accuracy: f64,
    /// Mean crossentropy of the rows of this epoch so far.
    pub running_loss: f64,
    /// Share of the rows of this epoch so far that are classified correctly.
    pub running_accuracy: f64,
}

/// The report of an epoch. Loss and accuracy are Keras's: each row counts with the network before the update of its batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EpochReport {
    /// From 1.
    pub epoch: usize,
    /// Mean crossentropy of the rows, natural logarithm.
    pub loss: f64,
    /// Share of the rows that are classified correctly, between 0 and 1.
    pub accuracy: f64,
    /// Wall time of its steps in seconds, [`Observer::on_step`] included; shuffling and [`Observer::on_epoch`] are not in it.
    pub seconds: f64,
    /// Rows trained on per second of that time.
    pub images_per_second: f64,
}

/// Watches a fit and can end it: after a method returns `Break`, no further step is taken, and the fit returns the reports
/// of the epochs until then. That is no error. No method does anything unless it is overridden. They run between steps,
/// on a thread of rayon's current pool, so the training waits for them.
pub trait Observer: Send {
    /// The learning rate of a step that is about to be made: `scheduled`, which the fit's [`Schedule`] says, or another number of at
    /// least 0. `step` counts the steps of this fit, from 0.
    fn learning_rate(&mut self, _step: usize, scheduled: f64) -> f64 {
        scheduled
    }
    /// Is called after each step.
    fn on_step(&mut self, _report: &StepReport) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
    /// Is called after each epoch that `on_step` has not ended, with the network as the last step left it.
    fn on_epoch(&mut self, _report: &EpochReport, _network: &Network) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// The observer of an unobserved fit.
impl Observer for () {}

/// The rows of a fit, epoch by epoch: pictures that are distorted anew, say. Each epoch has as many rows, and as long ones.
pub trait Epochs {
    /// The rows of epoch `epoch`, from 1. They are asked for in order, once each, before the epoch's first step.
    fn rows(&mut self, epoch: usize) -> Rows<'_>;
}
