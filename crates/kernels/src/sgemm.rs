//! `C ← α·op(A)·op(B) + β·C` for any sizes and strides.
//!
//! The letters are BLAS's: C is m × n, a sum has k steps; i counts rows of C, j its columns, p steps of k. The loops are those
//! of Goto and van de Geijn ("Anatomy of High-Performance Matrix Multiplication", 2008):
//!
//! ```text
//!           for each part of C, by rows or by columns:          a task (1)             here
//! LOOP 5      for each block of NC columns of B:                                       `block::multiply`
//! LOOP 4        for each block of KC steps of k:                packs B (2)
//! LOOP 3          for each block of MC rows of A:               packs A (2)
//! LOOP 2            for a few panels of B, or all of them (3):                         `block::Block`
//! LOOP 1              for each tile of rows of A:
//! LOOP 0                for each step of k:                     registers += a · b     `tile::microkernel`
//!                       C ← α·registers + β·C                                          `into_c`
//! ```
//!
//! Where we deviate from them, and why:
//!
//! 1. Threads don't share packed blocks. Each part is a product of its own, and what that packs twice (1 / rows + 1 / columns
//!    of a part) is less than a barrier costs.
//! 2. Both operands are packed into the same panels of sixteen columns, A along k or across it, whichever is a copy
//!    (`layout::packing`), and by their first use where that can be (`block`).
//! 3. Which of the two inner loops is the outer one depends on whether the packed B is near (`blocking::NEAR_LINES`).
//! 4. Products with few rows or columns don't go through these loops: `narrow`, `dots`.

mod block;
mod dots;
mod into_c;
mod narrow;
mod product;

use crate::layout::{MatrixMut, MatrixRef};
use crate::parallel::{self, Side, Split};
use crate::simd::{Isa, LANES};
use product::Product;

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
    let parts = parallel::tasks_for(product.work()).min(rayon::current_num_threads());
    compute_in_parallel(isa, path, product, parts);
}

fn scale(beta: f32, mut c: MatrixMut<'_>) {
    for i in 0..c.rows() {
        for j in 0..c.columns() {
            let c = c.at(i, j);
            *c = if beta == 0.0 { 0.0 } else { beta * *c };
        }
    }
}

/// How a product is computed. Each path adds in an order of its own, so it is chosen once, from the whole product: a part,
/// which may have fewer rows or columns, takes the path of the whole, and its bits don't depend on where the cuts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Path {
    /// By matrixmultiply, for a CPU without a microkernel of ours.
    Matrixmultiply,
    /// Few columns and long sums.
    Dots,
    /// At most sixteen rows.
    FewRows,
    /// At most sixteen columns.
    FewColumns,
    /// Everything else.
    Blocks,
}

impl Path {
    /// The path of a product, and the product, which may have been transposed for it.
    fn of<'a, 'c>(isa: Isa, product: Product<'a, 'c>) -> (Self, Product<'a, 'c>) {
        let Product { a, b, .. } = product;
        let (m, k, n) = (a.rows(), a.columns(), b.columns());
        if !isa.has_microkernel() {
            (Self::Matrixmultiply, product)
        } else if a.has_rows() && dots::pay(k, n) {
            (Self::Dots, product)
        } else if m <= LANES && b.has_rows() {
            (Self::FewRows, product)
        } else if n <= LANES && a.transpose().has_rows() {
            (Self::FewRows, product.transpose())
        } else if n <= LANES && a.has_rows() {
            (Self::FewColumns, product)
        } else {
            (Self::Blocks, product)
        }
    }
}

/// Rows of C that a part keeps when it could be cut across the columns instead.
const ROWS_EACH: usize = 48;

/// Parts of columns meet in a cache line of every row of C and take it from each other, which costs about what packing
/// so many numbers does; parts of rows pack B, k × n, once more, those of columns A. 128 × 10 × 512 lost a fifth on two threads
/// when it was cut across its columns, 256 × 2048 × 2048 as much across its rows.
const SHARED_LINE: usize = 4000;

/// Cuts between whole tiles and panels, in proportion to the parts.
fn compute_in_parallel(isa: Isa, path: Path, product: Product<'_, '_>, parts: usize) {
    let (m, k, n) = (product.a.rows(), product.a.columns(), product.b.columns());
    let by_rows = m >= n || m >= ROWS_EACH * parts && k * n <= (k + SHARED_LINE) * m;
    let side = if by_rows { Side::Rows } else { Side::Columns };
    let cut = (product.len(side) * (parts / 2) / parts).next_multiple_of(LANES);
    if parts == 1 || cut >= product.len(side) {
        return compute(isa, path, product);
    }
    let (first, second) = product.split_at(side, cut);
    parallel::fork(
        || compute_in_parallel(isa, path, first, parts / 2),
        || compute_in_parallel(isa, path, second, parts - parts / 2),
    );
}

fn compute(isa: Isa, path: Path, product: Product<'_, '_>) {
    match path {
        Path::Matrixmultiply => multiply_by_matrixmultiply(product),
        Path::Dots => dots::multiply(isa, product),
        Path::FewRows => narrow::multiply_few_rows(isa, product),
        Path::FewColumns => narrow::multiply_few_columns(isa, product),
        Path::Blocks => block::multiply(isa, product),
    }
}

fn multiply_by_matrixmultiply(product: Product<'_, '_>) {
    let Product { alpha, a, b, beta, mut c } = product;
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
