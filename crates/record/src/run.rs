//! A whole run, for whoever tells about it.

use std::path::Path;

use dataset::Set;
use model::{EpochReport, Network};

use crate::best_epoch::BestEpoch;
use crate::config::Config;
use crate::interruption::Interruption;
use crate::names::Names;
use crate::steps::StepCurve;
use crate::test_result::TestResult;

/// All that is known about a run.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// Its settings.
    pub config: &'a Config,
    /// Its folder.
    pub folder: &'a Path,
    /// The trained network.
    pub network: &'a Network,
    /// The training set.
    pub train_set: Set<'a>,
    /// Which of it were trained on, if some were held out for validation.
    pub trained_on: Option<&'a [u32]>,
    /// The test set.
    pub test_set: Set<'a>,
    /// The names of classes and features.
    pub names: &'a Names,
    /// The cause that ended the training before its time, if anything did.
    pub interruption: Option<&'a Interruption>,
    /// The file beside the report that is a page to draw on, if there is one.
    pub drawing: Option<&'a str>,
    /// The best epoch, whose network this is, if the best was kept.
    pub best: Option<&'a BestEpoch>,
    /// The training, epoch by epoch, the last one perhaps cut; and after each the examples held out for validation or, where none
    /// are, the test set. At least one.
    pub epochs: &'a [(EpochReport, TestResult)],
    /// The trained network on the test set.
    pub test: &'a TestResult,
    /// The training, step by step.
    pub steps: &'a StepCurve,
    /// From the start of the program to the test result.
    pub seconds: f64,
}

impl Run<'_> {
    /// Whether the examples after each epoch are those that are held out for validation.
    pub fn is_validated(&self) -> bool {
        self.config.training.validation.is_some()
    }

    /// The accuracy of the network on the examples held out for validation, if there are any.
    pub fn validation_accuracy(&self) -> Option<f64> {
        let last = self.epochs.last().map(|(_, after)| after.accuracy);
        let accuracy = self.best.map(|best| best.accuracy).or(last);
        accuracy.filter(|_| self.is_validated())
    }

    /// Where an epoch was cut, which is the last.
    pub fn cut(&self) -> Option<&Interruption> {
        self.interruption.filter(|interruption| interruption.cut_an_epoch())
    }

    /// The epochs that were not cut.
    pub fn whole_epochs(&self) -> &[(EpochReport, TestResult)] {
        &self.epochs[..self.epochs.len() - usize::from(self.cut().is_some())]
    }

    /// Of all epochs.
    pub fn training_seconds(&self) -> f64 {
        self.epochs.iter().map(|(report, _)| report.seconds).sum()
    }
}
