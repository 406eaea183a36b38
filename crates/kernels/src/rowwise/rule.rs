//! The step of an optimizer.
//!
//! A rule is an optimizer in one step, with all that depends on the number of the step worked out. Its lanes update
//! sixteen parameters while their gradient is in registers. Each rule is compiled by itself: no loop asks which it is.

use crate::simd::Simd;

/// An optimizer in one step. It keeps N numbers a parameter.
pub(crate) trait Rule<const N: usize>: Copy + Send + Sync {
    /// It, for sixteen parameters.
    type Lanes<S: Simd>: RuleLanes<S, N>;

    fn lanes<S: Simd>(&self, simd: S) -> Self::Lanes<S>;
}

/// A step for sixteen parameters.
pub(crate) trait RuleLanes<S: Simd, const N: usize>: Copy {
    /// The instruction set.
    fn simd(&self) -> S;

    /// The decay of a state that has missed no step: 1 where a rule has no decay that could be put off.
    #[inline(always)]
    fn decay(&self) -> S::Vector {
        self.simd().splat(1.0)
    }

    /// Sixteen parameters and their state after a step along their gradient. `decay` is [`RuleLanes::decay`] or, where the state has
    /// missed steps because all gradients were 0, a power of it.
    fn step(
        &self,
        w: S::Vector,
        state: [S::Vector; N],
        gradient: S::Vector,
        decay: S::Vector,
    ) -> (S::Vector, [S::Vector; N]);
}
