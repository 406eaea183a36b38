//! The lines of `metrics.jsonl`.

use model::{EpochReport, StepReport};
use serde::Serialize;
use serde_json::Value;

use crate::interruption::Interruption;
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
        /// Mean over the test set, after the epoch.
        test_loss: f64,
        /// Likewise.
        test_accuracy: f64,
    },
    /// A signal ended the training: the last line.
    Interrupted {
        /// As in `SIGINT`.
        signal: &'static str,
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
        let &Interruption { signal, epoch, step, steps, .. } = interruption;
        let &EpochReport { loss, accuracy, seconds, .. } = report;
        Self::Interrupted { signal, epoch, step, steps, loss, accuracy, seconds }
    }

    /// A network on the test set.
    pub fn evaluate(test: &TestResult) -> Self {
        let &TestResult { loss, accuracy, seconds, .. } = test;
        Self::Evaluate { loss, accuracy, seconds }
    }

    /// An epoch, and what the network it left makes of the test set.
    pub fn epoch(report: &EpochReport, test: &TestResult) -> Self {
        let &EpochReport { epoch, loss, accuracy, seconds, images_per_second } = report;
        let &TestResult { loss: test_loss, accuracy: test_accuracy, .. } = test;
        Self::Epoch { epoch, loss, accuracy, seconds, images_per_second, test_loss, test_accuracy }
    }
}
