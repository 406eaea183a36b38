//! The optimizer's state for a layer, and how the decay of inputs at rest is put off.
//!
//! An input of the first layer is *at rest* in a step if it is 0 in every row of the batch. The gradients of its weights are 0
//! then: the weights stay as they are, and each of their mean squares falls to ρ·v. On text or counts nearly all inputs are at rest in
//! any one step, and touching their state would cost far more than the rest of the step. So it is left alone, and the decay
//! is caught up with in the step in which the input is next touched. After k steps at rest that step is
//!
//! ```text
//! v ← ρᵏ⁺¹·v + (1 − ρ)·g²          the power computed in f64, rounded to f32; the sum rounded as ever
//! ```
//!
//! which for k = 0 is RMSprop's own. That is the definition of the result, for lists and for panels alike: which inputs are at rest
//! follows from the numbers of the batch alone. The inputs of all other layers are outputs of the layer below; they are never at rest.

use super::input::Input;
use super::layer::Parameters;
use crate::rowwise::Rmsprop;

/// In place of a factor: the input is at rest.
pub(super) const AT_REST: f32 = -1.0;

/// The optimizer's state for a layer: the running means of squared gradients, 0 at first.
#[derive(Clone, Debug)]
pub struct State {
    /// As each was when its input was last touched.
    pub(super) mean_square: Parameters,
    /// The steps that were made.
    steps: u64,
    /// Whether the mean squares of all inputs have seen all of these: as long as no input was ever at rest.
    in_step: bool,
    /// Where they have not, how many each input has seen.
    seen: Vec<u64>,
    /// In the current step, for each input ρᵏ⁺¹ or [`AT_REST`]; with lists, ρᵏ⁺¹ for each input that is touched, in their order.
    decay: Vec<f32>,
}

/// The decays of the last step are not part of it.
impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        let seen = |state: &Self| -> Vec<u64> {
            (0..state.seen.len()).map(|p| state.seen_by(p)).collect()
        };
        (&self.mean_square, self.steps, seen(self))
            == (&other.mean_square, other.steps, seen(other))
    }
}

impl State {
    /// The state of a layer that has made no step. It takes as much memory as the layer, and twelve bytes an input.
    pub fn new(mean_square: Parameters) -> Self {
        let inputs = mean_square.inputs();
        Self {
            mean_square,
            steps: 0,
            in_step: true,
            seen: vec![0; inputs],
            decay: vec![AT_REST; inputs],
        }
    }

    /// Bytes that [`State::new`] allocates beside the mean squares.
    pub fn bytes_beside(inputs: usize) -> usize {
        inputs.saturating_mul(size_of::<u64>() + size_of::<f32>())
    }

    /// Zeros.
    pub fn zeros(inputs: usize, units: usize) -> Self {
        Self::new(Parameters::zeros(inputs, units))
    }

    /// The running mean of the squared gradients of weight `(p, j)`, with all its decay.
    ///
    /// # Panics
    /// If there is no such weight.
    pub fn mean_square(&self, optimizer: &Rmsprop, p: usize, j: usize) -> f32 {
        let unseen = self.steps - self.seen_by(p);
        let v = self.mean_square.weights.get(p, j) * optimizer.decay(unseen);
        if v < f32::MIN_POSITIVE { 0.0 } else { v }
    }

    /// How many steps the mean squares of input `p` have seen.
    fn seen_by(&self, p: usize) -> u64 {
        if self.in_step { self.steps } else { self.seen[p] }
    }

    /// Begins a step on `x`: finds by how much the state of each input that is touched decays.
    pub(super) fn begin_step(&mut self, x: Input<'_>, optimizer: &Rmsprop) {
        if self.in_step {
            if let Input::Panels(_) = x {
                self.steps += 1;
                return;
            }
            self.seen.fill(self.steps);
        }
        self.in_step = false;
        self.steps += 1;
        let Self { steps, seen, decay, .. } = self;
        let rho = optimizer.decay(1);
        let mut touch = |p: usize, decay: &mut f32| {
            let unseen = *steps - seen[p];
            *decay = if unseen == 1 { rho } else { optimizer.decay(unseen) };
            seen[p] = *steps;
        };
        match x {
            Input::Lists(lists) => {
                for (p, decay) in lists.by_columns().columns().zip(decay) {
                    touch(p, decay);
                }
            }
            Input::Panels(_) => {
                for (p, decay) in decay.iter_mut().enumerate() {
                    touch(p, decay);
                }
            }
            Input::Gathered(_, touched) => {
                for (p, (is_touched, decay)) in touched.iter().zip(decay).enumerate() {
                    if *is_touched {
                        touch(p, decay);
                    } else {
                        *decay = AT_REST;
                    }
                }
            }
        }
    }

    /// The mean squares, to write, and the decays that [`State::begin_step`] has found: none where all are ρ.
    pub(super) fn parts(&mut self) -> (&mut Parameters, Option<&[f32]>) {
        (&mut self.mean_square, (!self.in_step).then_some(&self.decay))
    }
}
