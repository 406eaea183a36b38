//! `Xᵀ·D`, each tile of it straight into the optimizer's step.

use super::cut::{run_in_parts, work_of};
use super::input::{Input, InputColumns};
use super::layer::{Parameters, ParametersMut};
use super::lists::{self, GROUP};
use super::non_zeros::ColumnLists;
use super::state::{AT_REST, State};
use crate::layout::{Panels, PanelsRef};
use crate::parallel::{Side, Split};
use crate::rowwise::{Optimizer, Rule, RuleLanes};
use crate::simd::{Isa, Kernel, LANES, Line, Simd, prefetch};
use crate::tile::microkernel::{self, Sink, Sums, lines};

/// The update of one layer in a training step: the gradients `xᵀ·d` and the column sums of `d` (rows × units), and with them
/// the optimizer's step, while they are in registers. An input that is 0 in all rows of a batch is at rest: [`State`] says what
/// becomes of it.
///
/// # Panics
/// If shapes differ.
#[track_caller]
pub fn update(
    x: Input<'_>,
    d: &Panels,
    optimizer: impl Into<Optimizer>,
    layer: &mut Parameters,
    state: &mut State,
) {
    let optimizer = optimizer.into();
    let (inputs, units) = (layer.inputs(), layer.units());
    assert_eq!((d.rows(), d.columns()), (x.rows(), units), "shape of d");
    assert_eq!(x.columns(), inputs, "columns of x are the layer's inputs");
    assert!(state.fits(optimizer.states(), inputs, units), "shape of the optimizer's state");
    state.begin_step(x, &optimizer);
    let work = work_of_update(x, &optimizer, layer);
    match optimizer {
        Optimizer::Rmsprop(rmsprop) => run::<1>(x, d, rmsprop, layer, state, work),
        Optimizer::Adam(adam) => run::<2>(x, d, adam.in_step(state.steps()), layer, state, work),
        Optimizer::Sgd(sgd) if sgd.momentum == 0.0 => run::<0>(x, d, sgd, layer, state, work),
        Optimizer::Sgd(sgd) => run::<1>(x, d, sgd, layer, state, work),
    }
}

/// [`update()`] by one rule, with N numbers a parameter.
fn run<const N: usize>(
    x: Input<'_>,
    d: &Panels,
    rule: impl Rule<N>,
    layer: &mut Parameters,
    state: &mut State,
    work: usize,
) {
    let (numbers, decay) = state.parts();
    let numbers: &mut [Parameters; N] = numbers.try_into().expect("the state fits the optimizer");
    let update = Update {
        x: x.by_columns(),
        d: d.view(),
        rule,
        parameters: layer.view_mut(),
        state: numbers.each_mut().map(Parameters::view_mut),
        decay,
    };
    run_in_parts(update, work, &|part: Update<'_, '_, _, N>| Isa::active().run(part));
}

/// How many multiply-adds take as long as [`update()`], more or less: a step of the optimizer takes as long as sixteen.
pub fn work_of_update(x: Input<'_>, optimizer: &Optimizer, layer: &Parameters) -> usize {
    let stepped = match x {
        Input::Lists(lists) if optimizer.rests() => lists.by_columns().len(),
        Input::Lists(_) | Input::Panels(_) | Input::Gathered(..) => layer.inputs(),
    };
    (work_of(x) + 16 * stepped) * layer.weights.panels() * LANES
}

/// Columns between asking for the weights of an input and their step, in layers of very many inputs.
const COLUMNS_AHEAD: usize = 8;

/// The update of some panels of a layer, or of some of its inputs.
struct Update<'a, 'b, R, const N: usize> {
    /// The inputs.
    x: InputColumns<'a>,
    /// The panels.
    d: PanelsRef<'a>,
    rule: R,
    parameters: ParametersMut<'b>,
    state: [ParametersMut<'b>; N],
    /// For each of the inputs, the decay of its state, or that it is at rest; without, none is at rest and all decay as ever.
    decay: Option<&'a [f32]>,
}

/// Its rows are the layer's inputs: of lists, those that are touched. (If none is, there is still the bias.)
impl<R: Rule<N>, const N: usize> Split for Update<'_, '_, R, N> {
    fn len(&self, side: Side) -> usize {
        match side {
            Side::Rows => match self.x {
                InputColumns::Panels(_) => self.parameters.weights.rows(),
                InputColumns::Lists(lists) => lists.len().max(1),
            },
            Side::Columns => self.parameters.weights.panels(),
        }
    }

    fn split_at(self, side: Side, mid: usize) -> (Self, Self) {
        let Self { x, d, rule, parameters, state, decay } = self;
        let (decay, decay_2) = match side {
            Side::Rows => decay.map(|decay| decay.split_at(mid)).unzip(),
            Side::Columns => (decay, decay),
        };
        let ((x, x_2), (d, d_2), (parameters, parameters_2), (state, state_2)) = match side {
            Side::Rows => {
                let (x, x_2, p) = x.split_at(mid);
                let state = halves(state, |state| state.split_at_input(p));
                ((x, x_2), (d, d), parameters.split_at_input(p), state)
            }
            Side::Columns => {
                let state = halves(state, |state| state.split_at_panel(mid));
                ((x, x), d.split_at_panel(mid), parameters.split_at_panel(mid), state)
            }
        };
        (
            Self { x, d, rule, parameters, state, decay },
            Self { x: x_2, d: d_2, rule, parameters: parameters_2, state: state_2, decay: decay_2 },
        )
    }
}

/// Each of these in two: all first halves, and all second ones.
fn halves<T, const N: usize>(whole: [T; N], split: impl Fn(T) -> (T, T)) -> ([T; N], [T; N]) {
    let mut second = [const { None }; N];
    let mut i = 0;
    let first = whole.map(|whole| {
        let (first, rest) = split(whole);
        second[i] = Some(rest);
        i += 1;
        first
    });
    (first, second.map(|second| second.expect("one for each")))
}

impl<R: Rule<N>, const N: usize> Kernel for Update<'_, '_, R, N> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        let lanes = self.rule.lanes(simd);
        let panels = self.parameters.weights.panels();
        let mut t = 0;
        match self.x {
            InputColumns::Panels(x) => {
                while t < panels {
                    if S::TILE_PANELS == 2 && t + 2 <= panels {
                        self.step_tiles::<S, 2>(lanes, x, t);
                        t += 2;
                    } else {
                        self.step_tiles::<S, 1>(lanes, x, t);
                        t += 1;
                    }
                }
            }
            InputColumns::Lists(x) => {
                while t < panels {
                    if t + GROUP <= panels {
                        self.step_lists::<S, GROUP>(lanes, x, t);
                        t += GROUP;
                    } else if t + 2 <= panels {
                        self.step_lists::<S, 2>(lanes, x, t);
                        t += 2;
                    } else {
                        self.step_lists::<S, 1>(lanes, x, t);
                        t += 1;
                    }
                }
            }
        }
        if self.parameters.bias.rows() > 0 {
            self.step_bias(lanes);
        }
    }
}

impl<R: Rule<N>, const N: usize> Update<'_, '_, R, N> {
    /// Panels `t` to `t + P - 1` of the weights, from tiles.
    #[inline(always)]
    fn step_tiles<S: Simd, const P: usize>(
        &mut self,
        lanes: R::Lanes<S>,
        x: PanelsRef<'_>,
        t: usize,
    ) {
        let (simd, d) = (lanes.simd(), self.d.group::<P>(t));
        let inputs = self.parameters.weights.rows();
        let mut step = StepTile::<S, R, P, N> {
            lanes,
            weights: self.parameters.weights.group::<P>(t),
            state: self.state.each_mut().map(|state| state.weights.group::<P>(t)),
            decay: self.decay,
        };
        for b in 0..inputs.div_ceil(LANES) {
            let sixteen = (b * LANES, LANES.min(inputs - b * LANES));
            microkernel::all_columns(simd, x.panel(b), sixteen, lines(d), &mut step);
        }
    }

    /// Panels `t` to `t + P - 1` of the weights, from lists.
    #[inline(always)]
    fn step_lists<S: Simd, const P: usize>(
        &mut self,
        lanes: R::Lanes<S>,
        x: ColumnLists<'_>,
        t: usize,
    ) {
        let (simd, d) = (lanes.simd(), self.d.group::<P>(t));
        let inputs = self.parameters.weights.rows();
        let mut step = StepTile::<S, R, P, N> {
            lanes,
            weights: self.parameters.weights.group::<P>(t),
            state: self.state.each_mut().map(|state| state.weights.group::<P>(t)),
            decay: None,
        };
        let Some(decay) = self.decay else {
            // No input is at rest: those that are not listed are stepped, too.
            let mut next = 0;
            for p in 0..inputs {
                let mut g = [simd.splat(0.0); P];
                if next < x.len() && x.column(next) == p {
                    g = lists::column_times(simd, x, next, d);
                    next += 1;
                }
                for (t, g) in g.into_iter().enumerate() {
                    step.line(t, p, g, lanes.decay());
                }
            }
            return;
        };
        let far = inputs >= lists::FAR;
        for (k, decay) in decay[..x.len()].iter().enumerate() {
            if far && k + COLUMNS_AHEAD < x.len() {
                step.prefetch(x.column(k + COLUMNS_AHEAD));
            }
            let (p, decay) = (x.column(k), simd.splat(*decay));
            let g = lists::column_times(simd, x, k, d);
            for (t, g) in g.into_iter().enumerate() {
                step.line(t, p, g, decay);
            }
        }
    }

    /// The gradient of the bias is the sum of the rows of d.
    #[inline(always)]
    fn step_bias<S: Simd>(&mut self, lanes: R::Lanes<S>) {
        let simd = lanes.simd();
        for t in 0..self.parameters.bias.panels() {
            let mut sum = simd.splat(0.0);
            for d in self.d.panel(t) {
                sum = simd.add(sum, simd.load(&d.0));
            }
            let mut step = StepTile::<S, R, 1, N> {
                lanes,
                weights: [self.parameters.bias.panel(t)],
                state: self.state.each_mut().map(|state| [state.bias.panel(t)]),
                decay: None,
            };
            step.line(0, 0, sum, lanes.decay());
        }
    }
}

/// Tiles of a gradient go into the optimizer's step.
struct StepTile<'a, S: Simd, R: Rule<N>, const P: usize, const N: usize> {
    lanes: R::Lanes<S>,
    weights: [&'a mut [Line]; P],
    state: [[&'a mut [Line]; P]; N],
    decay: Option<&'a [f32]>,
}

impl<S: Simd, R: Rule<N>, const P: usize, const N: usize> StepTile<'_, S, R, P, N> {
    /// The step of line `p` of panel `t`.
    #[inline(always)]
    fn line(&mut self, t: usize, p: usize, g: S::Vector, decay: S::Vector) {
        let (lanes, simd) = (self.lanes, self.lanes.simd());
        let w = &mut self.weights[t][p].0;
        let mut state = [simd.splat(0.0); N];
        for (number, lines) in state.iter_mut().zip(&self.state) {
            *number = simd.load(&lines[t][p].0);
        }
        let (w_after, state) = lanes.step(simd.load(w), state, g, decay);
        for (number, lines) in state.into_iter().zip(&mut self.state) {
            simd.store(number, &mut lines[t][p].0);
        }
        simd.store(w_after, w);
    }

    /// Asks for line `p` of all panels.
    #[inline(always)]
    fn prefetch(&self, p: usize) {
        for t in 0..P {
            prefetch(&self.weights[t][p..][..1]);
            for n in 0..N {
                prefetch(&self.state[n][t][p..][..1]);
            }
        }
    }
}

impl<S: Simd, R: Rule<N>, const P: usize, const N: usize> Sink<S, P> for StepTile<'_, S, R, P, N> {
    #[inline(always)]
    fn take<const M: usize>(&mut self, simd: S, i: usize, acc: Sums<S::Vector, M, P>) {
        let as_ever = self.lanes.decay();
        for t in 0..P {
            match self.decay {
                None => {
                    for (r, acc) in acc.iter().enumerate() {
                        self.line(t, i + r, acc[t], as_ever);
                    }
                }
                Some(decay) => {
                    for (r, (acc, decay)) in acc.iter().zip(&decay[i..][..M]).enumerate() {
                        if *decay != AT_REST {
                            self.line(t, i + r, acc[t], simd.splat(*decay));
                        }
                    }
                }
            }
        }
    }
}
