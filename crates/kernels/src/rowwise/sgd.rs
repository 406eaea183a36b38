//! One step of gradient descent as Keras 3 does it, with or without momentum (Polyak, 1964; Nesterov, 1983).
//!
//! ```text
//! without momentum:                           w ← w − lr·g
//! with momentum μ:    u ← μ·u − lr·g,         w ← w + u
//! as Nesterov has it: u ← μ·u − lr·g,         w ← w + μ·u − lr·g
//! ```
//!
//! Velocities of a size below 2⁻¹²⁶ become 0.

use super::adam::without_subnormals_of_any_sign;
use super::rule::{Rule, RuleLanes};
use crate::simd::Simd;

/// The settings of gradient descent, in f64 as Keras's are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    /// Step size.
    pub learning_rate: f64,
    /// How much of the last step is in the next, in [0, 1).
    pub momentum: f64,
    /// Whether the momentum is applied once more ahead of the gradient.
    pub nesterov: bool,
}

impl Default for Sgd {
    /// Keras 3's: 1e-2, no momentum.
    fn default() -> Self {
        Self { learning_rate: 1e-2, momentum: 0.0, nesterov: false }
    }
}

impl<const N: usize> Rule<N> for Sgd {
    type Lanes<S: Simd> = SgdLanes<S>;

    #[inline(always)]
    fn lanes<S: Simd>(&self, simd: S) -> SgdLanes<S> {
        SgdLanes {
            simd,
            learning_rate: simd.splat(self.learning_rate as f32),
            momentum: simd.splat(self.momentum as f32),
            nesterov: self.nesterov,
        }
    }
}

/// Gradient descent for sixteen parameters.
#[derive(Clone, Copy)]
pub(crate) struct SgdLanes<S: Simd> {
    simd: S,
    learning_rate: S::Vector,
    momentum: S::Vector,
    nesterov: bool,
}

impl<S: Simd, const N: usize> RuleLanes<S, N> for SgdLanes<S> {
    #[inline(always)]
    fn simd(&self) -> S {
        self.simd
    }

    #[inline(always)]
    fn step(
        &self,
        w: S::Vector,
        mut state: [S::Vector; N],
        g: S::Vector,
        _: S::Vector,
    ) -> (S::Vector, [S::Vector; N]) {
        let Self { simd, learning_rate, momentum, nesterov } = *self;
        let descent = simd.mul(learning_rate, g);
        let mut after = simd.sub(w, descent);
        // With momentum there is one number a parameter, else none.
        for state in &mut state {
            let velocity = simd.sub(simd.mul(momentum, *state), descent);
            *state = without_subnormals_of_any_sign(simd, velocity);
            let step =
                if nesterov { simd.sub(simd.mul(momentum, *state), descent) } else { *state };
            after = simd.add(w, step);
        }
        (after, state)
    }
}
