//! What a run writes down about itself: `config.json` and the lines of `metrics.jsonl`.

use model::{EpochReport, StepReport};
use serde::Serialize;
use serde_json::Value;

use crate::data::identity::Checksums;
use crate::run::signals::Interruption;
use crate::run::test_result::TestResult;

/// The settings of a run: enough to repeat it.
#[derive(Debug, Serialize)]
pub(crate) struct Config {
    /// Version of this program.
    pub(crate) version: &'static str,
    /// Whether it was compiled with optimization.
    pub(crate) release_build: bool,
    /// The instruction set the kernels used.
    pub(crate) isa: &'static str,
    /// Threads computed with.
    pub(crate) threads: usize,
    /// Start of the run, UTC.
    pub(crate) started: String,
    /// Where the images came from, and what they are.
    pub(crate) data: Images,
    /// The network: `[inputs, hidden…, classes]`.
    pub(crate) sizes: Vec<usize>,
    /// How many numbers are trained.
    pub(crate) parameters: usize,
    /// The file the weights started from, if any.
    pub(crate) init: Option<String>,
    /// The optimizer.
    pub(crate) rmsprop: Optimizer,
    /// Passes over the training set.
    pub(crate) epochs: usize,
    /// Images a step.
    pub(crate) batch_size: usize,
    /// Whether each epoch had its own order.
    pub(crate) shuffle: bool,
    /// Seed of weights and shuffling.
    pub(crate) seed: u64,
}

impl Config {
    /// Whether `text` may be the settings of a run, of this version or another.
    pub(crate) fn is_in(text: &str) -> bool {
        let keys = ["version", "started", "seed"];
        serde_json::from_str::<Value>(text)
            .is_ok_and(|found| keys.iter().all(|&key| found.get(key).is_some()))
    }
}

/// Which images a run used.
#[derive(Debug, Serialize)]
pub(crate) struct Images {
    /// What they are, as `--dataset` names it; null for those that are no such data set by their checksums.
    pub(crate) dataset: Option<&'static str>,
    /// Their folder; null for the built-in digits.
    pub(crate) folder: Option<String>,
    /// Images to train on.
    pub(crate) train: usize,
    /// Images to test on.
    pub(crate) test: usize,
    /// Height and width of an image.
    pub(crate) image: [usize; 2],
    /// Number of classes.
    pub(crate) classes: usize,
    /// Their checksums.
    pub(crate) sha256: Checksums,
}

/// The optimizer of a run.
#[derive(Debug, Serialize)]
pub(crate) struct Optimizer {
    /// `keras2` or `keras3`: where epsilon stands.
    pub(crate) form: &'static str,
    /// Step size.
    pub(crate) learning_rate: f64,
    /// Decay of the mean of squares.
    pub(crate) rho: f64,
    /// Guard against a division by zero.
    pub(crate) epsilon: f64,
}

/// A line of `metrics.jsonl`.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub(crate) enum Event {
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
    pub(crate) fn is_in(line: &str) -> bool {
        serde_json::from_str::<Value>(line).is_ok_and(|found| found.get("event").is_some())
    }

    /// The end of a training, and the epoch that it ended in.
    pub(crate) fn interrupted(interruption: &Interruption, report: &EpochReport) -> Self {
        let &Interruption { signal, epoch, step, steps, .. } = interruption;
        let &EpochReport { loss, accuracy, seconds, .. } = report;
        Self::Interrupted { signal: signal.name, epoch, step, steps, loss, accuracy, seconds }
    }

    /// A network on the test set.
    pub(crate) fn evaluate(test: &TestResult) -> Self {
        let &TestResult { loss, accuracy, seconds, .. } = test;
        Self::Evaluate { loss, accuracy, seconds }
    }

    /// An epoch, and what the network it left makes of the test set.
    pub(crate) fn epoch(report: &EpochReport, test: &TestResult) -> Self {
        let &EpochReport { epoch, loss, accuracy, seconds, images_per_second } = report;
        let &TestResult { loss: test_loss, accuracy: test_accuracy, .. } = test;
        Self::Epoch { epoch, loss, accuracy, seconds, images_per_second, test_loss, test_accuracy }
    }
}
