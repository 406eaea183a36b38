//! A fit that Python watches: the pool trains, while the thread that called looks for Ctrl-C and tells how far it is.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use model::{
    EpochReport, Evaluation, FitConfig, ModelError, Network, Observer, Rows, StepReport, Targets,
    Trainer,
};
use pyo3::prelude::*;

use crate::errors::of_model;
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

/// Loss, accuracy, seconds; loss and accuracy on the validation set.
pub(crate) type Epoch = (f64, f64, f64, Option<(f64, f64)>);

/// The examples that a network is tested on after each epoch.
pub(crate) type Validation<'a> = Option<(Rows<'a>, Targets<'a>)>;

/// Trains, and returns a line for each epoch. An exception of Python, Ctrl-C among them, ends it after the current step.
pub(crate) fn fit(
    py: Python<'_>,
    trainer: &mut Trainer,
    (rows, targets): (Rows<'_>, Targets<'_>),
    validation: Validation<'_>,
    config: &FitConfig,
    callbacks: &Callbacks,
) -> PyResult<Vec<Epoch>> {
    let pool = threads::pool(None)?;
    let stop = AtomicBool::new(false);
    let latest = Mutex::new(None);
    let mut exception = None;
    let (outcome, history, fault) = py.detach(|| {
        let (sender, epochs) = mpsc::channel();
        let (stop, latest) = (&stop, &latest);
        let mut watch =
            Watch { stop, latest, epochs: sender, validation, history: Vec::new(), fault: None };
        let mut outcome = None;
        let told = &mut outcome;
        pool.in_place_scope(|scope| {
            scope.spawn(move |_| {
                let trained = trainer.fit_observed(rows, targets, config, &mut watch);
                // The watch goes, and with it the sender: the loop below ends.
                *told = Some((trained, watch.history, watch.fault));
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
        outcome.expect("the scope waits for the training")
    });
    if let Some(exception) = exception {
        return Err(exception);
    }
    outcome.map_err(of_model)?;
    match fault {
        Some(fault) => Err(of_model(fault)),
        None => Ok(history),
    }
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
    validation: Validation<'a>,
    history: Vec<Epoch>,
    /// Why the validation set could not be evaluated.
    fault: Option<ModelError>,
}

impl Observer for Watch<'_> {
    fn on_step(&mut self, report: &StepReport) -> ControlFlow<()> {
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(*report);
        match self.stop.load(Ordering::Relaxed) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    fn on_epoch(&mut self, report: &EpochReport, network: &Network) -> ControlFlow<()> {
        let validation =
            match self.validation.map(|(rows, targets)| network.evaluate(rows, targets)) {
                None => None,
                Some(Ok(Evaluation { loss, accuracy })) => Some((loss, accuracy)),
                Some(Err(fault)) => {
                    self.fault = Some(fault);
                    return ControlFlow::Break(());
                }
            };
        let epoch = (report.loss, report.accuracy, report.seconds, validation);
        self.history.push(epoch);
        match self.epochs.send(epoch) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}
