//! One step of RMSprop (Tieleman and Hinton, 2012) as Keras does it: not centered, no momentum, no bias correction.
//!
//! `v ← rho·v + (1 − rho)·g²`, then `w ← w − lr·g / (√v + ε)` (Keras up to 2.10) or `w ← w − lr·g / √(v + ε)`
//! (Keras from 2.11 on, 3 included). For small gradients these are different optimizers.
//!
//! A mean square below 2⁻¹²⁶, the smallest normal number, becomes 0: subnormal numbers slow a CPU down, repeated decay would
//! leave more and more of them, and beside any sensible ε they are nothing.

use super::rule::{Rule, RuleLanes};
use crate::parallel::{self, Side, Split};
use crate::simd::{Isa, Kernel, LANES, Simd};

/// Where epsilon stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EpsilonPlacement {
    /// `√v + ε`: Keras up to 2.10.
    OutsideRoot,
    /// `√(v + ε)`: Keras from 2.11 on.
    InsideRoot,
}

/// RMSprop's settings. They are f64, as Keras's are Python floats: `1 − rho` is taken before rounding to f32.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rmsprop {
    /// Step size.
    pub learning_rate: f64,
    /// Decay of the running mean of squared gradients, in [0, 1).
    pub rho: f64,
    /// Keeps the quotient finite; more than 0.
    pub epsilon: f64,
    /// Where epsilon stands.
    pub epsilon_placement: EpsilonPlacement,
}

impl Rmsprop {
    /// The defaults of Keras up to 2.10: 1e-3, 0.9, 1e-7 outside the root.
    pub fn keras2() -> Self {
        Self {
            learning_rate: 1e-3,
            rho: 0.9,
            epsilon: 1e-7,
            epsilon_placement: EpsilonPlacement::OutsideRoot,
        }
    }

    /// The defaults of Keras from 2.11 on: the same with epsilon inside the root.
    pub fn keras3() -> Self {
        Self { epsilon_placement: EpsilonPlacement::InsideRoot, ..Self::keras2() }
    }

    /// The factor by which a mean square falls in `steps` steps whose gradients are 0: ρ to that power, computed in f64 by
    /// repeated squaring and rounded once.
    pub(crate) fn decay(&self, steps: u64) -> f32 {
        let (mut power, mut square, mut left) = (1.0, self.rho, steps);
        while left > 0 {
            if left % 2 == 1 {
                power *= square;
            }
            square *= square;
            left /= 2;
        }
        power as f32
    }
}

impl Rule<1> for Rmsprop {
    type Lanes<S: Simd> = RmspropLanes<S>;

    #[inline(always)]
    fn lanes<S: Simd>(&self, simd: S) -> RmspropLanes<S> {
        RmspropLanes {
            simd,
            learning_rate: simd.splat(self.learning_rate as f32),
            rho: simd.splat(self.rho as f32),
            one_minus_rho: simd.splat((1.0 - self.rho) as f32),
            epsilon: simd.splat(self.epsilon as f32),
            inside: self.epsilon_placement == EpsilonPlacement::InsideRoot,
        }
    }
}

/// RMSprop for sixteen parameters.
#[derive(Clone, Copy)]
pub(crate) struct RmspropLanes<S: Simd> {
    simd: S,
    learning_rate: S::Vector,
    rho: S::Vector,
    one_minus_rho: S::Vector,
    epsilon: S::Vector,
    inside: bool,
}

impl<S: Simd> RuleLanes<S, 1> for RmspropLanes<S> {
    #[inline(always)]
    fn simd(&self) -> S {
        self.simd
    }

    /// ρ.
    #[inline(always)]
    fn decay(&self) -> S::Vector {
        self.rho
    }

    #[inline(always)]
    fn step(
        &self,
        w: S::Vector,
        [v]: [S::Vector; 1],
        g: S::Vector,
        decay: S::Vector,
    ) -> (S::Vector, [S::Vector; 1]) {
        let Self { simd, learning_rate, one_minus_rho, epsilon, inside, .. } = *self;
        let squares = simd.mul(one_minus_rho, simd.mul(g, g));
        let v = simd.without_subnormals(simd.mul_add(decay, v, squares));
        let root =
            if inside { simd.sqrt(simd.add(v, epsilon)) } else { simd.add(simd.sqrt(v), epsilon) };
        (simd.sub(w, simd.div(simd.mul(learning_rate, g), root)), [v])
    }
}

/// One step for `parameters` with gradients `gradient` and running mean squares `mean_square` (0 at first), all of
/// one length. Long slices are split between threads.
///
/// # Panics
/// If the lengths differ.
#[track_caller]
pub fn rmsprop_step(
    settings: &Rmsprop,
    parameters: &mut [f32],
    mean_square: &mut [f32],
    gradient: &[f32],
) {
    assert_eq!(parameters.len(), mean_square.len(), "a mean square for each parameter");
    assert_eq!(parameters.len(), gradient.len(), "a gradient for each parameter");
    let tasks = parallel::tasks_for(parameters.len() * 16);
    let grain = parameters.len().div_ceil(tasks).next_multiple_of(LANES).max(LANES);
    let step = Step { settings, w: parameters, v: mean_square, g: gradient };
    parallel::run_in_parts(step, Side::Rows, grain, &|step: Step<'_>| Isa::active().run(step));
}

struct Step<'a> {
    settings: &'a Rmsprop,
    w: &'a mut [f32],
    v: &'a mut [f32],
    g: &'a [f32],
}

impl Split for Step<'_> {
    fn len(&self, _: Side) -> usize {
        self.w.len()
    }

    fn split_at(self, _: Side, mid: usize) -> (Self, Self) {
        let Self { settings, w, v, g } = self;
        let ((w, w_2), (v, v_2), (g, g_2)) =
            (w.split_at_mut(mid), v.split_at_mut(mid), g.split_at(mid));
        (Self { settings, w, v, g }, Self { settings, w: w_2, v: v_2, g: g_2 })
    }
}

impl Kernel for Step<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let lanes = self.settings.lanes(simd);
        let (w, w_rest) = self.w.as_chunks_mut::<LANES>();
        let (v, v_rest) = self.v.as_chunks_mut::<LANES>();
        let (g, g_rest) = self.g.as_chunks::<LANES>();
        for ((w, v), g) in w.iter_mut().zip(v).zip(g) {
            step_line(lanes, w, v, g);
        }
        // The rest by the same lanes: no element's result depends on where it lies.
        let pad = |from: &[f32]| {
            let mut padded = [0.0; LANES];
            padded[..from.len()].copy_from_slice(from);
            padded
        };
        let (mut w, mut v) = (pad(w_rest), pad(v_rest));
        step_line(lanes, &mut w, &mut v, &pad(g_rest));
        w_rest.copy_from_slice(&w[..w_rest.len()]);
        v_rest.copy_from_slice(&v[..v_rest.len()]);
    }
}

/// The step of sixteen parameters in memory. No closure: it would be compiled without the instruction set.
#[inline(always)]
fn step_line<S: Simd>(
    lanes: RmspropLanes<S>,
    w: &mut [f32; LANES],
    v: &mut [f32; LANES],
    g: &[f32; LANES],
) {
    let simd = lanes.simd;
    let (w_after, [v_after]) =
        lanes.step(simd.load(w), [simd.load(v)], simd.load(g), lanes.decay());
    simd.store(w_after, w);
    simd.store(v_after, v);
}
