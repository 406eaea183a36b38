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
}

/// A setting of [`Rmsprop`](crate::Rmsprop) that must be positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OptimizerSetting {
    /// [`Rmsprop::learning_rate`](crate::Rmsprop::learning_rate).
    LearningRate,
    /// [`Rmsprop::epsilon`](crate::Rmsprop::epsilon).
    Epsilon,
}

impl fmt::Display for OptimizerSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LearningRate => "learning rate",
            Self::Epsilon => "epsilon",
        })
    }
}
