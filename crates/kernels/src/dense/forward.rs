//! `X·W`, plus bias, then the activation.

use super::cut::{run_in_parts, work_of};
use super::input::{Input, InputRows};
use super::layer::{Activation, Parameters, ParametersRef};
use super::lists::{self, GROUP};
use super::non_zeros::RowLists;
use super::sums;
use crate::layout::{Panels, PanelsMut, PanelsRef};
use crate::parallel::{Side, Split};
use crate::simd::{Isa, Kernel, LANES, Line, Simd};
use crate::tile::blocking::{KC, blocks};
use crate::tile::microkernel::{self, Sink, Sums};

/// `out ← activation(x · weights + bias)`; `out` is rows × units.
///
/// # Panics
/// If shapes differ.
#[track_caller]
pub fn forward(x: Input<'_>, layer: &Parameters, activation: Activation, out: &mut Panels) {
    assert_eq!(x.columns(), layer.inputs(), "columns of x are the layer's inputs");
    assert_eq!((out.rows(), out.columns()), (x.rows(), layer.units()), "shape of out");
    let work = work_of(x) * layer.weights.panels() * LANES;
    let (x, layer, out) = (x.by_rows(), layer.view(), out.view_mut());
    let forward = Forward { x, layer, activation, out };
    run_in_parts(forward, work, &|part: Forward<'_, '_>| Isa::active().run(part));
}

/// Some rows and some panels of a layer's output.
pub(super) struct Forward<'a, 'b> {
    /// The rows.
    pub(super) x: InputRows<'a>,
    /// The panels.
    pub(super) layer: ParametersRef<'a>,
    pub(super) activation: Activation,
    pub(super) out: PanelsMut<'b>,
}

impl Split for Forward<'_, '_> {
    fn len(&self, side: Side) -> usize {
        match side {
            Side::Rows => self.out.rows(),
            Side::Columns => self.out.panels(),
        }
    }

    fn split_at(self, side: Side, mid: usize) -> (Self, Self) {
        let Self { x, layer, activation, out } = self;
        let ((x, x_2), (layer, layer_2), (out, out_2)) = match side {
            Side::Rows => (x.split_at(mid), (layer, layer), out.split_at_row(mid)),
            Side::Columns => ((x, x), layer.split_at_panel(mid), out.split_at_panel(mid)),
        };
        (
            Self { x, layer, activation, out },
            Self { x: x_2, layer: layer_2, activation, out: out_2 },
        )
    }
}

impl Kernel for Forward<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        let panels = self.out.panels();
        let mut t = 0;
        match self.x {
            InputRows::Panels(x) => {
                while t < panels {
                    if S::TILE_PANELS == 2 && t + 2 <= panels {
                        self.multiply_tiles::<S, 2>(simd, x, t);
                        t += 2;
                    } else {
                        self.multiply_tiles::<S, 1>(simd, x, t);
                        t += 1;
                    }
                }
            }
            InputRows::Lists(x) => {
                while t < panels {
                    if t + GROUP <= panels {
                        self.multiply_lists::<S, GROUP>(simd, x, t);
                        t += GROUP;
                    } else if t + 2 <= panels {
                        self.multiply_lists::<S, 2>(simd, x, t);
                        t += 2;
                    } else {
                        self.multiply_lists::<S, 1>(simd, x, t);
                        t += 1;
                    }
                }
            }
        }
    }
}

impl Forward<'_, '_> {
    #[inline(always)]
    fn multiply_tiles<S: Simd, const P: usize>(&mut self, simd: S, x: PanelsRef<'_>, t: usize) {
        let &mut Self { layer, activation, ref mut out, .. } = self;
        let (weights, bias) = (layer.weights.group::<P>(t), layer.bias.group::<P>(t));
        let inputs = layer.weights.rows();
        let mut into = IntoOut { out: out.group(t), bias, activation, add: false, last: false };
        // In blocks of k, so that a block of the weights' panels stays near for all rows.
        for (p, steps) in blocks(inputs, KC) {
            (into.add, into.last) = (p > 0, p + steps == inputs);
            let weights = weights.map(|weights| &weights[p..p + steps]);
            microkernel::all_rows(simd, x, p / LANES, weights, &mut into);
        }
    }

    #[inline(always)]
    fn multiply_lists<S: Simd, const P: usize>(&mut self, simd: S, x: RowLists<'_>, t: usize) {
        let &mut Self { layer, activation, ref mut out, .. } = self;
        let (weights, bias) = (layer.weights.group::<P>(t), layer.bias.group::<P>(t));
        let out = &mut out.group(t);
        if layer.weights.rows() < lists::FAR {
            lists::rows_times::<S, P, false>(simd, x, weights, bias, activation, out);
        } else {
            lists::rows_times::<S, P, true>(simd, x, weights, bias, activation, out);
        }
    }
}

/// Tiles of a forward product on their way out. Bias and activation only after the last block of k.
struct IntoOut<'a, const P: usize> {
    out: [&'a mut [Line]; P],
    bias: [&'a [Line]; P],
    activation: Activation,
    add: bool,
    last: bool,
}

impl<S: Simd, const P: usize> Sink<S, P> for IntoOut<'_, P> {
    #[inline(always)]
    fn start<const M: usize>(&mut self, simd: S, i: usize) -> Sums<S::Vector, M, P> {
        sums::start(simd, self.add, &self.out, i)
    }

    #[inline(always)]
    fn take<const M: usize>(&mut self, simd: S, i: usize, acc: Sums<S::Vector, M, P>) {
        for (t, out) in self.out.iter_mut().enumerate() {
            let out = &mut out[i..][..M];
            for (acc, out) in acc.iter().zip(out) {
                let mut v = acc[t];
                if self.last {
                    v = self.activation.of(simd, simd.add(v, simd.load(&self.bias[t][0].0)));
                }
                simd.store(v, &mut out.0);
            }
        }
    }
}
