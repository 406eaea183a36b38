//! The lines of `metrics.jsonl`.

use model::{EpochReport, StepReport};
use serde::Serialize;
use serde_json::Value;

use crate::best_epoch::BestEpoch;
use crate::interruption::{Cause, Interruption};
use crate::test_result::TestResult;

/// A line of `metrics.jsonl`.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Event {
    /// A step, seen before its update.
    Step {
        /// From 1.
        epoch: usize,
        /// From 1 in each epoch.
        step: usize,
        /// Mean of the batch.
        loss: f64,
        /// Of the batch.
        accuracy: f64,
    },
    /// A pass over the training set.
    Epoch {
        /// From 1.
        epoch: usize,
        /// Mean over the images, each seen before its step's update.
        loss: f64,
        /// Likewise.
        accuracy: f64,
        /// Wall time.
        seconds: f64,
        /// Throughput.
        images_per_second: f64,
        /// The result after the epoch: of the examples held out for validation, or of the test set where none are.
        #[serde(flatten)]
        after: AfterEpoch,
    },
    /// A training that kept its best network has ended; this is the best epoch.
    Best {
        /// From 1.
        epoch: usize,
        /// Mean over the examples held out for validation, after this epoch.
        val_loss: f64,
        /// Likewise.
        val_accuracy: f64,
        /// The last epoch that was trained.
        last_epoch: usize,
        /// Whether the training has ended there for want of a lower loss.
        stopped: bool,
    },
    /// A signal or the time limit ended the training before its time: the last line.
    Interrupted {
        /// As in `SIGINT`; null: the time limit.
        signal: Option<&'static str>,
        /// The last epoch, from 1.
        epoch: usize,
        /// The last step of this epoch that was taken, from 1.
        step: usize,
        /// How many steps make an epoch.
        steps: usize,
        /// Mean over the images of this epoch so far, each seen before its step's update.
        loss: f64,
        /// Likewise.
        accuracy: f64,
        /// Wall time of this epoch so far.
        seconds: f64,
    },
    /// The network on the test set.
    Evaluate {
        /// Mean over the images.
        loss: f64,
        /// Share of images recognized.
        accuracy: f64,
        /// Wall time.
        seconds: f64,
    },
}

/// The network that an epoch has left, on examples that it was not trained on.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum AfterEpoch {
    /// On the test set.
    Test {
        /// Mean over the examples.
        test_loss: f64,
        /// Share of the examples recognized.
        test_accuracy: f64,
    },
    /// On the examples that are held out for validation.
    Validation {
        /// Mean over the examples.
        val_loss: f64,
        /// Share of the examples recognized.
        val_accuracy: f64,
    },
}

impl From<&StepReport> for Event {
    fn from(report: &StepReport) -> Self {
        let &StepReport { epoch, step, loss, accuracy, .. } = report;
        Self::Step { epoch, step, loss, accuracy }
    }
}

impl Event {
    /// Whether `line` may be of the metrics of a run, of this version or another.
    pub fn is_in(line: &str) -> bool {
        serde_json::from_str::<Value>(line).is_ok_and(|found| found.get("event").is_some())
    }

    /// The end of a training, and the epoch that it ended in.
    pub fn interrupted(interruption: &Interruption, report: &EpochReport) -> Self {
        let &Interruption { cause, epoch, step, steps, .. } = interruption;
        let signal = match cause {
            Cause::Signal(name) => Some(name),
            Cause::TimeLimit => None,
        };
        let &EpochReport { loss, accuracy, seconds, .. } = report;
        Self::Interrupted { signal, epoch, step, steps, loss, accuracy, seconds }
    }

    /// A network on the test set.
    pub fn evaluate(test: &TestResult) -> Self {
        let &TestResult { loss, accuracy, seconds, .. } = test;
        Self::Evaluate { loss, accuracy, seconds }
    }

    /// An epoch, and what the network that it left makes of the examples held out for validation or, where none are, of the test set.
    pub fn epoch(report: &EpochReport, after: &TestResult, is_validation: bool) -> Self {
        let &EpochReport { epoch, loss, accuracy, seconds, images_per_second } = report;
        let after = match *after {
            TestResult { loss: val_loss, accuracy: val_accuracy, .. } if is_validation => {
                AfterEpoch::Validation { val_loss, val_accuracy }
            }
            TestResult { loss: test_loss, accuracy: test_accuracy, .. } => {
                AfterEpoch::Test { test_loss, test_accuracy }
            }
        };
        Self::Epoch { epoch, loss, accuracy, seconds, images_per_second, after }
    }

    /// The best epoch of a training.
    pub fn best(best: &BestEpoch) -> Self {
        let &BestEpoch { epoch, loss, accuracy, last, stopped_after, .. } = best;
        let (val_loss, val_accuracy, stopped) = (loss, accuracy, stopped_after.is_some());
        Self::Best { epoch, val_loss, val_accuracy, last_epoch: last, stopped }
    }
}
