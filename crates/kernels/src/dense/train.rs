//! `Xᵀ·D`, each tile of it straight into the optimizer's step.

use super::{Parameters, group, panels_each, work_of};
use crate::batch::Input;
use crate::isa::Isa;
use crate::panels::{Panels, PanelsMut};
use crate::parallel::{self, Split};
use crate::rmsprop::{Lanes, Rmsprop};
use crate::sgemm::microkernel::{self, Sums, Tile, lines};
use crate::simd::{Kernel, LANES, Line, Simd};
use crate::sparse::{self, GROUP, NonZeros};

/// A training step for one layer: the gradients `xᵀ·d` and the column sums of `d` (rows × units), and with them
/// the optimizer's step, while they are in registers. `mean_square` is the optimizer's state.
///
/// # Panics
/// If shapes differ.
#[track_caller]
pub fn train(
    x: Input<'_>,
    d: &Panels,
    optimizer: &Rmsprop,
    layer: &mut Parameters,
    mean_square: &mut Parameters,
) {
    let (rows, inputs) = x.shape();
    assert_eq!((d.rows(), d.columns()), (rows, layer.units()), "shape of d");
    assert_eq!(inputs, layer.inputs(), "columns of x are the layer's inputs");
    assert_eq!(
        (mean_square.inputs(), mean_square.units()),
        (layer.inputs(), layer.units()),
        "shape of the optimizer's state"
    );
    let (panels, inputs) = (layer.kernel.panels(), layer.inputs());
    let work = (work_of(x) + 16 * inputs) * panels * LANES;
    let pieces = parallel::pieces_for(work);
    let of_panels = panels_each(panels, pieces);
    let by_rows = of_panels.is_none();
    let grain = of_panels.unwrap_or(inputs.div_ceil(pieces).next_multiple_of(LANES));
    let destination = Destination {
        by_rows,
        kernel: layer.kernel.view_mut(),
        kernel_state: mean_square.kernel.view_mut(),
        bias: layer.bias.view_mut(),
        bias_state: mean_square.bias.view_mut(),
    };
    parallel::for_each_part(destination, grain, &|from, part: Destination<'_>| {
        let (p, q) = if by_rows { (from, 0) } else { (0, from) };
        Isa::active().run(Train { x, d, optimizer, p, q, part });
    });
}

/// A part of a layer and of the optimizer's state for it. Of parts by rows, the first has the bias.
struct Destination<'a> {
    by_rows: bool,
    kernel: PanelsMut<'a>,
    kernel_state: PanelsMut<'a>,
    bias: PanelsMut<'a>,
    bias_state: PanelsMut<'a>,
}

impl<'a> Split for Destination<'a> {
    fn units(&self) -> usize {
        if self.by_rows { self.kernel.rows() } else { self.kernel.panels() }
    }

    fn split(self, mid: usize) -> (Self, Self) {
        let by_rows = self.by_rows;
        let cut = if by_rows {
            |panels: PanelsMut<'a>, mid: usize| {
                let mid = mid.min(panels.rows());
                panels.split_at_row(mid)
            }
        } else {
            PanelsMut::split_at_panel
        };
        let (kernel, kernel_2) = cut(self.kernel, mid);
        let (kernel_state, kernel_state_2) = cut(self.kernel_state, mid);
        let (bias, bias_2) = cut(self.bias, mid);
        let (bias_state, bias_state_2) = cut(self.bias_state, mid);
        (
            Self { by_rows, kernel, kernel_state, bias, bias_state },
            Self {
                by_rows,
                kernel: kernel_2,
                kernel_state: kernel_state_2,
                bias: bias_2,
                bias_state: bias_state_2,
            },
        )
    }
}

/// Rows from `p` on and panels from `q` on of a layer.
struct Train<'a, 'b> {
    x: Input<'a>,
    d: &'a Panels,
    optimizer: &'a Rmsprop,
    p: usize,
    q: usize,
    part: Destination<'b>,
}

impl Kernel for Train<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { x, d, optimizer, p, q, mut part } = self;
        let lanes = optimizer.lanes(simd);
        match x {
            Input::Dense(x) => {
                let mut t = 0;
                while t < part.kernel.panels() {
                    if S::TILE_PANELS == 2 && t + 2 <= part.kernel.panels() {
                        part.step_dense::<S, 2>(lanes, x, p, group(d, q + t), t);
                        t += 2;
                    } else {
                        part.step_dense::<S, 1>(lanes, x, p, group(d, q + t), t);
                        t += 1;
                    }
                }
            }
            Input::Sparse(x, _) => {
                let mut t = 0;
                while t < part.kernel.panels() {
                    if t + GROUP <= part.kernel.panels() {
                        part.step_sparse::<S, GROUP>(lanes, x, p, group(d, q + t), t);
                        t += GROUP;
                    } else {
                        part.step_sparse::<S, 1>(lanes, x, p, group(d, q + t), t);
                        t += 1;
                    }
                }
            }
        }
        if part.bias.rows() > 0 {
            for t in 0..part.bias.panels() {
                let mut sum = simd.splat(0.0);
                for d in d.panel(q + t) {
                    sum = simd.add(sum, simd.load(&d.0));
                }
                let (bias, state) = (part.bias.panel(t), part.bias_state.panel(t));
                lanes.step(&mut bias[0].0, &mut state[0].0, sum);
            }
        }
    }
}

impl Destination<'_> {
    /// Steps panels from `t` on; row r of this part belongs to column `p + r` of x.
    #[inline(always)]
    fn step_dense<S: Simd, const P: usize>(
        &mut self,
        lanes: Lanes<S>,
        x: &Panels,
        p: usize,
        d: [&[Line]; P],
        t: usize,
    ) {
        let rows = self.kernel.rows();
        let (kernel, state) = (self.kernel.group::<P>(t), self.kernel_state.group::<P>(t));
        let mut step = StepTile { lanes, kernel, state };
        for b in 0..rows.div_ceil(LANES) {
            let range = (b * LANES, LANES.min(rows - b * LANES));
            let x = x.panel(p / LANES + b);
            microkernel::all_columns(lanes.simd(), x, range, lines(d), &mut step);
        }
    }

    /// Steps panels from `t` on; row r of this part belongs to column `p + r` of x.
    #[inline(always)]
    fn step_sparse<S: Simd, const P: usize>(
        &mut self,
        lanes: Lanes<S>,
        x: &NonZeros,
        p: usize,
        d: [&[Line]; P],
        t: usize,
    ) {
        let rows = self.kernel.rows();
        let (kernel, mut state) = (self.kernel.group::<P>(t), self.kernel_state.group::<P>(t));
        for r in 0..rows {
            match sparse::column_times(lanes.simd(), x, p + r, d) {
                Some(g) => {
                    for t in 0..P {
                        lanes.step(&mut kernel[t][r].0, &mut state[t][r].0, g[t]);
                    }
                }
                // The gradient is exactly 0: the parameters stay.
                None => {
                    for state in &mut state {
                        lanes.decay(&mut state[r].0);
                    }
                }
            }
        }
    }
}

/// Tiles of a gradient go into the optimizer's step.
struct StepTile<'a, S: Simd, const P: usize> {
    lanes: Lanes<S>,
    kernel: [&'a mut [Line]; P],
    state: [&'a mut [Line]; P],
}

impl<S: Simd, const P: usize> Tile<S, P> for StepTile<'_, S, P> {
    #[inline(always)]
    fn take<const M: usize>(&mut self, _: S, i: usize, acc: Sums<S::Vector, M, P>) {
        for (t, (kernel, state)) in self.kernel.iter_mut().zip(&mut self.state).enumerate() {
            let rows = kernel[i..][..M].iter_mut().zip(&mut state[i..][..M]);
            for (acc, (w, v)) in acc.iter().zip(rows) {
                self.lanes.step(&mut w.0, &mut v.0, acc[t]);
            }
        }
    }
}
