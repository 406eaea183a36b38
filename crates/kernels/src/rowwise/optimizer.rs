//! The optimizers: which there are.

use super::adam::Adam;
use super::rmsprop::Rmsprop;
use super::sgd::Sgd;

/// An optimizer and its settings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Optimizer {
    /// RMSprop: one running mean a parameter.
    Rmsprop(Rmsprop),
    /// Adam, or AdamW with its weight decay: two running means a parameter.
    Adam(Adam),
    /// Gradient descent: with momentum one velocity a parameter, else nothing.
    Sgd(Sgd),
}

impl Optimizer {
    /// How many numbers are kept for each parameter.
    pub fn states(&self) -> usize {
        match self {
            Self::Rmsprop(_) => 1,
            Self::Adam(_) => 2,
            Self::Sgd(sgd) => usize::from(sgd.momentum != 0.0),
        }
    }

    /// Step size.
    pub fn learning_rate(&self) -> f64 {
        match self {
            Self::Rmsprop(rmsprop) => rmsprop.learning_rate,
            Self::Adam(adam) => adam.learning_rate,
            Self::Sgd(sgd) => sgd.learning_rate,
        }
    }

    /// The same with another step size.
    pub fn with_learning_rate(self, learning_rate: f64) -> Self {
        match self {
            Self::Rmsprop(rmsprop) => Self::Rmsprop(Rmsprop { learning_rate, ..rmsprop }),
            Self::Adam(adam) => Self::Adam(Adam { learning_rate, ..adam }),
            Self::Sgd(sgd) => Self::Sgd(Sgd { learning_rate, ..sgd }),
        }
    }

    /// Whether a step leaves parameters alone whose gradients are 0, but for a decay of their state that can be put off.
    pub(crate) fn rests(&self) -> bool {
        match self {
            Self::Rmsprop(_) => true,
            Self::Adam(_) => false,
            Self::Sgd(sgd) => sgd.momentum == 0.0,
        }
    }

    /// The factor by which the state of such parameters falls in `steps` steps.
    pub(crate) fn decay(&self, steps: u64) -> f32 {
        match self {
            Self::Rmsprop(rmsprop) => rmsprop.decay(steps),
            Self::Adam(_) | Self::Sgd(_) => 1.0,
        }
    }
}

impl From<Rmsprop> for Optimizer {
    fn from(rmsprop: Rmsprop) -> Self {
        Self::Rmsprop(rmsprop)
    }
}

impl From<&Rmsprop> for Optimizer {
    fn from(rmsprop: &Rmsprop) -> Self {
        Self::Rmsprop(*rmsprop)
    }
}

impl From<Adam> for Optimizer {
    fn from(adam: Adam) -> Self {
        Self::Adam(adam)
    }
}

impl From<Sgd> for Optimizer {
    fn from(sgd: Sgd) -> Self {
        Self::Sgd(sgd)
    }
}
