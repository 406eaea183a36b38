use std::fmt;

/// Why the settings of an optimizer or of a fit make no training. Steps are computed in f32.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The epochs or the batch size are 0.
    #[error("epochs and batch size must be at least 1")]
    NoStep {
        /// [`FitConfig::epochs`](crate::FitConfig::epochs).
        epochs: usize,
        /// [`FitConfig::batch_size`](crate::FitConfig::batch_size).
        batch_size: usize,
    },
    /// A setting is not a positive finite number.
    #[error("{setting} {value:?}: it must be a positive number")]
    NotPositive {
        /// The setting.
        setting: OptimizerSetting,
        /// Its value.
        value: f64,
    },
    /// A setting is so small that it is 0 in f32.
    #[error("{setting} {value:?}: it is 0 in f32, whose smallest number is 1.4e-45")]
    ZeroInF32 {
        /// The setting.
        setting: OptimizerSetting,
        /// Its value.
        value: f64,
    },
    /// A setting is so large that it is infinite in f32.
    #[error("{setting} {value:?}: it is infinite in f32, whose largest number is 3.4e38")]
    InfiniteInF32 {
        /// The setting.
        setting: OptimizerSetting,
        /// Its value.
        value: f64,
    },
    /// Rho is not at least 0 and below 1.
    #[error("rho {rho:?}: it must be in [0, 1)")]
    RhoOutOfRange {
        /// Its value.
        rho: f64,
    },
    /// Rho is so close to 1 that it is 1 in f32: the running mean would never decay.
    #[error("rho {rho:?}: it is 1 in f32, whose largest number below 1 is 0.99999994")]
    RhoOneInF32 {
        /// Its value.
        rho: f64,
    },
    /// A share is not at least 0 and below 1, as it is or rounded to f32.
    #[error("{setting} {value:?}: it must be in [0, 1), and no nearer to 1 than 0.99999994")]
    ShareOutOfRange {
        /// The setting.
        setting: OptimizerSetting,
        /// Its value.
        value: f64,
    },
    /// A setting is not a finite number of at least 0.
    #[error("{setting} {value:?}: it must be a number of at least 0")]
    Negative {
        /// The setting.
        setting: OptimizerSetting,
        /// Its value.
        value: f64,
    },
    /// A training is to end before its first epoch could be the best.
    #[error("a patience of 0 epochs: it must be at least 1")]
    NoPatience,
    /// A schedule's warm-up is no share of a fit, or its factor is not positive, or it is to fall every 0 epochs.
    #[error("a schedule with {fault}")]
    Schedule {
        /// The fault.
        fault: &'static str,
    },
}

/// A setting of an [`Optimizer`](crate::Optimizer).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OptimizerSetting {
    /// The step size.
    LearningRate,
    /// Epsilon of [`Rmsprop`](crate::Rmsprop) and [`Adam`](crate::Adam).
    Epsilon,
    /// [`Adam::beta_1`](crate::Adam::beta_1).
    Beta1,
    /// [`Adam::beta_2`](crate::Adam::beta_2).
    Beta2,
    /// [`Adam::weight_decay`](crate::Adam::weight_decay).
    WeightDecay,
    /// [`Sgd::momentum`](crate::Sgd::momentum).
    Momentum,
}

impl fmt::Display for OptimizerSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LearningRate => "learning rate",
            Self::Epsilon => "epsilon",
            Self::Beta1 => "beta 1",
            Self::Beta2 => "beta 2",
            Self::WeightDecay => "weight decay",
            Self::Momentum => "momentum",
        })
    }
}
