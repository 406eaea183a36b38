//! A fit that Python watches: the pool trains, while the thread that called looks for Ctrl-C and tells how far it is.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use model::{
    EpochReport, Epochs, Evaluation, FitConfig, ModelError, Network, Observer, Rows, StepReport,
    Targets, Trainer,
};
use pyo3::prelude::*;

use crate::errors::of_model;
use crate::stopping::{Epoch, Stopping};
use crate::threads;

/// How often the calling thread looks up.
const PAUSE: Duration = Duration::from_millis(50);

/// Python's functions that a fit calls.
pub(crate) struct Callbacks {
    /// `on_progress(epoch, step, steps, loss, accuracy)`, every 50 ms: the means of the epoch so far.
    pub(crate) on_progress: Option<Py<PyAny>>,
    /// `on_epoch(epoch)` with [`Epoch`].
    pub(crate) on_epoch: Option<Py<PyAny>>,
}

/// The examples of a fit.
#[derive(Clone, Copy)]
pub(crate) struct Examples<'a> {
    pub(crate) rows: Rows<'a>,
    pub(crate) targets: Targets<'a>,
    /// Indices of those that are meant, if it is not all of them.
    pub(crate) chosen: Option<&'a [u32]>,
}

impl Epochs for Examples<'_> {
    fn rows(&mut self, _: usize) -> Rows<'_> {
        self.rows
    }
}

/// The size of the steps.
#[derive(Clone, Copy)]
pub(crate) enum Rates<'a> {
    /// Of all.
    Constant(f64),
    /// Of each.
    Steps(&'a [f64]),
}

impl Rates<'_> {
    /// Of the step of this index; beyond the last, the last.
    fn of(self, step: usize) -> f64 {
        match self {
            Self::Constant(rate) => rate,
            Self::Steps(rates) => rates.get(step).or(rates.last()).copied().unwrap_or(0.0),
        }
    }
}

/// The parts of a fit, beside the network.
pub(crate) struct Fit<'a> {
    pub(crate) train: Examples<'a>,
    /// The examples that a network is tested on after each epoch.
    pub(crate) validation: Option<Examples<'a>>,
    pub(crate) rates: Rates<'a>,
    pub(crate) config: FitConfig,
    pub(crate) stopping: Option<Stopping>,
}

/// The results of a fit, beside the network.
pub(crate) struct Outcome {
    /// A line for each epoch.
    pub(crate) epochs: Vec<Epoch>,
    /// The best of them, from 1, if anybody looked for it.
    pub(crate) best: Option<usize>,
}

/// Trains. An exception of Python, Ctrl-C among them, ends it after the current step. Steps are counted in `steps`.
pub(crate) fn fit(
    py: Python<'_>,
    trainer: &mut Trainer,
    fit: Fit<'_>,
    callbacks: &Callbacks,
    steps: &mut u64,
) -> PyResult<Outcome> {
    let pool = threads::pool(None)?;
    let stop = AtomicBool::new(false);
    let latest = Mutex::new(None);
    let mut exception = None;
    let Fit { mut train, validation, rates, config, stopping } = fit;
    let (outcome, watch) = py.detach(|| {
        let (sender, epochs) = mpsc::channel();
        let (stop, latest) = (&stop, &latest);
        let trainer = &mut *trainer;
        let mut told = None;
        let tell = &mut told;
        pool.in_place_scope(|scope| {
            scope.spawn(move |_| {
                let mut watch = Watch {
                    stop,
                    latest,
                    epochs: sender,
                    validation,
                    rates,
                    stopping,
                    steps,
                    history: Vec::new(),
                    fault: None,
                };
                let Examples { targets, chosen, .. } = train;
                let trained = trainer.fit_epochs(&mut train, targets, chosen, &config, &mut watch);
                // The sender goes, and the loop below ends.
                let Watch { history, stopping, fault, .. } = watch;
                *tell = Some((trained, (history, stopping, fault)));
            });
            loop {
                let told = match epochs.recv_timeout(PAUSE) {
                    Ok(epoch) => Python::attach(|py| callbacks.epoch(py, epoch)),
                    Err(RecvTimeoutError::Timeout) => {
                        let step = *latest.lock().unwrap_or_else(PoisonError::into_inner);
                        Python::attach(|py| callbacks.progress(py, step))
                    }
                    Err(RecvTimeoutError::Disconnected) => break,
                };
                if let Err(error) = told
                    && exception.is_none()
                {
                    exception = Some(error);
                    stop.store(true, Ordering::Relaxed);
                }
            }
        });
        told.expect("the scope waits for the training")
    });
    let (epochs, stopping, fault) = watch;
    if let Some(exception) = exception {
        return Err(exception);
    }
    outcome.map_err(of_model)?;
    if let Some(fault) = fault {
        return Err(of_model(fault));
    }
    let (best, network) = stopping.map_or((None, None), Stopping::into_best);
    if let Some(network) = network {
        trainer.replace_network(network).map_err(of_model)?;
    }
    Ok(Outcome { epochs, best })
}

impl Callbacks {
    fn epoch(&self, py: Python<'_>, epoch: Epoch) -> PyResult<()> {
        py.check_signals()?;
        self.on_epoch.as_ref().map_or(Ok(()), |call| call.call1(py, (epoch,)).map(drop))
    }

    fn progress(&self, py: Python<'_>, step: Option<StepReport>) -> PyResult<()> {
        py.check_signals()?;
        let (Some(call), Some(step)) = (&self.on_progress, step) else { return Ok(()) };
        let StepReport { epoch, step, steps, running_loss, running_accuracy, .. } = step;
        call.call1(py, (epoch, step, steps, running_loss, running_accuracy)).map(drop)
    }
}

/// The work of the training between steps.
struct Watch<'a> {
    /// Set from outside to end the training.
    stop: &'a AtomicBool,
    latest: &'a Mutex<Option<StepReport>>,
    epochs: Sender<Epoch>,
    validation: Option<Examples<'a>>,
    rates: Rates<'a>,
    stopping: Option<Stopping>,
    steps: &'a mut u64,
    history: Vec<Epoch>,
    /// Why the validation set could not be evaluated.
    fault: Option<ModelError>,
}

impl Watch<'_> {
    fn evaluate(&self, network: &Network) -> Option<Result<Evaluation, ModelError>> {
        let Examples { rows, targets, chosen } = self.validation?;
        Some(match chosen {
            None => network.evaluate(rows, targets),
            Some(chosen) => network.evaluate_chosen(rows, targets, chosen),
        })
    }
}

impl Observer for Watch<'_> {
    fn learning_rate(&mut self, step: usize, _: f64) -> f64 {
        self.rates.of(step)
    }

    fn on_step(&mut self, report: &StepReport) -> ControlFlow<()> {
        *self.steps += 1;
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(*report);
        match self.stop.load(Ordering::Relaxed) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    fn on_epoch(&mut self, report: &EpochReport, network: &Network) -> ControlFlow<()> {
        let validation = match self.evaluate(network) {
            None => None,
            Some(Ok(Evaluation { loss, accuracy })) => Some((loss, accuracy)),
            Some(Err(fault)) => {
                self.fault = Some(fault);
                return ControlFlow::Break(());
            }
        };
        let epoch = (report.loss, report.accuracy, report.seconds, validation);
        self.history.push(epoch);
        if self.epochs.send(epoch).is_err() {
            return ControlFlow::Break(());
        }
        match &mut self.stopping {
            None => ControlFlow::Continue(()),
            Some(stopping) => stopping.observe(&epoch, network),
        }
    }
}
