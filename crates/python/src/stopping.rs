//! When a fit ends before its last epoch: Keras's rule for any of the numbers of an epoch, on [`model::EarlyStopping`].

use std::ops::ControlFlow;

use model::{ModelError, Network};
use pyo3::prelude::*;

/// Loss, accuracy, seconds; loss and accuracy on the validation set.
pub(crate) type Epoch = (f64, f64, f64, Option<(f64, f64)>);

/// How a fit is ended, as Python says it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct StoppingSettings {
    /// Whether the number is of the validation set.
    validation: bool,
    /// Whether it is the accuracy and not the loss.
    accuracy: bool,
    /// Whether more of it is better.
    rising: bool,
    /// The difference from the best up to which another number is not better.
    min_delta: f64,
    /// Epochs that may pass without a better one; 0 counts as 1.
    patience: usize,
    /// Whether the network of the best epoch is to be the one that is left.
    restore: bool,
}

/// [`StoppingSettings`] in a fit.
pub(crate) struct Stopping {
    settings: StoppingSettings,
    /// The best number so far, with its sign turned if less of it is better.
    best: Option<f64>,
    /// Told 0, −1, −2 and so on for epochs that are better and infinity for the others.
    rule: model::EarlyStopping,
    better: u32,
}

impl Stopping {
    /// For a training of `network`.
    pub(crate) fn new(settings: StoppingSettings, network: &Network) -> Result<Self, ModelError> {
        let rule = model::EarlyStopping::new(settings.patience.max(1), network)?;
        Ok(Self { settings, best: None, rule, better: 0 })
    }

    /// Takes what an epoch has left; `Break` ends the fit.
    pub(crate) fn observe(&mut self, epoch: &Epoch, network: &Network) -> ControlFlow<()> {
        let StoppingSettings { validation, accuracy, rising, min_delta, .. } = self.settings;
        let &(loss, right, _, held_out) = epoch;
        let pair = if validation { held_out } else { Some((loss, right)) };
        let Some((loss, right)) = pair else { return ControlFlow::Continue(()) };
        let number = if accuracy { right } else { loss };
        let score = if rising { number } else { -number };
        let is_better =
            !score.is_nan() && self.best.is_none_or(|best| score - min_delta.abs() > best);
        if !is_better {
            return self.rule.observe(f64::INFINITY, network);
        }
        self.best = Some(score);
        self.better += 1;
        self.rule.observe(-f64::from(self.better), network)
    }

    /// The best epoch, from 1, and its network if that is the one to be left.
    pub(crate) fn into_best(self) -> (Option<usize>, Option<Network>) {
        let epoch = self.rule.best_epoch();
        (epoch, if self.settings.restore { self.rule.into_best() } else { None })
    }
}
