//! `D·Wᵀ`, masked by where X is positive.

use super::cut::run_in_parts;
use super::layer::Parameters;
use super::sums;
use crate::layout::{Panels, PanelsMut, PanelsRef};
use crate::parallel::{Side, Split};
use crate::scratch::with_scratch;
use crate::simd::{Isa, Kernel, LANES, Line, Simd};
use crate::tile::blocking::{KC, blocks};
use crate::tile::microkernel::{self, Sink, Sums};

/// `d_x ← d · weightsᵀ`, then zero where `x` is not positive if `x` is what a ReLU gave (`mask`).
/// `d` is rows × units, `d_x` and `mask` are rows × inputs.
///
/// # Panics
/// If shapes differ.
#[track_caller]
pub fn backward(d: &Panels, layer: &Parameters, mask: Option<&Panels>, d_x: &mut Panels) {
    assert_eq!(d.columns(), layer.units(), "columns of d are the layer's units");
    check_shapes(d.rows(), layer, mask, d_x);
    let work = d.rows() * d.columns() * layer.inputs();
    let backward = Backward {
        d: d.view(),
        weights: layer.weights.view(),
        units: layer.units(),
        mask: mask.map(Panels::view),
        d_x: d_x.view_mut(),
    };
    run_in_parts(backward, work, &|part: Backward<'_, '_>| {
        with_scratch(transposed_lines(layer), |transposed| {
            Isa::active().run(BackwardKernel { part, transposed });
        });
    });
}

#[track_caller]
pub(super) fn check_shapes(rows: usize, layer: &Parameters, mask: Option<&Panels>, d_x: &Panels) {
    assert_eq!((d_x.rows(), d_x.columns()), (rows, layer.inputs()), "shape of d_x");
    if let Some(mask) = mask {
        assert_eq!((mask.rows(), mask.columns()), (rows, layer.inputs()), "shape of the mask");
    }
}

/// Lines of two panels of a layer's weights, transposed.
pub(super) fn transposed_lines(layer: &Parameters) -> usize {
    2 * layer.weights.panels() * LANES
}

/// Some rows and some panels of the gradient of a layer's input.
pub(super) struct Backward<'a, 'b> {
    /// The rows.
    pub(super) d: PanelsRef<'a>,
    /// The rows of the weights that belong to the panels of `d_x`.
    pub(super) weights: PanelsRef<'a>,
    /// Columns of `d` and of the weights.
    pub(super) units: usize,
    pub(super) mask: Option<PanelsRef<'a>>,
    pub(super) d_x: PanelsMut<'b>,
}

impl Split for Backward<'_, '_> {
    fn len(&self, side: Side) -> usize {
        match side {
            Side::Rows => self.d_x.rows(),
            Side::Columns => self.d_x.panels(),
        }
    }

    fn split_at(self, side: Side, mid: usize) -> (Self, Self) {
        let Self { d, weights, units, mask, d_x } = self;
        let ((d, d_2), (weights, weights_2), (mask, mask_2), (d_x, d_x_2)) = match side {
            Side::Rows => (
                d.split_at_row(mid),
                (weights, weights),
                mask.map(|mask| mask.split_at_row(mid)).unzip(),
                d_x.split_at_row(mid),
            ),
            Side::Columns => (
                (d, d),
                weights.split_at_row(mid * LANES),
                mask.map(|mask| mask.split_at_panel(mid)).unzip(),
                d_x.split_at_panel(mid),
            ),
        };
        (
            Self { d, weights, units, mask, d_x },
            Self { d: d_2, weights: weights_2, units, mask: mask_2, d_x: d_x_2 },
        )
    }
}

/// [`Backward`], with room for two panels of the weights, transposed.
pub(super) struct BackwardKernel<'a, 'b, 'c> {
    pub(super) part: Backward<'a, 'b>,
    pub(super) transposed: &'c mut [Line],
}

impl Kernel for BackwardKernel<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { mut part, transposed } = self;
        let panels = part.d_x.panels();
        let mut t = 0;
        while t < panels {
            if S::TILE_PANELS == 2 && t + 2 <= panels {
                part.multiply::<S, 2>(simd, t, transposed);
                t += 2;
            } else {
                part.multiply::<S, 1>(simd, t, transposed);
                t += 1;
            }
        }
    }
}

impl Backward<'_, '_> {
    /// Panels `t` to `t + P - 1` of `d_x`.
    #[inline(always)]
    fn multiply<S: Simd, const P: usize>(&mut self, simd: S, t: usize, transposed: &mut [Line]) {
        let &mut Self { d, weights, units, mask, ref mut d_x } = self;
        // Sixteen rows of the weights for each panel, transposed: panels of weightsᵀ.
        let steps = units.next_multiple_of(LANES);
        // A layer without units has nothing to transpose, and chunks cannot be empty.
        for (s, transposed) in transposed.chunks_exact_mut(steps.max(LANES)).take(P).enumerate() {
            let (blocks, _) = transposed.as_chunks_mut::<LANES>();
            for (q, block) in blocks.iter_mut().enumerate() {
                let rows = &weights.panel(q)[(t + s) * LANES..];
                let mut from = [&Line::ZERO.0; LANES];
                for (from, line) in from.iter_mut().zip(rows) {
                    *from = &line.0;
                }
                simd.transpose(from, block);
            }
        }
        let mut masks = [None; P];
        if let Some(mask) = mask {
            for (s, lines) in masks.iter_mut().enumerate() {
                *lines = Some(mask.panel(t + s));
            }
        }
        let mut into = IntoDx { d_x: d_x.group::<P>(t), masks, add: false, last: false };
        for (j, steps_now) in blocks(units, KC) {
            (into.add, into.last) = (j > 0, j + steps_now == units);
            let mut panels: [&[Line]; P] = [&[]; P];
            for (s, panel) in panels.iter_mut().enumerate() {
                *panel = &transposed[s * steps + j..][..steps_now];
            }
            microkernel::all_rows(simd, d, j / LANES, panels, &mut into);
        }
    }
}

/// Tiles of a backward product on their way out. The mask only after the last block of k.
struct IntoDx<'a, const P: usize> {
    d_x: [&'a mut [Line]; P],
    masks: [Option<&'a [Line]>; P],
    add: bool,
    last: bool,
}

impl<S: Simd, const P: usize> Sink<S, P> for IntoDx<'_, P> {
    #[inline(always)]
    fn start<const M: usize>(&mut self, simd: S, i: usize) -> Sums<S::Vector, M, P> {
        sums::start(simd, self.add, &self.d_x, i)
    }

    #[inline(always)]
    fn take<const M: usize>(&mut self, simd: S, i: usize, acc: Sums<S::Vector, M, P>) {
        for (t, d_x) in self.d_x.iter_mut().enumerate() {
            let d_x = &mut d_x[i..][..M];
            for (r, (acc, d_x)) in acc.iter().zip(d_x).enumerate() {
                let mut v = acc[t];
                if let (true, Some(mask)) = (self.last, self.masks[t]) {
                    v = simd.where_positive(simd.load(&mask[i + r].0), v);
                }
                simd.store(v, &mut d_x.0);
            }
        }
    }
}
