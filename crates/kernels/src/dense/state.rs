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
//!
//! Gradient descent without momentum leaves such inputs alone, too. Adam and momentum go on moving weights whose gradients are 0; there
//! every input is stepped in every step, and a step costs what the layer costs.

use super::input::Input;
use super::layer::Parameters;
use crate::rowwise::{Optimizer, Rmsprop};

/// In place of a factor: the input is at rest.
pub(super) const AT_REST: f32 = -1.0;

/// The optimizer's state for a layer, 0 at first: for RMSprop the running means of squared gradients, for Adam those of gradients and
/// those of their squares, for momentum the velocities.
#[derive(Clone, Debug)]
pub struct State {
    /// As each was when its input was last touched.
    numbers: Vec<Parameters>,
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
        (&self.numbers, self.steps, self.seen()) == (&other.numbers, other.steps, other.seen())
    }
}

impl State {
    /// RMSprop's state of a layer that has made no step. It takes as much memory as the layer, and twelve bytes an input.
    pub fn new(mean_square: Parameters) -> Self {
        let inputs = mean_square.inputs();
        Self::of(inputs, vec![mean_square])
    }

    /// The state of a layer of `inputs` that has made no step: as many numbers a parameter as
    /// [`Optimizer::states`] says. Beside these, it takes twelve bytes an input.
    pub fn of(inputs: usize, numbers: Vec<Parameters>) -> Self {
        Self {
            numbers,
            steps: 0,
            in_step: true,
            seen: vec![0; inputs],
            decay: vec![AT_REST; inputs],
        }
    }

    /// The state that another has told with [`numbers`](Self::numbers), [`steps`](Self::steps) and [`seen`](Self::seen).
    ///
    /// # Panics
    /// If an input has seen more steps than were made.
    #[track_caller]
    pub fn resumed(numbers: Vec<Parameters>, steps: u64, seen: Vec<u64>) -> Self {
        assert!(seen.iter().all(|&seen| seen <= steps), "more steps seen than made");
        let in_step = seen.iter().all(|&seen| seen == steps);
        Self { numbers, steps, in_step, decay: vec![AT_REST; seen.len()], seen }
    }

    /// The numbers, each as it was when its input was last touched.
    pub fn numbers(&self) -> &[Parameters] {
        &self.numbers
    }

    /// The steps that were made.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// For each input, how many of the steps its numbers have seen.
    pub fn seen(&self) -> Vec<u64> {
        (0..self.seen.len()).map(|p| self.seen_by(p)).collect()
    }

    /// Bytes that [`State::of`] allocates beside the numbers.
    pub fn bytes_beside(inputs: usize) -> usize {
        inputs.saturating_mul(size_of::<u64>() + size_of::<f32>())
    }

    /// RMSprop's zeros.
    pub fn zeros(inputs: usize, units: usize) -> Self {
        Self::new(Parameters::zeros(inputs, units))
    }

    /// RMSprop's running mean of the squared gradients of weight `(p, j)`, with all its decay.
    ///
    /// # Panics
    /// If there is no such weight, or no such mean.
    pub fn mean_square(&self, optimizer: &Rmsprop, p: usize, j: usize) -> f32 {
        let unseen = self.steps - self.seen_by(p);
        let v = self.numbers[0].weights.get(p, j) * optimizer.decay(unseen);
        if v < f32::MIN_POSITIVE { 0.0 } else { v }
    }

    /// How many steps the mean squares of input `p` have seen.
    fn seen_by(&self, p: usize) -> u64 {
        if self.in_step { self.steps } else { self.seen[p] }
    }

    /// Begins a step on `x`: finds by how much the state of each input that is touched decays.
    pub(super) fn begin_step(&mut self, x: Input<'_>, optimizer: &Optimizer) {
        if self.in_step {
            if !optimizer.rests() || matches!(x, Input::Panels(_)) {
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

    /// The numbers, to write, and the decays that [`State::begin_step`] has found: none where no input is at rest and none has
    /// been.
    pub(super) fn parts(&mut self) -> (&mut [Parameters], Option<&[f32]>) {
        (&mut self.numbers, (!self.in_step).then_some(&self.decay))
    }

    /// Whether there are `states` numbers for each parameter of a layer of this shape.
    pub(super) fn fits(&self, states: usize, inputs: usize, units: usize) -> bool {
        let fits = |of: &Parameters| (of.inputs(), of.units()) == (inputs, units);
        self.numbers.len() == states && self.seen.len() == inputs && self.numbers.iter().all(fits)
    }
}
