//! A whole run, for whoever tells about it.

use std::path::Path;

use dataset::Set;
use model::{EpochReport, Network};

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
    /// The test set.
    pub test_set: Set<'a>,
    /// The names of classes and features.
    pub names: &'a Names,
    /// The signal that ended the training, if one did.
    pub interruption: Option<&'a Interruption>,
    /// The file beside the report that is a page to draw on, if there is one.
    pub drawing: Option<&'a str>,
    /// The training, epoch by epoch, the last one perhaps cut by the signal, and the test set after each; at least one.
    pub epochs: &'a [(EpochReport, TestResult)],
    /// The training, step by step.
    pub steps: &'a StepCurve,
    /// From the start of the program to the test result.
    pub seconds: f64,
}

impl Run<'_> {
    /// How the trained network does on the test set.
    ///
    /// # Panics
    /// If there is no epoch.
    pub fn test(&self) -> &TestResult {
        let (_, test) = self.epochs.last().expect("a run has an epoch");
        test
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
