//! `report.html`: a run on one page that needs nothing but itself.
//!
//! No script, nothing from elsewhere: plots are SVG, images PNG in data URIs, and `report/style.css` is part of the page.
//! It follows the reader's light or dark setting and can be printed.
//!
//! The numbers are made in `steps`, `readings` (with `confusion`) and `weights`, the drawings in `plots` (on `axis`), `heat_map`
//! and `image`; `page` puts them in their places, `tables` holds what is only listed, `numbers` and `names` say how figures
//! and classes are written.
//!
//! The page stays below 2 MB whatever was trained on whatever data: each drawing and each list has a limit, and says so where
//! it leaves something out.

mod axis;
mod confusion;
mod heat_map;
mod image;
mod names;
mod numbers;
mod page;
mod plots;
mod readings;
mod steps;
mod tables;
mod weights;

use std::path::Path;

use dataset::Examples;
use model::{EpochReport, Network};

use crate::run::record::Config;
use crate::run::signals::Interruption;
use crate::run::test_result::TestResult;

pub(crate) use page::page;
pub(crate) use steps::StepCurve;

/// All that is known about a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run<'a> {
    /// Its settings.
    pub(crate) config: &'a Config,
    /// Its folder.
    pub(crate) folder: &'a Path,
    /// What was trained.
    pub(crate) network: &'a Network,
    /// What it is tested on.
    pub(crate) test_set: &'a Examples,
    /// The signal that ended the training, if one did.
    pub(crate) interruption: Option<&'a Interruption>,
    /// The training, epoch by epoch, the last one perhaps cut by the signal, and the test set after each; at least one.
    pub(crate) epochs: &'a [(EpochReport, TestResult)],
    /// The training, step by step.
    pub(crate) steps: &'a StepCurve,
    /// From the start of the program to the test result.
    pub(crate) seconds: f64,
}

impl Run<'_> {
    /// How the trained network does on the test set.
    fn test(&self) -> &TestResult {
        let (_, test) = self.epochs.last().expect("a run has an epoch");
        test
    }

    /// Where an epoch was cut, which is the last.
    fn cut(&self) -> Option<&Interruption> {
        self.interruption.filter(|interruption| interruption.cut_an_epoch())
    }

    /// The epochs that were not cut.
    fn whole_epochs(&self) -> &[(EpochReport, TestResult)] {
        &self.epochs[..self.epochs.len() - usize::from(self.cut().is_some())]
    }

    /// Of all epochs.
    fn training_seconds(&self) -> f64 {
        self.epochs.iter().map(|(report, _)| report.seconds).sum()
    }
}

/// At most `most` of the items: every n-th, counted from the last; n and those.
fn thinned<T>(items: &[T], most: usize) -> (usize, Vec<&T>) {
    let every = items.len().div_ceil(most).max(1);
    let mut kept: Vec<&T> = items.iter().rev().step_by(every).collect();
    kept.reverse();
    (every, kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_items_every_nth_is_kept() {
        let kept = |count: usize, most| -> (usize, Vec<usize>) {
            let items: Vec<usize> = (0..count).collect();
            let (every, kept) = thinned(&items, most);
            (every, kept.into_iter().copied().collect())
        };
        assert_eq!(kept(5, 5), (1, vec![0, 1, 2, 3, 4]));
        assert_eq!(kept(6, 5), (2, vec![1, 3, 5]));
        assert_eq!(kept(7, 3), (3, vec![0, 3, 6]));
        assert_eq!(kept(0, 3), (1, vec![]));
    }
}
