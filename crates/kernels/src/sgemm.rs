//! `C ← α·op(A)·op(B) + β·C` for any sizes and strides.
//!
//! The five loops of Goto and van de Geijn ("Anatomy of High-Performance Matrix Multiplication", 2008) around
//! the `microkernel`, with two deviations. Both operands are packed into the same panels of sixteen columns,
//! A along k or across it, whichever is a copy (`packing`). And threads don't share packed blocks: C is cut
//! into parts of rows, or of columns where rows are few, each part is a product of its own, and what that packs twice
//! (1 / rows + 1 / columns of a part) is less than a barrier costs.

mod block;
pub(crate) mod blocking;
mod dots;
mod into_c;
pub(crate) mod microkernel;
mod narrow;
pub(crate) mod packing;

use std::cell::RefCell;

use crate::isa::Isa;
use crate::matrix::{MatrixMut, MatrixRef};
use crate::parallel;
use crate::simd::{LANES, Line};
use block::Block;
use blocking::{KC, MC, NC, pieces};
use into_c::IntoC;

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
    let mut product = Product { alpha, a, b, beta, c };
    if product.c.column_stride() != 1 && product.c.row_stride() == 1 {
        product = product.transpose();
    }
    let (path, product) = Path::of(isa, product);
    // Each part packs for itself: no more parts than threads. Twice as many, for large products, cost 1024³ and 2048³ 3 %.
    let pieces = parallel::pieces_for(product.work()).min(rayon::current_num_threads());
    product.compute_in_parallel(isa, path, pieces);
}

/// How a product is computed. Each path adds in an order of its own, so it is chosen once, from the whole product: a part,
/// which may have fewer rows or columns, takes the path of the whole, and its bits don't depend on where the cuts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Path {
    /// By matrixmultiply, for a CPU without a microkernel of ours.
    Matrixmultiply,
    /// Few columns and long sums: `dots`.
    Dots,
    /// At most sixteen rows: `narrow::wide_b`.
    WideB,
    /// At most sixteen columns: `narrow::tall_a`.
    TallA,
    /// Everything else: `block`.
    Blocks,
}

impl Path {
    /// The path of a product, and the product, which may have been transposed for it.
    fn of<'a, 'c>(isa: Isa, product: Product<'a, 'c>) -> (Self, Product<'a, 'c>) {
        let Product { a, b, .. } = product;
        let (m, k, n) = (a.rows(), a.columns(), b.columns());
        if !isa.has_microkernel() {
            (Self::Matrixmultiply, product)
        } else if has_rows(a) && dots::pay(k, n) {
            (Self::Dots, product)
        } else if m <= LANES && has_rows(b) {
            (Self::WideB, product)
        } else if n <= LANES && has_rows(a.transpose()) {
            (Self::WideB, product.transpose())
        } else if n <= LANES && has_rows(a) {
            (Self::TallA, product)
        } else {
            (Self::Blocks, product)
        }
    }
}

/// Whether the matrix lies row after row.
fn has_rows(matrix: MatrixRef<'_>) -> bool {
    matrix.column_stride() == 1 && matrix.row_stride() >= matrix.columns()
}

/// Rows of C that a part keeps when it could be cut across the columns instead.
const ROWS_EACH: usize = 48;

/// Parts of columns meet in a cache line of every row of C and take it from each other, which costs about what packing
/// so many numbers does; parts of rows pack B, k × n, once more, those of columns A. 128 × 10 × 512 lost a fifth on two threads
/// when it was cut across its columns, 256 × 2048 × 2048 as much across its rows.
const SHARED_LINE: usize = 4000;

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
    /// `Cᵀ ← α·Bᵀ·Aᵀ + β·Cᵀ`: the same product. Nothing moves.
    fn transpose(self) -> Self {
        let Self { alpha, a, b, beta, c } = self;
        Self { alpha, a: b.transpose(), b: a.transpose(), beta, c: c.transpose() }
    }

    /// Multiply-adds.
    fn work(&self) -> usize {
        self.a.rows().saturating_mul(self.a.columns()).saturating_mul(self.b.columns())
    }

    fn compute_in_parallel(self, isa: Isa, path: Path, pieces: usize) {
        let Self { alpha, a, b, beta, c } = self;
        let (m, k, n) = (a.rows(), a.columns(), b.columns());
        // Cut between whole tiles and panels, in proportion to the pieces.
        let by_rows = m >= n || m >= ROWS_EACH * pieces && k * n <= (k + SHARED_LINE) * m;
        let side = if by_rows { m } else { n };
        let cut = (side * (pieces / 2) / pieces).next_multiple_of(LANES);
        if pieces == 1 || cut >= side {
            return Product { alpha, a, b, beta, c }.compute(isa, path);
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
            || first.compute_in_parallel(isa, path, pieces / 2),
            || second.compute_in_parallel(isa, path, pieces - pieces / 2),
        );
    }

    fn compute(self, isa: Isa, path: Path) {
        match path {
            Path::Matrixmultiply => self.compute_by_matrixmultiply(),
            Path::Dots => dots::dots(isa, self),
            Path::WideB => narrow::wide_b(isa, self),
            Path::TallA => narrow::tall_a(isa, self),
            Path::Blocks => self.compute_in_blocks(isa),
        }
    }

    fn compute_in_blocks(self, isa: Isa) {
        let Self { alpha, a, b, beta, mut c } = self;
        let (m, k, n) = (a.rows(), a.columns(), b.columns());
        // A in the role (see `microkernel`) in which packing is a copy.
        let a_by_rows = a.column_stride() == 1 || a.row_stride() != 1;
        for (j, columns) in pieces(n, NC) {
            for (p, steps) in pieces(k, KC) {
                let beta = if p == 0 { beta } else { 1.0 };
                let b = b.block(p, j, steps, columns);
                with_scratch(steps * columns.div_ceil(LANES), |packed_b| {
                    let mut b = Some(b);
                    for (i, rows) in pieces(m, MC) {
                        let a = a.block(i, p, rows, steps);
                        let lines = if a_by_rows {
                            rows * steps.div_ceil(LANES)
                        } else {
                            steps * rows.div_ceil(LANES)
                        };
                        with_scratch(lines, |packed_a| {
                            let into = IntoC { alpha, beta, c: c.reborrow(), i, j, columns };
                            let b = b.take();
                            isa.run(Block { a, a_by_rows, packed_a, b, packed_b, into });
                        });
                    }
                });
            }
        }
    }

    fn compute_by_matrixmultiply(self) {
        let Self { alpha, a, b, beta, mut c } = self;
        let stride = |s: usize| isize::try_from(s).expect("a stride inside a slice");
        let (rsc, csc) = (stride(c.row_stride()), stride(c.column_stride()));
        // SAFETY: the pointers and strides are those of views all of whose elements lie inside their slices;
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
                c.as_mut_ptr(),
                rsc,
                csc,
            );
        }
    }
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
