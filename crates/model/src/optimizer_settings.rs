//! The settings with which an optimizer can make steps.

use kernels::rowwise::{Adam, Optimizer, Rmsprop, Sgd};

use crate::{OptimizerSetting, SettingsError};

/// An error if the optimizer cannot make steps with its settings, which it rounds to f32.
pub(crate) fn check_settings(optimizer: &Optimizer) -> Result<(), SettingsError> {
    check_positive(OptimizerSetting::LearningRate, optimizer.learning_rate())?;
    match *optimizer {
        Optimizer::Rmsprop(Rmsprop { rho, epsilon, .. }) => {
            check_positive(OptimizerSetting::Epsilon, epsilon)?;
            check_share(
                rho,
                SettingsError::RhoOutOfRange { rho },
                SettingsError::RhoOneInF32 { rho },
            )
        }
        Optimizer::Adam(Adam { beta_1, beta_2, epsilon, weight_decay, .. }) => {
            check_positive(OptimizerSetting::Epsilon, epsilon)?;
            for (setting, value) in
                [(OptimizerSetting::Beta1, beta_1), (OptimizerSetting::Beta2, beta_2)]
            {
                let fault = SettingsError::ShareOutOfRange { setting, value };
                check_share(value, fault.clone(), fault)?;
            }
            if !(0.0..).contains(&weight_decay) || !(weight_decay as f32).is_finite() {
                return Err(SettingsError::Negative {
                    setting: OptimizerSetting::WeightDecay,
                    value: weight_decay,
                });
            }
            Ok(())
        }
        Optimizer::Sgd(Sgd { momentum, .. }) => {
            let setting = OptimizerSetting::Momentum;
            let fault = SettingsError::ShareOutOfRange { setting, value: momentum };
            check_share(momentum, fault.clone(), fault)
        }
    }
}

/// An error if a setting that has to be positive is not, as it is or rounded to f32.
fn check_positive(setting: OptimizerSetting, value: f64) -> Result<(), SettingsError> {
    if !(value > 0.0 && value.is_finite()) {
        return Err(SettingsError::NotPositive { setting, value });
    }
    if value as f32 == 0.0 {
        return Err(SettingsError::ZeroInF32 { setting, value });
    }
    if (value as f32).is_infinite() {
        return Err(SettingsError::InfiniteInF32 { setting, value });
    }
    Ok(())
}

/// `out_of_range` if a share is not in [0, 1), `one_in_f32` if it is 1 when rounded.
fn check_share(
    share: f64,
    out_of_range: SettingsError,
    one_in_f32: SettingsError,
) -> Result<(), SettingsError> {
    if !(0.0..1.0).contains(&share) {
        return Err(out_of_range);
    }
    if share as f32 == 1.0 {
        return Err(one_in_f32);
    }
    Ok(())
}
