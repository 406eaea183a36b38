//! `D·Wᵀ`, masked by where X is positive.

use super::{Parameters, for_each_part, start, transposed_lines};
use crate::isa::Isa;
use crate::panels::{Panels, PanelsMut, PanelsRef};
use crate::sgemm::blocking::{KC, pieces};
use crate::sgemm::microkernel::{self, Sums, Tile};
use crate::sgemm::with_scratch;
use crate::simd::{Kernel, LANES, Line, Simd};

/// `d_x ← d · kernelᵀ`, then zero where `x` is not positive if `x` is what a ReLU gave (`mask`).
/// `d` is rows × units, `d_x` and `mask` are rows × inputs.
///
/// # Panics
/// If shapes differ.
#[track_caller]
pub fn backward(d: &Panels, layer: &Parameters, mask: Option<&Panels>, d_x: &mut Panels) {
    assert_eq!(d.columns(), layer.units(), "columns of d are the layer's units");
    check_backward(d.rows(), layer, mask, d_x);
    let work = d.rows() * d.columns() * layer.kernel.rows();
    for_each_part(d_x.view_mut(), work, &|i, q, d_x| {
        with_scratch(transposed_lines(layer), |transposed| {
            Isa::active().run(Backward {
                d: d.view(),
                i_of_d: i,
                layer,
                mask,
                i,
                q,
                d_x,
                transposed,
            });
        });
    });
}

#[track_caller]
pub(super) fn check_backward(rows: usize, layer: &Parameters, mask: Option<&Panels>, d_x: &Panels) {
    assert_eq!((d_x.rows(), d_x.columns()), (rows, layer.inputs()), "shape of d_x");
    if let Some(mask) = mask {
        assert_eq!((mask.rows(), mask.columns()), (rows, layer.inputs()), "shape of the mask");
    }
}

/// Rows from `i` on and panels from `q` on of the gradient of a layer's input.
pub(super) struct Backward<'a, 'b> {
    pub(super) d: PanelsRef<'a>,
    /// The row of `d` that belongs to row `i`.
    pub(super) i_of_d: usize,
    pub(super) layer: &'a Parameters,
    pub(super) mask: Option<&'a Panels>,
    pub(super) i: usize,
    pub(super) q: usize,
    pub(super) d_x: PanelsMut<'b>,
    /// Room for two panels of the kernel, transposed.
    pub(super) transposed: &'b mut [Line],
}

impl Kernel for Backward<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { d, i_of_d, layer, mask, i, q, mut d_x, transposed } = self;
        let mut t = 0;
        while t < d_x.panels() {
            let part = BackwardGroup { d, i_of_d, layer, mask, i, q: q + t };
            if S::TILE_PANELS == 2 && t + 2 <= d_x.panels() {
                part.run(simd, d_x.group::<2>(t), transposed);
                t += 2;
            } else {
                part.run(simd, d_x.group::<1>(t), transposed);
                t += 1;
            }
        }
    }
}

/// A few panels of [`Backward`].
struct BackwardGroup<'a> {
    d: PanelsRef<'a>,
    i_of_d: usize,
    layer: &'a Parameters,
    mask: Option<&'a Panels>,
    i: usize,
    q: usize,
}

impl BackwardGroup<'_> {
    #[inline(always)]
    fn run<S: Simd, const P: usize>(self, simd: S, d_x: [&mut [Line]; P], transposed: &mut [Line]) {
        let Self { d, i_of_d, layer, mask, i, q } = self;
        let (rows, units) = (d_x[0].len(), layer.units());
        // Sixteen rows of the kernel for each panel, transposed: panels of kernelᵀ.
        let steps = layer.kernel.panels() * LANES;
        // A layer without units has nothing to transpose, and chunks cannot be empty.
        for (t, transposed) in transposed.chunks_exact_mut(steps.max(LANES)).take(P).enumerate() {
            let (blocks, _) = transposed.as_chunks_mut::<LANES>();
            for (p, block) in blocks.iter_mut().enumerate() {
                let kernel = &layer.kernel.panel(p)[(q + t) * LANES..];
                let mut from = [&Line::ZERO.0; LANES];
                for (from, line) in from.iter_mut().zip(kernel) {
                    *from = &line.0;
                }
                simd.transpose(from, block);
            }
        }
        let mut masks = [None; P];
        if let Some(mask) = mask {
            for (t, lines) in masks.iter_mut().enumerate() {
                *lines = Some(&mask.panel(q + t)[i..i + rows]);
            }
        }
        let mut into = IntoDx { d_x, i: i_of_d, masks, add: false, last: false };
        for (p, steps_now) in pieces(units, KC) {
            (into.add, into.last) = (p > 0, p + steps_now == units);
            let mut kernel: [&[Line]; P] = [&[]; P];
            for (t, kernel) in kernel.iter_mut().enumerate() {
                *kernel = &transposed[t * steps + p..][..steps_now];
            }
            let range = (i_of_d, i_of_d + rows);
            microkernel::all_rows(simd, d, range, p / LANES, kernel, &mut into);
        }
    }
}

/// Tiles of a backward product on their way out. The mask only after the last piece of k.
struct IntoDx<'a, const P: usize> {
    d_x: [&'a mut [Line]; P],
    /// The row of d that is row 0 of `d_x`.
    i: usize,
    masks: [Option<&'a [Line]>; P],
    add: bool,
    last: bool,
}

impl<S: Simd, const P: usize> Tile<S, P> for IntoDx<'_, P> {
    #[inline(always)]
    fn start<const M: usize>(&mut self, simd: S, i: usize) -> Sums<S::Vector, M, P> {
        start(simd, self.add, &self.d_x, i - self.i)
    }

    #[inline(always)]
    fn take<const M: usize>(&mut self, simd: S, i: usize, acc: Sums<S::Vector, M, P>) {
        let i = i - self.i;
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
