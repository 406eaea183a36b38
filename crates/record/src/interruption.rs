//! The place where a signal ended a training.

use std::fmt::{self, Display, Formatter};

/// Where a signal ended a training.
#[derive(Clone, Copy, Debug)]
pub struct Interruption {
    /// The name of the signal, as in `SIGINT`.
    pub signal: &'static str,
    /// The last epoch, from 1.
    pub epoch: usize,
    /// How many epochs were asked for.
    pub epochs: usize,
    /// The last step of this epoch that was taken, from 1.
    pub step: usize,
    /// How many steps make an epoch.
    pub steps: usize,
}

impl Interruption {
    /// Whether the last epoch lacks steps.
    pub fn cut_an_epoch(&self) -> bool {
        self.step < self.steps
    }
}

impl Display for Interruption {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { signal, epoch, epochs, step, steps } = self;
        if self.cut_an_epoch() {
            write!(
                f,
                "{signal} ended the training in epoch {epoch} of {epochs}, after step {step} of {steps}"
            )
        } else {
            write!(f, "{signal} ended the training after epoch {epoch} of {epochs}")
        }
    }
}
