//! The place where a training ended before its time.

use std::fmt::{self, Display, Formatter};

/// The cause that ended a training before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A signal of this name, as in `SIGINT`.
    Signal(&'static str),
    /// The time limit: the machine has become slower than it was when the epochs were counted.
    TimeLimit,
}

impl Display for Cause {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signal(name) => f.write_str(name),
            Self::TimeLimit => f.write_str("the time limit"),
        }
    }
}

/// Where a training ended before its time.
#[derive(Clone, Copy, Debug)]
pub struct Interruption {
    /// Why.
    pub cause: Cause,
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

    /// Whether somebody has sent a signal.
    pub fn is_by_signal(&self) -> bool {
        matches!(self.cause, Cause::Signal(_))
    }
}

impl Display for Interruption {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { cause, epoch, epochs, step, steps } = self;
        if self.cut_an_epoch() {
            write!(
                f,
                "{cause} ended the training in epoch {epoch} of {epochs}, after step {step} of {steps}"
            )
        } else {
            write!(f, "{cause} ended the training after epoch {epoch} of {epochs}")
        }
    }
}
