//! The learning rate's way through a fit, step by step.

use std::f64::consts::PI;

use crate::SettingsError;

/// How the learning rate changes from step to step: first a linear warm-up, then a curve.
///
/// ```
/// use model::{Curve, Schedule};
///
/// let schedule = Schedule { warmup: 0.2, curve: Curve::Linear };
/// let factors: Vec<f64> = (0..10).map(|step| schedule.factor(step, 10, 10)).collect();
/// assert_eq!(factors, [0.5, 1.0, 1.0, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Schedule {
    /// The share of all steps, in [0, 1), over which the rate rises: in step s of w, from 1, it is s/w of the optimizer's.
    pub warmup: f64,
    /// The curve that comes after.
    pub curve: Curve,
}

/// The learning rate after the warm-up. q is the share of the steps after it that are done, 0 before the first.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub enum Curve {
    /// The optimizer's rate.
    #[default]
    Constant,
    /// (1 + cos πq) / 2 of it: half a cosine down to 0 (Loshchilov and Hutter, 2017).
    Cosine,
    /// 1 − q of it.
    Linear,
    /// It falls to `factor` of itself every `every` epochs.
    Step {
        /// Epochs, at least 1.
        every: usize,
        /// More than 0.
        factor: f64,
    },
}

impl Schedule {
    /// The factor of the optimizer's rate in step `step`, from 0, of `steps` in all, `steps_an_epoch` of them an epoch.
    pub fn factor(&self, step: usize, steps: usize, steps_an_epoch: usize) -> f64 {
        let warmup = (self.warmup * steps as f64).round() as usize;
        if step < warmup {
            return (step + 1) as f64 / warmup as f64;
        }
        let done = (step - warmup) as f64 / (steps - warmup) as f64;
        match self.curve {
            Curve::Constant => 1.0,
            Curve::Cosine => 0.5 * (1.0 + (PI * done).cos()),
            Curve::Linear => 1.0 - done,
            Curve::Step { every, factor } => factor.powf((step / steps_an_epoch / every) as f64),
        }
    }

    /// An error if it is none.
    pub(crate) fn check(&self) -> Result<(), SettingsError> {
        let fault = match self.curve {
            _ if !(0.0..1.0).contains(&self.warmup) => "a warm-up that is no share in [0, 1)",
            Curve::Step { every: 0, .. } => "a step every 0 epochs",
            Curve::Step { factor, .. } if !(factor > 0.0 && factor.is_finite()) => {
                "a factor that is not positive"
            }
            _ => return Ok(()),
        };
        Err(SettingsError::Schedule { fault })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(schedule: Schedule, steps: usize) -> Vec<f64> {
        (0..steps).map(|step| schedule.factor(step, steps, 2)).collect()
    }

    #[test]
    fn curves_are_these() {
        assert_eq!(all(Schedule::default(), 3), [1.0; 3]);
        let cosine = all(Schedule { warmup: 0.0, curve: Curve::Cosine }, 4);
        let expected = [1.0, 0.5 + 0.5 * 0.5_f64.sqrt(), 0.5, 0.5 - 0.5 * 0.5_f64.sqrt()];
        for (found, expected) in cosine.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-15, "{cosine:?}");
        }
        let step = Schedule { warmup: 0.0, curve: Curve::Step { every: 2, factor: 0.1 } };
        // Two steps an epoch: two epochs at 1, two at 0.1, one at 0.01.
        let expected = [1.0, 1.0, 1.0, 1.0, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01];
        for (found, expected) in all(step, 10).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-15, "{found} for {expected}");
        }
        let warm = all(Schedule { warmup: 0.5, curve: Curve::Constant }, 8);
        assert_eq!(warm, [0.25, 0.5, 0.75, 1.0, 1.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn what_is_no_schedule_is_refused() {
        let step = |every, factor| Curve::Step { every, factor };
        for (warmup, curve) in [
            (1.0, Curve::Linear),
            (-0.1, Curve::Linear),
            (f64::NAN, Curve::Cosine),
            (0.0, step(0, 0.5)),
            (0.0, step(1, 0.0)),
            (0.0, step(1, f64::INFINITY)),
        ] {
            assert!(Schedule { warmup, curve }.check().is_err(), "{warmup} {curve:?}");
        }
        assert!(Schedule { warmup: 0.99, curve: step(1, 2.0) }.check().is_ok());
    }
}
