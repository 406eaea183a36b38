//! `Xᵀ·D`, each tile of it straight into the optimizer's step.

use super::cut::{run_in_parts, work_of};
use super::input::{Input, InputColumns};
use super::layer::{Parameters, ParametersMut};
use super::lists::{self, GROUP};
use super::non_zeros::ColumnLists;
use super::state::{AT_REST, State};
use crate::layout::{Panels, PanelsRef};
use crate::parallel::{Side, Split};
use crate::rowwise::{Rmsprop, RmspropLines};
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
    optimizer: &Rmsprop,
    layer: &mut Parameters,
    state: &mut State,
) {
    let (inputs, units) = (layer.inputs(), layer.units());
    assert_eq!((d.rows(), d.columns()), (x.rows(), units), "shape of d");
    assert_eq!(x.columns(), inputs, "columns of x are the layer's inputs");
    assert_eq!(
        (state.mean_square.inputs(), state.mean_square.units()),
        (inputs, units),
        "shape of the optimizer's state"
    );
    state.begin_step(x, optimizer);
    let work = work_of_update(x, layer);
    let (mean_square, decay) = state.parts();
    let update = Update {
        x: x.by_columns(),
        d: d.view(),
        optimizer,
        parameters: layer.view_mut(),
        state: mean_square.view_mut(),
        decay,
    };
    run_in_parts(update, work, &|part: Update<'_, '_>| Isa::active().run(part));
}

/// How many multiply-adds take as long as [`update()`], more or less: a step of the optimizer takes as long as sixteen.
pub fn work_of_update(x: Input<'_>, layer: &Parameters) -> usize {
    let touched = match x {
        Input::Lists(lists) => lists.by_columns().len(),
        Input::Panels(_) | Input::Gathered(..) => layer.inputs(),
    };
    (work_of(x) + 16 * touched) * layer.weights.panels() * LANES
}

/// Columns between asking for the weights of an input and their step, in layers of very many inputs.
const COLUMNS_AHEAD: usize = 8;

/// The update of some panels of a layer, or of some of its inputs.
struct Update<'a, 'b> {
    /// The inputs.
    x: InputColumns<'a>,
    /// The panels.
    d: PanelsRef<'a>,
    optimizer: &'a Rmsprop,
    parameters: ParametersMut<'b>,
    state: ParametersMut<'b>,
    /// For each of the inputs, the decay of its state, or that it is at rest; without, the decay of all is ρ.
    decay: Option<&'a [f32]>,
}

/// Its rows are the layer's inputs: of lists, those that are touched. (If none is, there is still the bias.)
impl Split for Update<'_, '_> {
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
        let Self { x, d, optimizer, parameters, state, decay } = self;
        let (decay, decay_2) = match side {
            Side::Rows => decay.map(|decay| decay.split_at(mid)).unzip(),
            Side::Columns => (decay, decay),
        };
        let ((x, x_2), (d, d_2), (parameters, parameters_2), (state, state_2)) = match side {
            Side::Rows => {
                let (x, x_2, p) = x.split_at(mid);
                ((x, x_2), (d, d), parameters.split_at_input(p), state.split_at_input(p))
            }
            Side::Columns => (
                (x, x),
                d.split_at_panel(mid),
                parameters.split_at_panel(mid),
                state.split_at_panel(mid),
            ),
        };
        (
            Self { x, d, optimizer, parameters, state, decay },
            Self {
                x: x_2,
                d: d_2,
                optimizer,
                parameters: parameters_2,
                state: state_2,
                decay: decay_2,
            },
        )
    }
}

impl Kernel for Update<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        let optimizer = self.optimizer.lines(simd);
        let panels = self.parameters.weights.panels();
        let mut t = 0;
        match self.x {
            InputColumns::Panels(x) => {
                while t < panels {
                    if S::TILE_PANELS == 2 && t + 2 <= panels {
                        self.step_tiles::<S, 2>(optimizer, x, t);
                        t += 2;
                    } else {
                        self.step_tiles::<S, 1>(optimizer, x, t);
                        t += 1;
                    }
                }
            }
            InputColumns::Lists(x) => {
                while t < panels {
                    if t + GROUP <= panels {
                        self.step_lists::<S, GROUP>(optimizer, x, t);
                        t += GROUP;
                    } else {
                        self.step_lists::<S, 1>(optimizer, x, t);
                        t += 1;
                    }
                }
            }
        }
        if self.parameters.bias.rows() > 0 {
            self.step_bias(optimizer);
        }
    }
}

impl Update<'_, '_> {
    /// Panels `t` to `t + P - 1` of the weights, from tiles.
    #[inline(always)]
    fn step_tiles<S: Simd, const P: usize>(
        &mut self,
        optimizer: RmspropLines<S>,
        x: PanelsRef<'_>,
        t: usize,
    ) {
        let (simd, d) = (optimizer.simd(), self.d.group::<P>(t));
        let inputs = self.parameters.weights.rows();
        let mut step = StepTile {
            optimizer,
            weights: self.parameters.weights.group::<P>(t),
            state: self.state.weights.group::<P>(t),
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
        optimizer: RmspropLines<S>,
        x: ColumnLists<'_>,
        t: usize,
    ) {
        let d = self.d.group::<P>(t);
        let weights = self.parameters.weights.group::<P>(t);
        let state = self.state.weights.group::<P>(t);
        let decay = self.decay.expect("lists leave inputs at rest");
        let far = weights[0].len() >= lists::FAR;
        for (k, decay) in decay[..x.len()].iter().enumerate() {
            if far && k + COLUMNS_AHEAD < x.len() {
                let p = x.column(k + COLUMNS_AHEAD);
                for (weights, state) in weights.iter().zip(&state) {
                    prefetch(&weights[p..][..1]);
                    prefetch(&state[p..][..1]);
                }
            }
            let p = x.column(k);
            let g = lists::column_times(optimizer.simd(), x, k, d);
            let decay = optimizer.simd().splat(*decay);
            for t in 0..P {
                optimizer.step(&mut weights[t][p].0, &mut state[t][p].0, g[t], decay);
            }
        }
    }

    /// The gradient of the bias is the sum of the rows of d.
    #[inline(always)]
    fn step_bias<S: Simd>(&mut self, optimizer: RmspropLines<S>) {
        let simd = optimizer.simd();
        for t in 0..self.parameters.bias.panels() {
            let mut sum = simd.splat(0.0);
            for d in self.d.panel(t) {
                sum = simd.add(sum, simd.load(&d.0));
            }
            let (bias, state) = (self.parameters.bias.panel(t), self.state.bias.panel(t));
            optimizer.step(&mut bias[0].0, &mut state[0].0, sum, optimizer.rho());
        }
    }
}

/// Tiles of a gradient go into the optimizer's step.
struct StepTile<'a, S: Simd, const P: usize> {
    optimizer: RmspropLines<S>,
    weights: [&'a mut [Line]; P],
    state: [&'a mut [Line]; P],
    decay: Option<&'a [f32]>,
}

impl<S: Simd, const P: usize> Sink<S, P> for StepTile<'_, S, P> {
    #[inline(always)]
    fn take<const M: usize>(&mut self, simd: S, i: usize, acc: Sums<S::Vector, M, P>) {
        let rho = self.optimizer.rho();
        for (t, (weights, state)) in self.weights.iter_mut().zip(&mut self.state).enumerate() {
            let rows = weights[i..][..M].iter_mut().zip(&mut state[i..][..M]);
            match self.decay {
                None => {
                    for (acc, (w, v)) in acc.iter().zip(rows) {
                        self.optimizer.step(&mut w.0, &mut v.0, acc[t], rho);
                    }
                }
                Some(decay) => {
                    for ((acc, decay), (w, v)) in acc.iter().zip(&decay[i..][..M]).zip(rows) {
                        if *decay != AT_REST {
                            self.optimizer.step(&mut w.0, &mut v.0, acc[t], simd.splat(*decay));
                        }
                    }
                }
            }
        }
    }
}
