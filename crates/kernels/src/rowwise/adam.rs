//! One step of Adam (Kingma and Ba, 2015) as Keras 3 does it, and of AdamW (Loshchilov and Hutter, 2019).
//!
//! ```text
//! w ← w − lr·λ·w                              λ: weight decay
//! m ← m + (g − m)·(1 − β₁)
//! v ← v + (g² − v)·(1 − β₂)
//! w ← w − α·m / (√v + ε)                      α = lr·√(1 − β₂ᵗ) / (1 − β₁ᵗ) in step t, from 1
//! ```
//!
//! Means of a size below 2⁻¹²⁶ become 0, as in [RMSprop](super::Rmsprop). A parameter goes on moving where its gradient is 0:
//! there is no input at rest.

use super::rule::{Rule, RuleLanes};
use crate::simd::Simd;

/// Adam's settings, in f64 as Keras's are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// Step size.
    pub learning_rate: f64,
    /// Decay of the running mean of gradients, in [0, 1).
    pub beta_1: f64,
    /// Decay of the running mean of squared gradients, in [0, 1).
    pub beta_2: f64,
    /// Keeps the quotient finite; more than 0.
    pub epsilon: f64,
    /// The share of `learning_rate` by which parameters fall in each step: 0 is Adam, more is AdamW. Biases fall, too.
    pub weight_decay: f64,
}

impl Default for Adam {
    /// Keras 3's: 1e-3, 0.9, 0.999, 1e-7, no weight decay.
    fn default() -> Self {
        Self { learning_rate: 1e-3, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7, weight_decay: 0.0 }
    }
}

impl Adam {
    /// Keras 3's AdamW: a weight decay of 0.004.
    pub fn adamw() -> Self {
        Self { weight_decay: 4e-3, ..Self::default() }
    }

    /// It, in step `t`, from 1.
    pub(crate) fn in_step(&self, t: u64) -> AdamStep {
        let Self { learning_rate, beta_1, beta_2, epsilon, weight_decay } = *self;
        let t = t as f64;
        AdamStep {
            alpha: (learning_rate * (1.0 - beta_2.powf(t)).sqrt() / (1.0 - beta_1.powf(t))) as f32,
            one_minus_beta_1: (1.0 - beta_1) as f32,
            one_minus_beta_2: (1.0 - beta_2) as f32,
            epsilon: epsilon as f32,
            fall: (learning_rate * weight_decay) as f32,
        }
    }
}

/// Adam in one step.
#[derive(Clone, Copy)]
pub(crate) struct AdamStep {
    alpha: f32,
    one_minus_beta_1: f32,
    one_minus_beta_2: f32,
    epsilon: f32,
    /// The share of itself by which a parameter falls.
    fall: f32,
}

impl Rule<2> for AdamStep {
    type Lanes<S: Simd> = AdamLanes<S>;

    #[inline(always)]
    fn lanes<S: Simd>(&self, simd: S) -> AdamLanes<S> {
        AdamLanes {
            simd,
            alpha: simd.splat(self.alpha),
            one_minus_beta_1: simd.splat(self.one_minus_beta_1),
            one_minus_beta_2: simd.splat(self.one_minus_beta_2),
            epsilon: simd.splat(self.epsilon),
            fall: simd.splat(self.fall),
        }
    }
}

/// Adam for sixteen parameters.
#[derive(Clone, Copy)]
pub(crate) struct AdamLanes<S: Simd> {
    simd: S,
    alpha: S::Vector,
    one_minus_beta_1: S::Vector,
    one_minus_beta_2: S::Vector,
    epsilon: S::Vector,
    fall: S::Vector,
}

impl<S: Simd> RuleLanes<S, 2> for AdamLanes<S> {
    #[inline(always)]
    fn simd(&self) -> S {
        self.simd
    }

    #[inline(always)]
    fn step(
        &self,
        w: S::Vector,
        [m, v]: [S::Vector; 2],
        g: S::Vector,
        _: S::Vector,
    ) -> (S::Vector, [S::Vector; 2]) {
        let Self { simd, alpha, one_minus_beta_1, one_minus_beta_2, epsilon, fall } = *self;
        let w = simd.sub(w, simd.mul(w, fall));
        let m = simd.mul_add(simd.sub(g, m), one_minus_beta_1, m);
        let v = simd.mul_add(simd.sub(simd.mul(g, g), v), one_minus_beta_2, v);
        let (m, v) = (without_subnormals_of_any_sign(simd, m), simd.without_subnormals(v));
        let step = simd.div(simd.mul(alpha, m), simd.add(simd.sqrt(v), epsilon));
        (simd.sub(w, step), [m, v])
    }
}

/// `value`, but 0 where it is smaller than 2⁻¹²⁶; NaN stays.
#[inline(always)]
pub(super) fn without_subnormals_of_any_sign<S: Simd>(simd: S, value: S::Vector) -> S::Vector {
    let zero = simd.splat(0.0);
    let positive = simd.without_subnormals(simd.max(zero, value));
    let negative = simd.without_subnormals(simd.max(zero, simd.sub(zero, value)));
    simd.sub(positive, negative)
}
