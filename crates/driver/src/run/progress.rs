//! Watches a training: a progress bar on the terminal, a line of history an epoch with the result on the test set or
//! on what is held out for validation, and the metrics of the run.

use std::io::Write;
use std::mem;
use std::ops::ControlFlow;
use std::time::Instant;

use dataset::Set;
use indicatif::{HumanCount, ProgressBar, ProgressState, ProgressStyle};
use model::{EarlyStopping, EpochReport, Network, Observer, StepReport};
use record::{BestEpoch, Cause, Event, Interruption, StepCurve, TestResult};

use crate::arguments::TrainArguments;
use crate::data::watched::Watched;
use crate::error::Error;
use crate::run::folder::RunFolder;
use crate::run::plan::Plan;
use crate::run::signals::Signals;
use crate::terminal::notice::notice;

/// Fills the line: what follows the bar has a steady width.
const LAYOUT: &str = "{prefix} {wide_bar} {msg}  {speed:>18}";

/// The observer of `driver train`.
pub(crate) struct Progress<'a> {
    arguments: &'a TrainArguments,
    plan: Plan,
    train: Set<'a>,
    /// Examples of an epoch.
    examples: usize,
    watched: Watched<'a>,
    stopping: Option<EarlyStopping>,
    /// Of the epoch under way.
    bar: ProgressBar,
    out: &'a mut (dyn Write + Send),
    run: &'a mut RunFolder,
    signals: &'a Signals,
    /// Of an epoch.
    steps: usize,
    training: Training,
    /// The first thing that went wrong.
    outcome: Result<(), Error>,
}

/// A training as it was observed, from its first step to its end.
#[derive(Debug)]
pub(crate) struct Training {
    /// The signal or the time limit that ended it before its time, if one did.
    pub(crate) interruption: Option<Interruption>,
    /// Its epochs, the last one perhaps cut, and the examples that are watched after each.
    pub(crate) epochs: Vec<(EpochReport, TestResult)>,
    /// Loss, accuracy and learning rate of the steps.
    pub(crate) steps: StepCurve,
    /// The best epoch and its network, where these are kept.
    pub(crate) best: Option<(BestEpoch, Network)>,
    /// Whether the patience of early stopping has ended it.
    has_stopped: bool,
}

/// The examples to train on, and those that each epoch is tried on.
#[derive(Clone, Copy)]
pub(crate) struct Examples<'a> {
    /// The training set.
    pub(crate) train: Set<'a>,
    /// How many of it are trained on.
    pub(crate) count: usize,
    /// The examples that each epoch is tried on.
    pub(crate) watched: Watched<'a>,
}

impl<'a> Progress<'a> {
    /// Watches a training of `network`.
    ///
    /// # Errors
    /// If there is no memory to keep the best network, where it is to be kept.
    pub(crate) fn new(
        arguments: &'a TrainArguments,
        plan: Plan,
        examples: Examples<'a>,
        network: &Network,
        out: &'a mut (dyn Write + Send),
        run: &'a mut RunFolder,
        signals: &'a Signals,
    ) -> Result<Self, Error> {
        let Examples { train, count, watched } = examples;
        let steps = count.div_ceil(arguments.batch_size);
        let training = Training {
            interruption: None,
            epochs: Vec::new(),
            steps: StepCurve::new(plan.epochs, steps),
            best: None,
            has_stopped: false,
        };
        let stopping = arguments.early_stopping;
        let stopping =
            stopping.map(|patience| EarlyStopping::new(patience, network)).transpose()?;
        let (bar, outcome) = (ProgressBar::hidden(), Ok(()));
        Ok(Self {
            arguments,
            plan,
            train,
            examples: count,
            watched,
            stopping,
            bar,
            out,
            run,
            signals,
            steps,
            training,
            outcome,
        })
    }

    /// The training as it was observed, or the first thing that went wrong. `history` has the epochs of the fit, `network` is
    /// what it left.
    pub(crate) fn finish(
        mut self,
        history: &[EpochReport],
        network: &Network,
    ) -> Result<Training, Error> {
        // Of an epoch that was cut.
        self.bar.finish_and_clear();
        mem::replace(&mut self.outcome, Ok(()))?;
        match &self.training.interruption {
            Some(end @ Interruption { cause: Cause::TimeLimit, epochs, .. }) => {
                let why = if self.plan.is_enough {
                    "the machine has become slower"
                } else {
                    "it is too short for an epoch"
                };
                notice(format_args!(
                    "{end}: {why}; what was reached is saved, which --epochs {epochs} does not repeat"
                ));
            }
            Some(end) => notice(format_args!("{end}; what was reached is saved")),
            None => {}
        }
        if let Some(cut) = history.get(self.training.epochs.len()) {
            let after = self.watched.evaluate(network)?;
            self.check(after.loss, cut.epoch, || format!("on {}", self.watched.name()))?;
            // The training has ended already.
            let _ = self.observe(after.loss, network);
            self.training.epochs.push((*cut, after));
        }
        self.training.best = self.stopping.take().and_then(|stopping| self.best(stopping));
        Ok(self.training)
    }

    /// The best epoch, and its network.
    fn best(&self, stopping: EarlyStopping) -> Option<(BestEpoch, Network)> {
        let epoch = stopping.best_epoch()?;
        let Training { epochs, has_stopped, .. } = &self.training;
        let (_, after) = &epochs[epoch - 1];
        let best = BestEpoch {
            epoch,
            last: epochs.len(),
            epochs: self.plan.epochs,
            stopped_after: self.arguments.early_stopping.filter(|_| *has_stopped),
            loss: after.loss,
            accuracy: after.accuracy,
        };
        Some((best, stopping.into_best()?))
    }

    /// Early stopping sees an epoch, and whether it ends the training.
    fn observe(&mut self, loss: f64, network: &Network) -> ControlFlow<()> {
        let Some(stopping) = &mut self.stopping else { return ControlFlow::Continue(()) };
        stopping.observe(loss, network)
    }

    fn step(&mut self, report: &StepReport) -> Result<(), Error> {
        if self.arguments.log_steps {
            self.run.log(&Event::from(report))?;
        }
        self.check(report.loss, report.epoch, || format!("step {}", report.step))?;
        self.training.steps.push(report);
        if report.step == 1 && !self.arguments.quiet {
            let bar = bar(self.examples, self.train.plural());
            self.bar = bar.with_prefix(self.epoch_of(report.epoch));
        }
        if !self.bar.is_hidden() {
            let StepReport { running_loss: loss, running_accuracy: accuracy, .. } = report;
            self.bar.set_message(format!("loss {loss:.4}  accuracy {accuracy:.4}"));
            self.bar.inc(report.rows as u64);
        }
        Ok(())
    }

    fn epoch(&mut self, report: &EpochReport, network: &Network) -> Result<ControlFlow<()>, Error> {
        let after = self.watched.evaluate(network)?;
        let is_validation = self.watched.is_validation();
        self.run.log(&Event::epoch(report, &after, is_validation))?;
        self.training.epochs.push((*report, after));
        // Cleared first: the line takes the bar's place.
        self.bar.finish_and_clear();
        let &EpochReport { epoch, loss, accuracy, seconds, images_per_second } = report;
        write!(self.out, "{}  loss {loss:.4}  accuracy {accuracy:.4}", self.epoch_of(epoch))?;
        if is_validation {
            write!(self.out, "  val loss {:.4}  val accuracy {:.4}", after.loss, after.accuracy)?;
        } else {
            write!(self.out, "  test {:.4}", after.accuracy)?;
        }
        let speed = HumanCount(images_per_second as u64);
        writeln!(self.out, "  {seconds:.2} s  {speed} {}/s", self.train.plural())?;
        // These examples alone see what the last step has done.
        self.check(after.loss, epoch, || format!("on {}", self.watched.name()))?;
        Ok(self.observe(after.loss, network))
    }

    /// Whether a loss is still finite.
    fn check(&self, loss: f64, epoch: usize, place: impl Fn() -> String) -> Result<(), Error> {
        if loss.is_finite() {
            return Ok(());
        }
        let learning_rate = self.arguments.learning_rate;
        Err(Error::Diverged { loss, epoch, place: place(), learning_rate })
    }

    fn epoch_of(&self, epoch: usize) -> String {
        let epochs = self.plan.epochs;
        format!("Epoch {epoch:>width$}/{epochs}", width = epochs.to_string().len())
    }
}

impl Progress<'_> {
    /// A signal, or the time limit where anything is left to do, ends the fit after this step of this epoch.
    fn heed(&mut self, epoch: usize, step: usize) -> ControlFlow<()> {
        let (epochs, steps) = (self.plan.epochs, self.steps);
        let is_late = || self.plan.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        let cause = match self.signals.noted() {
            Some(signal) => Cause::Signal(signal.name),
            None if (epoch, step) != (epochs, steps) && is_late() => Cause::TimeLimit,
            None => return ControlFlow::Continue(()),
        };
        self.training.interruption = Some(Interruption { cause, epoch, epochs, step, steps });
        ControlFlow::Break(())
    }

    /// A failure ends the fit: nobody should wait for what cannot be kept.
    fn note(&mut self, outcome: Result<(), Error>) -> ControlFlow<()> {
        self.outcome = outcome;
        if self.outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

impl Observer for Progress<'_> {
    fn on_step(&mut self, report: &StepReport) -> ControlFlow<()> {
        let outcome = self.step(report);
        self.note(outcome)?;
        // A whole epoch is to be tested first.
        if report.step < self.steps {
            self.heed(report.epoch, report.step)
        } else {
            ControlFlow::Continue(())
        }
    }

    fn on_epoch(&mut self, report: &EpochReport, network: &Network) -> ControlFlow<()> {
        match self.epoch(report, network) {
            Ok(ControlFlow::Continue(())) => self.heed(report.epoch, self.steps),
            Ok(ControlFlow::Break(())) => {
                self.training.has_stopped = true;
                ControlFlow::Break(())
            }
            Err(error) => self.note(Err(error)),
        }
    }
}

/// A bar on stderr, and only where that is a terminal: `indicatif` hides it elsewhere.
fn bar(examples: usize, plural: &'static str) -> ProgressBar {
    let speed = move |state: &ProgressState, text: &mut dyn std::fmt::Write| {
        // A failing write would be the bar's own: there is nobody to tell.
        let _ = write!(text, "{} {plural}/s", HumanCount(state.per_sec() as u64));
    };
    let style =
        ProgressStyle::with_template(LAYOUT).expect("the layout is valid").with_key("speed", speed);
    ProgressBar::new(examples as u64).with_style(style)
}
