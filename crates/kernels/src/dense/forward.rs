//! `X·W`, plus bias, then the activation.

use super::{Activation, Parameters, activate, for_each_part, group, start, work_of};
use crate::batch::Input;
use crate::isa::Isa;
use crate::panels::{Panels, PanelsMut};
use crate::sgemm::blocking::{KC, pieces};
use crate::sgemm::microkernel::{self, Sums, Tile};
use crate::simd::{Kernel, LANES, Line, Simd};
use crate::sparse::{self, GROUP, NonZeros};

/// `out ← activation(x · kernel + bias)`; `out` is rows × units.
///
/// # Panics
/// If shapes differ.
#[track_caller]
pub fn forward(x: Input<'_>, layer: &Parameters, activation: Activation, out: &mut Panels) {
    let (rows, inputs) = x.shape();
    assert_eq!(inputs, layer.inputs(), "columns of x are the layer's inputs");
    assert_eq!((out.rows(), out.columns()), (rows, layer.units()), "shape of out");
    let work = work_of(x) * layer.kernel.panels() * LANES;
    for_each_part(out.view_mut(), work, &|i, q, out| {
        Isa::active().run(Forward { x, layer, activation, i, q, out });
    });
}

/// Rows from `i` on and panels from `q` on of a layer's output.
pub(super) struct Forward<'a, 'b> {
    pub(super) x: Input<'a>,
    pub(super) layer: &'a Parameters,
    pub(super) activation: Activation,
    pub(super) i: usize,
    pub(super) q: usize,
    pub(super) out: PanelsMut<'b>,
}

impl Kernel for Forward<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        match self.x {
            Input::Dense(x) => self.dense(simd, x),
            Input::Sparse(x, _) => self.sparse(simd, x),
        }
    }
}

impl Forward<'_, '_> {
    #[inline(always)]
    fn dense<S: Simd>(mut self, simd: S, x: &Panels) {
        let mut t = 0;
        while t < self.out.panels() {
            if S::TILE_PANELS == 2 && t + 2 <= self.out.panels() {
                self.dense_group::<S, 2>(simd, x, t);
                t += 2;
            } else {
                self.dense_group::<S, 1>(simd, x, t);
                t += 1;
            }
        }
    }

    #[inline(always)]
    fn dense_group<S: Simd, const P: usize>(&mut self, simd: S, x: &Panels, t: usize) {
        let &mut Self { layer, activation, i, q, ref mut out, .. } = self;
        let rows = out.rows();
        let (kernel, bias) = (group::<P>(&layer.kernel, q + t), group::<P>(&layer.bias, q + t));
        let mut into = IntoOut { out: out.group(t), i, bias, activation, add: false, last: false };
        // In pieces of k, so that a piece of the kernel's panels stays near for all rows.
        for (p, steps) in pieces(layer.inputs(), KC) {
            (into.add, into.last) = (p > 0, p + steps == layer.inputs());
            let kernel = kernel.map(|kernel| &kernel[p..p + steps]);
            microkernel::all_rows(simd, x.view(), (i, i + rows), p / LANES, kernel, &mut into);
        }
    }

    #[inline(always)]
    fn sparse<S: Simd>(mut self, simd: S, x: &NonZeros) {
        let mut t = 0;
        while t < self.out.panels() {
            if t + GROUP <= self.out.panels() {
                self.sparse_group::<S, GROUP>(simd, x, t);
                t += GROUP;
            } else {
                self.sparse_group::<S, 1>(simd, x, t);
                t += 1;
            }
        }
    }

    #[inline(always)]
    fn sparse_group<S: Simd, const P: usize>(&mut self, simd: S, x: &NonZeros, t: usize) {
        let Self { layer, activation, i, q, out, .. } = self;
        let (kernel, bias) = (group::<P>(&layer.kernel, *q + t), group::<P>(&layer.bias, *q + t));
        sparse::rows_times(simd, x, *i, kernel, bias, *activation, &mut out.group(t));
    }
}

/// Tiles of a forward product on their way out. Bias and activation only after the last piece of k.
struct IntoOut<'a, const P: usize> {
    out: [&'a mut [Line]; P],
    /// The row of x that is row 0 of `out`.
    i: usize,
    bias: [&'a [Line]; P],
    activation: Activation,
    add: bool,
    last: bool,
}

impl<S: Simd, const P: usize> Tile<S, P> for IntoOut<'_, P> {
    #[inline(always)]
    fn start<const M: usize>(&mut self, simd: S, i: usize) -> Sums<S::Vector, M, P> {
        start(simd, self.add, &self.out, i - self.i)
    }

    #[inline(always)]
    fn take<const M: usize>(&mut self, simd: S, i: usize, acc: Sums<S::Vector, M, P>) {
        for (t, out) in self.out.iter_mut().enumerate() {
            let out = &mut out[i - self.i..][..M];
            for (acc, out) in acc.iter().zip(out) {
                let mut v = acc[t];
                if self.last {
                    v = activate(simd, self.activation, simd.add(v, simd.load(&self.bias[t][0].0)));
                }
                simd.store(v, &mut out.0);
            }
        }
    }
}
