//! `C ← α·op(A)·op(B) + β·C` for any sizes and strides.
//!
//! The five loops of Goto and van de Geijn ("Anatomy of High-Performance Matrix Multiplication", 2008) around
//! the `microkernel`, with two deviations. Both operands are packed into the same panels of sixteen columns,
//! A along k or across it, whichever is a copy (`packing`). And threads don't share packed blocks: C is cut
//! into a grid of parts along its longer side, each part is a product of its own, and what that packs twice
//! (1 / rows + 1 / columns of a part) is less than a barrier costs.

pub(crate) mod blocking;
pub(crate) mod microkernel;
mod narrow;
pub(crate) mod packing;

use std::cell::RefCell;

use crate::isa::{self, Isa};
use crate::matrix::{MatrixMut, MatrixRef};
use crate::panels::PanelsRef;
use crate::parallel;
use crate::simd::{Kernel, LANES, Line, Simd};
use blocking::{KC, MC, NC, NEAR_LINES, PREFETCH_STEPS, pieces};
use microkernel::{Sums, Tile, lines};

/// `C ← α·A·B + β·C` with `A` m × k, `B` k × n, `C` m × n. A transposed operand is a transposed view.
///
/// `β = 0` overwrites C, whatever it held; `α = 0` or `k = 0` leave `β·C` and don't read A and B. Large products are
/// split between the threads of the current rayon pool; the bits are the same for any number of them.
///
/// # Panics
/// If the shapes don't fit each other.
#[track_caller]
pub fn sgemm(alpha: f32, a: MatrixRef<'_>, b: MatrixRef<'_>, beta: f32, c: MatrixMut<'_>) {
    sgemm_on(Isa::active(), alpha, a, b, beta, c);
}

/// [`sgemm`] on a chosen instruction set.
///
/// # Panics
/// If the shapes don't fit each other.
#[track_caller]
pub fn sgemm_on(
    isa: Isa,
    alpha: f32,
    a: MatrixRef<'_>,
    b: MatrixRef<'_>,
    beta: f32,
    c: MatrixMut<'_>,
) {
    assert!(
        a.rows() == c.rows() && a.columns() == b.rows() && b.columns() == c.columns(),
        "sgemm: {} x {} times {} x {} is not {} x {}",
        a.rows(),
        a.columns(),
        b.rows(),
        b.columns(),
        c.rows(),
        c.columns(),
    );
    if c.rows() == 0 || c.columns() == 0 {
        return;
    }
    if alpha == 0.0 || a.columns() == 0 {
        scale(beta, c);
        return;
    }
    // Rows of C are written sixteen at a time along its contiguous side: Cᵀ = Bᵀ·Aᵀ where that is the other.
    let product = if c.column_stride() != 1 && c.row_stride() == 1 {
        Product { alpha, a: b.transpose(), b: a.transpose(), beta, c: c.transpose() }
    } else {
        Product { alpha, a, b, beta, c }
    };
    // Each part packs for itself: no more parts than threads, unless they are large enough not to notice.
    let work = product.work();
    let threads = rayon::current_num_threads();
    let most = if work > LARGE { 2 * threads } else { threads };
    let pieces = parallel::pieces_for(work).min(most);
    product.compute_in_parallel(isa, pieces);
}

/// Whether the matrix lies row after row.
fn has_rows(matrix: MatrixRef<'_>) -> bool {
    matrix.column_stride() == 1 && matrix.row_stride() >= matrix.columns()
}

/// Multiply-adds of a product of which half a thread's share is still large beside its packing: 640³.
const LARGE: usize = 1 << 28;

fn scale(beta: f32, mut c: MatrixMut<'_>) {
    for i in 0..c.rows() {
        for j in 0..c.columns() {
            let c = c.at(i, j);
            *c = if beta == 0.0 { 0.0 } else { beta * *c };
        }
    }
}

/// A part of C and what it takes to compute it.
struct Product<'a, 'c> {
    alpha: f32,
    a: MatrixRef<'a>,
    b: MatrixRef<'a>,
    beta: f32,
    c: MatrixMut<'c>,
}

impl Product<'_, '_> {
    /// Multiply-adds.
    fn work(&self) -> usize {
        self.a.rows().saturating_mul(self.a.columns()).saturating_mul(self.b.columns())
    }

    fn compute_in_parallel(self, isa: Isa, pieces: usize) {
        let Self { alpha, a, b, beta, c } = self;
        let (m, k, n) = (a.rows(), a.columns(), b.columns());
        // Cut across the longer side, between whole tiles and panels, in proportion to the pieces.
        let by_rows = m >= n;
        let side = if by_rows { m } else { n };
        let cut = (side * (pieces / 2) / pieces).next_multiple_of(LANES);
        if pieces == 1 || cut >= side {
            return Product { alpha, a, b, beta, c }.compute(isa);
        }
        let (first, second) = if by_rows {
            let (top, bottom) = c.split_at_row(cut);
            (
                Product { alpha, a: a.block(0, 0, cut, k), b, beta, c: top },
                Product { alpha, a: a.block(cut, 0, m - cut, k), b, beta, c: bottom },
            )
        } else {
            let (left, right) = c.split_at_column(cut);
            (
                Product { alpha, a, b: b.block(0, 0, k, cut), beta, c: left },
                Product { alpha, a, b: b.block(0, cut, k, n - cut), beta, c: right },
            )
        };
        rayon::join(
            || first.compute_in_parallel(isa, pieces / 2),
            || second.compute_in_parallel(isa, pieces - pieces / 2),
        );
    }

    fn compute(self, isa: Isa) {
        if !isa.has_microkernel() {
            return self.compute_by_matrixmultiply();
        }
        let Self { alpha, a, b, beta, mut c } = self;
        let (m, k, n) = (a.rows(), a.columns(), b.columns());
        // One of A and B would be packed to be read once: not worth it.
        if m <= LANES && has_rows(b) {
            return narrow::wide_b(isa, alpha, a, b, beta, c);
        }
        if n <= LANES && has_rows(a.transpose()) {
            return narrow::wide_b(isa, alpha, b.transpose(), a.transpose(), beta, c.transpose());
        }
        if n <= LANES && has_rows(a) {
            return narrow::tall_a(isa, alpha, a, b, beta, c);
        }
        // A in the role (see `microkernel`) in which packing is a copy.
        let a_by_rows = a.column_stride() == 1 || a.row_stride() != 1;
        for (j, columns) in pieces(n, NC) {
            for (p, steps) in pieces(k, KC) {
                let beta = if p == 0 { beta } else { 1.0 };
                let b = b.block(p, j, steps, columns);
                with_scratch(steps * columns.div_ceil(LANES), |packed_b| {
                    packing::pack(b, packed_b);
                    for (i, rows) in pieces(m, MC) {
                        let a = a.block(i, p, rows, steps);
                        let lines = if a_by_rows {
                            rows * steps.div_ceil(LANES)
                        } else {
                            steps * rows.div_ceil(LANES)
                        };
                        with_scratch(lines, |packed_a| {
                            let c = c.reborrow();
                            let prefetch = steps >= PREFETCH_STEPS;
                            let into = IntoC { alpha, beta, c, i, j, columns, prefetch };
                            isa.run(Block { a, a_by_rows, packed_a, packed_b, into });
                        });
                    }
                });
            }
        }
    }

    /// The whole part by matrixmultiply, for a CPU without a microkernel of ours.
    fn compute_by_matrixmultiply(self) {
        let Self { alpha, a, b, beta, mut c } = self;
        let stride = |s: usize| isize::try_from(s).expect("a stride inside a slice");
        let (rsc, csc) = (stride(c.row_stride()), stride(c.column_stride()));
        // SAFETY: the pointers and strides are those of views that lie inside their slices;
        // C is ours alone and no element of it has two places (checked in `MatrixMut`).
        unsafe {
            matrixmultiply::sgemm(
                a.rows(),
                a.columns(),
                b.columns(),
                alpha,
                a.as_slice().as_ptr(),
                stride(a.row_stride()),
                stride(a.column_stride()),
                b.as_slice().as_ptr(),
                stride(b.row_stride()),
                stride(b.column_stride()),
                beta,
                c.at(0, 0),
                rsc,
                csc,
            );
        }
    }
}

/// One block of A, packed on the way, times one packed block of B, into a block of C.
struct Block<'a, 'b, 'c> {
    a: MatrixRef<'a>,
    a_by_rows: bool,
    packed_a: &'b mut [Line],
    packed_b: &'b [Line],
    into: IntoC<'c>,
}

impl Kernel for Block<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { a, a_by_rows, packed_a, packed_b, mut into } = self;
        let IntoC { i, j, columns, .. } = into;
        let (rows, steps) = (a.rows(), a.columns());
        // A tile's rows of A are packed as a matrix of their own, so that a tile reads one run of memory.
        let tile = |from: usize| {
            if a_by_rows { S::tile_rows(rows - from) } else { LANES.min(rows - from) }
        };
        let place = |from: usize, count: usize| {
            if a_by_rows {
                let width = steps.div_ceil(LANES);
                from * width..(from + count) * width
            } else {
                from / LANES * steps..(from / LANES + 1) * steps
            }
        };
        let mut from = 0;
        while from < rows {
            let count = tile(from);
            let a = a.block(from, 0, count, steps);
            let a = if a_by_rows { a } else { a.transpose() };
            packing::pack(a, &mut packed_a[place(from, count)]);
            from += count;
        }
        // Which goes fastest: panels along a few rows of C, so that C is written row after row, if all of B is near;
        // else rows down a panel of B, which stays in L1.
        let panels_first = packed_b.len() <= NEAR_LINES;
        let panels = packed_b.len() / steps;
        let panel = |q: usize| &packed_b[q * steps..][..steps];
        let (mut q, mut from) = (0, 0);
        while q < panels && from < rows {
            let count = tile(from);
            let a = &packed_a[place(from, count)];
            let wide = if q + 1 < panels { S::TILE_PANELS } else { 1 };
            into.i = i + from;
            into.j = j + q * LANES;
            into.columns = columns - q * LANES;
            match (a_by_rows, wide) {
                (true, 2) => {
                    let b = [panel(q), panel(q + 1)];
                    microkernel::all_rows(
                        simd,
                        PanelsRef::new(a, count),
                        (0, count),
                        0,
                        b,
                        &mut into,
                    );
                }
                (true, _) => {
                    let b = [panel(q)];
                    microkernel::all_rows(
                        simd,
                        PanelsRef::new(a, count),
                        (0, count),
                        0,
                        b,
                        &mut into,
                    );
                }
                (false, 2) => {
                    let b = lines([panel(q), panel(q + 1)]);
                    microkernel::all_columns(simd, a, (0, count), b, &mut into);
                }
                (false, _) => {
                    microkernel::all_columns(simd, a, (0, count), lines([panel(q)]), &mut into);
                }
            }
            if panels_first {
                q += wide;
                if q == panels {
                    (q, from) = (0, from + count);
                }
            } else {
                from += count;
                if from == rows {
                    (q, from) = (q + wide, 0);
                }
            }
        }
    }
}

/// Finished tiles go to C from `(i, j)` on.
struct IntoC<'c> {
    alpha: f32,
    beta: f32,
    c: MatrixMut<'c>,
    i: usize,
    j: usize,
    /// Columns from `j` on: of a tile, what is beyond them is padding.
    columns: usize,
    /// Whether a tile takes long enough for what is asked for at its start to arrive before its end.
    prefetch: bool,
}

impl<S: Simd, const P: usize> Tile<S, P> for IntoC<'_> {
    /// Asks for the tile of C: it arrives while the sums are made.
    #[inline(always)]
    fn start<const M: usize>(&mut self, simd: S, i: usize) -> Sums<S::Vector, M, P> {
        if self.prefetch && self.c.column_stride() == 1 {
            for r in 0..M {
                let columns = self.columns.min(P * LANES);
                isa::prefetch(self.c.row_part(self.i + i + r, self.j, columns));
            }
        }
        [[simd.splat(0.0); P]; M]
    }

    #[inline(always)]
    fn take<const M: usize>(&mut self, simd: S, i: usize, acc: Sums<S::Vector, M, P>) {
        for t in 0..P {
            let mut panel = [simd.splat(0.0); M];
            for (panel, acc) in panel.iter_mut().zip(&acc) {
                *panel = simd.mul(simd.splat(self.alpha), acc[t]);
            }
            let columns = LANES.min(self.columns - t * LANES);
            self.take_panel(simd, self.i + i, self.j + t * LANES, columns, panel);
        }
    }
}

impl IntoC<'_> {
    /// `M` rows and `columns` columns of C from `(i, j)` on.
    #[inline(always)]
    fn take_panel<S: Simd, const M: usize>(
        &mut self,
        simd: S,
        i: usize,
        j: usize,
        columns: usize,
        products: [S::Vector; M],
    ) {
        if columns == LANES && self.c.column_stride() == 1 {
            let beta = simd.splat(self.beta);
            for (product, c) in products.into_iter().zip(self.c.tile::<M, LANES>(i, j)) {
                let v = if self.beta == 0.0 {
                    product
                } else {
                    simd.mul_add(beta, simd.load(c), product)
                };
                simd.store(v, c);
            }
            return;
        }
        if self.c.column_stride() == 1 {
            for (r, product) in products.into_iter().enumerate() {
                merge(simd, self.c.row_part(i + r, j, columns), product, self.beta);
            }
            return;
        }
        // C has no contiguous rows: through a tile on the stack, with its columns or number by number.
        let mut tile = [Line::ZERO; LANES];
        for (line, product) in tile.iter_mut().zip(products) {
            simd.store(product, &mut line.0);
        }
        let mut transposed = [Line::ZERO; LANES];
        simd.transpose(tile.each_ref().map(|line| &line.0), &mut transposed);
        for (s, column) in transposed.iter().enumerate().take(columns) {
            if self.c.row_stride() == 1 {
                let product = simd.load(&column.0);
                merge(simd, self.c.column_part(i, j + s, M), product, self.beta);
            } else {
                for (r, product) in column.0.iter().enumerate().take(M) {
                    let c = std::slice::from_mut(self.c.at(i + r, j + s));
                    merge(simd, c, simd.splat(*product), self.beta);
                }
            }
        }
    }
}

/// `c ← product + β·c` for the lanes that c has.
#[inline(always)]
fn merge<S: Simd>(simd: S, c: &mut [f32], product: S::Vector, beta: f32) {
    let v = if beta == 0.0 {
        product
    } else {
        simd.mul_add(simd.splat(beta), simd.load_part(c), product)
    };
    simd.store_part(v, c);
}

thread_local! {
    /// Buffers for packed blocks, kept by each thread: one for B, one for A.
    static SCRATCH: RefCell<Vec<Vec<Line>>> = const { RefCell::new(Vec::new()) };
}

/// Runs `body` on a buffer of `lines` lines of any content. The buffers are kept: nothing is
/// allocated once they have grown. Nested calls get buffers of their own.
pub(crate) fn with_scratch<R>(lines: usize, body: impl FnOnce(&mut [Line]) -> R) -> R {
    let mut buffer = SCRATCH.with_borrow_mut(Vec::pop).unwrap_or_default();
    if buffer.len() < lines {
        buffer.resize(lines, Line::ZERO);
    }
    let result = body(&mut buffer[..lines]);
    SCRATCH.with_borrow_mut(|buffers| buffers.push(buffer));
    result
}
