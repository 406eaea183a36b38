//! How long a training is to be: as many epochs as were asked for, or as many as fit into a time.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use model::{Epochs, FitConfig, Network, Observer, Rows, Schedule, StepReport, Targets, Trainer};

use crate::data::watched::Watched;
use crate::error::Error;

/// The share of the time that a trial takes at most, unless it has taken no two steps until then.
const TRIAL: f64 = 0.03;
/// So many steps are enough of a trial that has come through the training set.
const STEPS: usize = 30;
/// The share of the time that is left free: no machine is always as fast as it was in the trial.
const MARGIN: f64 = 0.03;
/// Shuffling and writing metrics, beside an epoch's steps.
const BESIDE_AN_EPOCH: Duration = Duration::from_micros(200);
/// Making the report and writing small files.
const ENDING: Duration = Duration::from_millis(100);
/// Writing the network and reading it over for the report.
const BYTES_PER_SECOND: f64 = 250e6;

/// How long a training is to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Passes over what is trained on, at least 1.
    pub(crate) epochs: usize,
    /// When it ends at the latest, after whichever step; `None`: when it is done.
    pub(crate) deadline: Option<Instant>,
    /// Whether there is time enough for so many.
    pub(crate) is_enough: bool,
}

impl Plan {
    /// As many epochs as were asked for, however long that takes.
    pub(crate) fn of(epochs: usize) -> Self {
        Self { epochs, deadline: None, is_enough: true }
    }
}

/// A time in which a program is to come to its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeLimit {
    /// When it began.
    pub(crate) start: Instant,
    /// How long it may take.
    pub(crate) limit: Duration,
}

/// The work of a training.
pub(crate) struct Work<'a> {
    /// The rows of each epoch.
    pub(crate) source: &'a mut (dyn Epochs + Send),
    /// The classes of all rows.
    pub(crate) targets: Targets<'a>,
    /// The rows to train on, if not all.
    pub(crate) chosen: Option<&'a [u32]>,
    /// The examples that each epoch is tried on.
    pub(crate) watched: Watched<'a>,
    /// How many examples the network is tested on at the end, and read for the report.
    pub(crate) tested: usize,
}

/// How long the parts of a training take.
#[derive(Clone, Copy, Debug)]
struct Speed {
    epoch: Duration,
    ending: Duration,
}

impl TimeLimit {
    /// Finds out how fast the training of `fit` is by a part of it, up to an epoch, and how many epochs the time is enough for.
    ///
    /// The rate of a schedule depends on the number of epochs from the first step on. So this is a trial: what `trainer` has
    /// learned is thrown away, and the training begins again with that number.
    pub(crate) fn plan(
        self,
        trainer: Trainer,
        fit: &FitConfig,
        work: &mut Work<'_>,
    ) -> Result<Plan, Error> {
        let speed = self.measure(trainer, fit, work)?;
        let left = self.left().saturating_sub(speed.ending).mul_f64(1.0 - MARGIN);
        let epochs = (left.as_secs_f64() / speed.epoch.as_secs_f64()) as usize;
        let deadline = self.start + self.limit.saturating_sub(speed.ending);
        Ok(Plan { epochs: epochs.max(1), deadline: Some(deadline), is_enough: epochs > 0 })
    }

    fn left(self) -> Duration {
        self.limit.saturating_sub(self.start.elapsed())
    }

    fn measure(
        self,
        mut trainer: Trainer,
        fit: &FitConfig,
        work: &mut Work<'_>,
    ) -> Result<Speed, Error> {
        let Work { source, targets, chosen, watched, tested } = work;
        // Rates near 0 would compute with numbers that processors are slow at.
        let fit = FitConfig { epochs: usize::MAX, schedule: Schedule::default(), ..*fit };
        let mut timed = Timed { source: *source, last: Duration::ZERO };
        let mut clock = Clock::of(self.left().mul_f64(TRIAL));
        trainer.fit_epochs(&mut timed, *targets, *chosen, &fit, &mut clock)?;
        let evaluation = Duration::from_secs_f64(watched.evaluate(trainer.network())?.seconds);
        let examples = chosen.map_or(targets.len(), <[u32]>::len);
        let steps = examples.div_ceil(fit.batch_size);
        let epoch = clock.step().mul_f64(steps as f64) + timed.last + evaluation + BESIDE_AN_EPOCH;
        let testing = evaluation.mul_f64(2.0 * *tested as f64 / watched.len() as f64);
        let saving = Duration::from_secs_f64(bytes(trainer.network()) / BYTES_PER_SECOND);
        Ok(Speed { epoch, ending: ENDING + testing + saving })
    }
}

fn bytes(network: &Network) -> f64 {
    (network.parameter_count() * size_of::<f32>()) as f64
}

/// Rows of epochs, and how long the last ones took.
struct Timed<'a> {
    source: &'a mut (dyn Epochs + Send),
    last: Duration,
}

impl Epochs for Timed<'_> {
    fn rows(&mut self, epoch: usize) -> Rows<'_> {
        let start = Instant::now();
        let rows = self.source.rows(epoch);
        self.last = start.elapsed();
        rows
    }
}

/// Takes the time of the steps of a trial.
struct Clock {
    start: Instant,
    /// Before, memory is touched for the first time, and steps take longer than later ones.
    warm: Instant,
    end: Instant,
    /// The end of the step before this one, in the same epoch.
    before: Option<Instant>,
    /// Steps whose time was taken, and their times: of warm ones but the first of each epoch.
    steps: u32,
    sum: Duration,
}

impl Clock {
    /// For a trial of this length.
    fn of(length: Duration) -> Self {
        let start = Instant::now();
        let (warm, end) = (start + length / 3, start + length);
        Self { start, warm, end, before: None, steps: 0, sum: Duration::ZERO }
    }

    /// The mean time of a step; where there is none but first ones, that of the whole trial.
    fn step(&self) -> Duration {
        if self.steps == 0 { self.start.elapsed() } else { self.sum / self.steps }
    }
}

impl Observer for Clock {
    fn on_step(&mut self, report: &StepReport) -> ControlFlow<()> {
        let now = Instant::now();
        if let Some(before) = self.before.replace(now).filter(|&before| before >= self.warm) {
            self.steps += 1;
            self.sum += now - before;
        }
        let is_last = report.step == report.steps;
        if is_last {
            self.before = None;
        }
        let has_enough = is_last && self.steps as usize >= STEPS;
        // An epoch of one step has no other time than the whole.
        let has_any = self.steps > 0 || report.steps == 1;
        if has_enough || (has_any && now >= self.end) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}
