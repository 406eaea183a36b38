//! Watches a training: a progress bar on the terminal, a line of history an epoch with the test set's result, and the
//! metrics of the run.

use std::io::Write;
use std::mem;
use std::ops::ControlFlow;

use dataset::Set;
use indicatif::{HumanCount, ProgressBar, ProgressState, ProgressStyle};
use model::{EpochReport, Network, Observer, StepReport};

use crate::arguments::TrainArguments;
use crate::error::Error;
use crate::run::folder::RunFolder;
use crate::run::signals::Signals;
use crate::terminal::notice::notice;
use record::Event;
use record::Interruption;
use record::StepCurve;
use record::TestResult;

/// Fills the line: what follows the bar has a steady width.
const LAYOUT: &str = "{prefix} {wide_bar} {msg}  {speed:>18}";

/// The observer of `driver train`.
pub(crate) struct Progress<'a> {
    arguments: &'a TrainArguments,
    train: Set<'a>,
    test: Set<'a>,
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
    /// The signal that ended it, if one did.
    pub(crate) interruption: Option<Interruption>,
    /// Its epochs, the last one perhaps cut by the signal, and the test set after each.
    pub(crate) epochs: Vec<(EpochReport, TestResult)>,
    /// Loss and accuracy of the steps.
    pub(crate) steps: StepCurve,
}

impl<'a> Progress<'a> {
    /// Watches a training on `train`, tested on `test`.
    pub(crate) fn new(
        arguments: &'a TrainArguments,
        [train, test]: [Set<'a>; 2],
        out: &'a mut (dyn Write + Send),
        run: &'a mut RunFolder,
        signals: &'a Signals,
    ) -> Self {
        let steps = train.len().div_ceil(arguments.batch_size);
        let training = Training {
            interruption: None,
            epochs: Vec::new(),
            steps: StepCurve::new(arguments.epochs, steps),
        };
        let bar = ProgressBar::hidden();
        Self { arguments, train, test, bar, out, run, signals, steps, training, outcome: Ok(()) }
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
        if let Some(interruption) = &self.training.interruption {
            notice(format_args!("{interruption}; what was reached is saved"));
        }
        if let Some(cut) = history.get(self.training.epochs.len()) {
            let test = TestResult::of(network, self.test)?;
            self.check(test.loss, cut.epoch, || "on the test set".into())?;
            self.training.epochs.push((*cut, test));
        }
        Ok(self.training)
    }

    fn step(&mut self, report: &StepReport) -> Result<(), Error> {
        if self.arguments.log_steps {
            self.run.log(&Event::from(report))?;
        }
        self.check(report.loss, report.epoch, || format!("step {}", report.step))?;
        self.training.steps.push(report);
        if report.step == 1 && !self.arguments.quiet {
            self.bar = bar(self.train).with_prefix(self.epoch_of(report.epoch));
        }
        if !self.bar.is_hidden() {
            let StepReport { running_loss: loss, running_accuracy: accuracy, .. } = report;
            self.bar.set_message(format!("loss {loss:.4}  accuracy {accuracy:.4}"));
            self.bar.inc(report.rows as u64);
        }
        Ok(())
    }

    fn epoch(&mut self, report: &EpochReport, network: &Network) -> Result<(), Error> {
        let test = TestResult::of(network, self.test)?;
        self.run.log(&Event::epoch(report, &test))?;
        self.training.epochs.push((*report, test));
        // Cleared first: the line takes the bar's place.
        self.bar.finish_and_clear();
        let &EpochReport { epoch, loss, accuracy, seconds, images_per_second } = report;
        let (name, speed) = (self.epoch_of(epoch), HumanCount(images_per_second as u64));
        writeln!(
            self.out,
            "{name}  loss {loss:.4}  accuracy {accuracy:.4}  test {:.4}  {seconds:.2} s  {speed} {}/s",
            test.accuracy,
            self.train.plural()
        )?;
        // The test set alone sees what the last step has done.
        self.check(test.loss, epoch, || "on the test set".into())
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
        let epochs = self.arguments.epochs;
        format!("Epoch {epoch:>width$}/{epochs}", width = epochs.to_string().len())
    }
}

impl Progress<'_> {
    /// A signal ends the fit after this step of this epoch.
    fn heed(&mut self, epoch: usize, step: usize) -> ControlFlow<()> {
        let Some(signal) = self.signals.noted() else { return ControlFlow::Continue(()) };
        let (epochs, steps) = (self.arguments.epochs, self.steps);
        self.training.interruption =
            Some(Interruption { signal: signal.name, epoch, epochs, step, steps });
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
        let outcome = self.epoch(report, network);
        self.note(outcome)?;
        self.heed(report.epoch, self.steps)
    }
}

/// A bar on stderr, and only where that is a terminal: `indicatif` hides it elsewhere.
fn bar(examples: Set<'_>) -> ProgressBar {
    let plural = examples.plural();
    let speed = move |state: &ProgressState, text: &mut dyn std::fmt::Write| {
        // A failing write would be the bar's own: there is nobody to tell.
        let _ = write!(text, "{} {plural}/s", HumanCount(state.per_sec() as u64));
    };
    let style =
        ProgressStyle::with_template(LAYOUT).expect("the layout is valid").with_key("speed", speed);
    ProgressBar::new(examples.len() as u64).with_style(style)
}
