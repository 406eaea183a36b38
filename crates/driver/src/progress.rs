//! Watches a training: a progress bar on the terminal, a line of history an epoch, and the metrics of the run.

use std::io::Write;
use std::ops::ControlFlow;

use indicatif::{HumanCount, ProgressBar, ProgressState, ProgressStyle};
use model::{EpochReport, Network, Observer, StepReport};

use crate::arguments::TrainArguments;
use crate::error::Error;
use crate::record::Event;
use crate::run_folder::RunFolder;
use crate::train::diverged;

/// Fills the line: what follows the bar has a steady width.
const LAYOUT: &str = "{prefix} {wide_bar} {msg}  {speed:>9} images/s";

/// The observer of `driver train`.
pub(crate) struct Progress<'a> {
    arguments: &'a TrainArguments,
    /// Images in an epoch.
    images: usize,
    /// Of the epoch under way.
    bar: ProgressBar,
    out: &'a mut (dyn Write + Send),
    run: &'a mut RunFolder,
    /// The first thing that went wrong.
    outcome: Result<(), Error>,
}

impl<'a> Progress<'a> {
    /// Watches epochs of `images` images each.
    pub(crate) fn new(
        arguments: &'a TrainArguments,
        images: usize,
        out: &'a mut (dyn Write + Send),
        run: &'a mut RunFolder,
    ) -> Self {
        Self { arguments, images, bar: ProgressBar::hidden(), out, run, outcome: Ok(()) }
    }

    /// What went wrong while watching, if anything did.
    pub(crate) fn finish(self) -> Result<(), Error> {
        self.outcome
    }

    fn step(&mut self, report: &StepReport) -> Result<(), Error> {
        if self.arguments.log_steps {
            self.run.log(&Event::from(report))?;
        }
        if report.step == 1 && !self.arguments.quiet {
            self.bar = bar(self.images).with_prefix(self.epoch_of(report.epoch));
        }
        if !self.bar.is_hidden() {
            let StepReport { running_loss: loss, running_accuracy: accuracy, .. } = report;
            self.bar.set_message(format!("loss {loss:.4}  accuracy {accuracy:.4}"));
            self.bar.inc(report.rows as u64);
        }
        Ok(())
    }

    fn epoch(&mut self, report: &EpochReport) -> Result<(), Error> {
        self.run.log(&Event::from(report))?;
        // Cleared first: the line takes the bar's place.
        self.bar.finish_and_clear();
        let &EpochReport { epoch, loss, accuracy, seconds, images_per_second } = report;
        let (name, speed) = (self.epoch_of(epoch), HumanCount(images_per_second as u64));
        writeln!(
            self.out,
            "{name}  loss {loss:.4}  accuracy {accuracy:.4}  {seconds:.2} s  {speed} images/s"
        )?;
        if loss.is_finite() { Ok(()) } else { Err(diverged(self.arguments, epoch, loss)) }
    }

    fn epoch_of(&self, epoch: usize) -> String {
        let epochs = self.arguments.epochs;
        format!("Epoch {epoch:>width$}/{epochs}", width = epochs.to_string().len())
    }
}

impl Progress<'_> {
    /// A failure ends the fit: nobody should wait for what cannot be kept.
    fn note(&mut self, outcome: Result<(), Error>) -> ControlFlow<()> {
        self.outcome = outcome;
        if self.outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

impl Observer for Progress<'_> {
    fn on_step(&mut self, report: &StepReport) -> ControlFlow<()> {
        let outcome = self.step(report);
        self.note(outcome)
    }

    fn on_epoch(&mut self, report: &EpochReport, _: &Network) -> ControlFlow<()> {
        let outcome = self.epoch(report);
        self.note(outcome)
    }
}

/// A bar on stderr, and only where that is a terminal: `indicatif` hides it elsewhere.
fn bar(images: usize) -> ProgressBar {
    let speed = |state: &ProgressState, text: &mut dyn std::fmt::Write| {
        // A failing write would be the bar's own: there is nobody to tell.
        let _ = write!(text, "{}", HumanCount(state.per_sec() as u64));
    };
    let style =
        ProgressStyle::with_template(LAYOUT).expect("the layout is valid").with_key("speed", speed);
    ProgressBar::new(images as u64).with_style(style)
}
