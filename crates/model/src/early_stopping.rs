//! Ends a training that gets no better, and keeps the best network that it had.

use std::ops::ControlFlow;

use crate::{ModelError, Network, SettingsError};

/// Watches the loss on examples that are not trained on, epoch by epoch: says when it has not fallen for a while, and keeps the
/// network that had the least of it.
///
/// It has memory for one copy of the network from the start. An epoch copies the parameters if it is the best so far, and
/// allocates nothing.
///
/// ```
/// use model::{Activation, EarlyStopping, Network};
///
/// let network = |seed| Network::glorot_uniform(&[4, 8, 2], Activation::Relu, seed);
/// let mut stopping = EarlyStopping::new(2, &network(0)?)?;
/// assert!(stopping.observe(0.5, &network(1)?).is_continue());
/// assert!(stopping.observe(0.3, &network(2)?).is_continue());
/// assert!(stopping.observe(0.4, &network(3)?).is_continue());
/// assert!(stopping.observe(0.3, &network(4)?).is_break()); // two epochs without a lower loss
/// assert_eq!((stopping.best_epoch(), stopping.best_loss()), (Some(2), 0.3));
/// assert_eq!(stopping.into_best(), Some(network(2)?));
/// # Ok::<(), model::ModelError>(())
/// ```
#[derive(Clone, Debug)]
pub struct EarlyStopping {
    patience: usize,
    /// Epochs observed.
    epochs: usize,
    /// From 1; 0 before there is one.
    best_epoch: usize,
    best_loss: f64,
    best: Network,
}

impl EarlyStopping {
    /// For a training of `network`, which is to end after `patience` epochs without a lower loss.
    ///
    /// # Errors
    /// [`ModelError::Settings`] if the patience is 0. [`ModelError::Memory`] if there is not enough memory for a second network.
    pub fn new(patience: usize, network: &Network) -> Result<Self, ModelError> {
        if patience == 0 {
            return Err(SettingsError::NoPatience.into());
        }
        let best = Network::zeros(&network.shapes())?;
        Ok(Self { patience, epochs: 0, best_epoch: 0, best_loss: f64::INFINITY, best })
    }

    /// Takes the network that an epoch has left, and its loss. `Break`: there were as many epochs as the patience says since the
    /// best one. A loss that is equal to the least one so far, NaN or infinite is not better.
    ///
    /// # Panics
    /// If the network has not the shape of the one that this was made for.
    #[track_caller]
    pub fn observe(&mut self, loss: f64, network: &Network) -> ControlFlow<()> {
        self.epochs += 1;
        if loss < self.best_loss {
            (self.best_epoch, self.best_loss) = (self.epochs, loss);
            self.best.copy_from(network);
        }
        if self.epochs - self.best_epoch >= self.patience {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// The best of the epochs observed, from 1; `None` if there is none with a finite loss.
    pub fn best_epoch(&self) -> Option<usize> {
        (self.best_epoch > 0).then_some(self.best_epoch)
    }

    /// The least loss observed; infinite if there was none that is finite.
    pub fn best_loss(&self) -> f64 {
        self.best_loss
    }

    /// The network that the best epoch left; `None` if there is none.
    pub fn into_best(self) -> Option<Network> {
        (self.best_epoch > 0).then_some(self.best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Activation;

    fn network(seed: u64) -> Network {
        Network::glorot_uniform(&[5, 17, 3], Activation::Relu, seed).unwrap()
    }

    /// The rule told in another way: the first epoch that lies as far behind the best one up to it.
    fn expected(losses: &[f64], patience: usize) -> (Option<usize>, Option<usize>) {
        let best = |until: usize| {
            let finite = (1..=until).filter(|&epoch| losses[epoch - 1].is_finite());
            finite.min_by(|&a, &b| losses[a - 1].total_cmp(&losses[b - 1]))
        };
        let end = (1..=losses.len()).find(|&epoch| epoch - best(epoch).unwrap_or(0) >= patience);
        (end, best(end.unwrap_or(losses.len())))
    }

    #[test]
    fn it_ends_where_the_rule_says_with_the_network_of_the_best_epoch() {
        let mut random = testing::Random(5);
        for _ in 0..300 {
            let patience = 1 + random.below(4);
            let losses: Vec<f64> = (0..12)
                .map(|_| match random.below(12) {
                    0 => f64::NAN,
                    1 => f64::INFINITY,
                    few => few as f64 / 7.0,
                })
                .collect();
            let mut stopping = EarlyStopping::new(patience, &network(99)).unwrap();
            let end = losses.iter().enumerate().find_map(|(i, &loss)| {
                stopping.observe(loss, &network(i as u64)).is_break().then_some(i + 1)
            });
            assert_eq!((end, stopping.best_epoch()), expected(&losses, patience), "{losses:?}");
            let best = stopping.best_epoch();
            assert_eq!(stopping.into_best(), best.map(|epoch| network(epoch as u64 - 1)));
        }
    }

    #[test]
    fn no_patience_is_refused() {
        let error = EarlyStopping::new(0, &network(0)).unwrap_err();
        assert!(matches!(error, ModelError::Settings(SettingsError::NoPatience)), "{error}");
    }

    #[test]
    #[should_panic(expected = "another shape")]
    fn another_network_is_not_taken() {
        let other = Network::glorot_uniform(&[5, 18, 3], Activation::Relu, 0).unwrap();
        let _ = EarlyStopping::new(1, &network(0)).unwrap().observe(1.0, &other);
    }
}
