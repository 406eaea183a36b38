//! Products with few columns and long sums, as dot products along k.
//!
//! In tiles of whole panels, ten columns leave six of sixteen lanes idle. Along k all lanes count, and each line of A that is
//! loaded serves all columns. The price is a sum over lanes for each number of C. 128 × 512 × 10 went from 67 to 99 GFLOP/s
//! with it, of a peak of 118 (2026-11-24, Zen 4).

#![expect(clippy::needless_range_loop, reason = "the indices become registers")]

use std::ops::Range;

use super::into_c::IntoC;
use super::product::Product;
use crate::layout::{MatrixRef, pack};
use crate::scratch::with_scratch;
use crate::simd::{Isa, Kernel, LANES, Line, Simd, prefetch};
use crate::tile::microkernel::{Sink, with_tile_rows};

/// Steps of k at once: twelve columns of B are 24 KiB then, which stay in L1 beside a few rows of A.
const STEPS: usize = 512;

/// Rows of A that are read once for each tile of columns, before the next.
const ROWS: usize = 64;

/// Whether it pays, for sums of `k` and for `n` columns: with AVX-512 from 64 steps on, with AVX2 from 256. One limit for both,
/// so that both give the same bits.
pub(super) fn pay(k: usize, n: usize) -> bool {
    n <= 12 && k >= 256
}

/// `A · B` for A with contiguous rows.
pub(super) fn multiply(isa: Isa, product: Product<'_, '_>) {
    product.for_each_block_of_k(STEPS, |a, b, into| {
        with_scratch(b.columns() * b.rows().div_ceil(LANES), |packed_b| {
            pack(isa, b.transpose(), packed_b);
            isa.run(Dots { a, b: packed_b, into });
        });
    });
}

struct Dots<'a, 'c> {
    a: MatrixRef<'a>,
    /// Bᵀ in panels: a line for each column and sixteen steps of k.
    b: &'a [Line],
    into: IntoC<'c>,
}

impl Kernel for Dots<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { a, b, mut into } = self;
        for i in (0..a.rows()).step_by(ROWS) {
            let rows = i..(i + ROWS).min(a.rows());
            let mut j = 0;
            while j < into.columns {
                let tile_columns = S::tile_rows(into.columns - j);
                let (rows, into) = (rows.clone(), into.at(0, 0));
                with_tile_rows!(S, tile_columns, N => {
                    simd.call(Columns::<N> { a, b, rows, j, into });
                });
                j += tile_columns;
            }
        }
    }
}

/// Some rows of A, by `N` columns from `j` on.
struct Columns<'a, 'c, const N: usize> {
    a: MatrixRef<'a>,
    b: &'a [Line],
    rows: Range<usize>,
    j: usize,
    into: IntoC<'c>,
}

impl<const N: usize> Kernel for Columns<'_, '_, N> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        let mut i = self.rows.start;
        while i < self.rows.end {
            if S::TILE_PANELS == 2 && i + 2 <= self.rows.end {
                self.tile::<S, 2>(simd, i);
                i += 2;
            } else {
                self.tile::<S, 1>(simd, i);
                i += 1;
            }
        }
    }
}

impl<const N: usize> Columns<'_, '_, N> {
    /// The tile of `M` rows from `i` on.
    #[inline(always)]
    fn tile<S: Simd, const M: usize>(&mut self, simd: S, i: usize) {
        let Self { a, b, j, ref mut into, .. } = *self;
        let mut acc = [[simd.splat(0.0); M]; N];
        let whole = a.columns() / LANES;
        let row = |i| a.row(i).expect("contiguous rows");
        // All cut to one length, so that the loop over k has no bounds to check.
        let (mut rows, mut ahead) = ([&[] as &[[f32; LANES]]; M], [&[] as &[[f32; LANES]]; M]);
        for r in 0..M {
            rows[r] = &row(i + r).as_chunks().0[..whole];
            ahead[r] = &row((i + M + r).min(a.rows() - 1)).as_chunks().0[..whole];
        }
        let (b, last) = b.split_at(whole * into.columns);
        for (q, b) in (0..whole).zip(b.chunks_exact(into.columns)) {
            let mut lines = [simd.splat(0.0); M];
            for r in 0..M {
                prefetch(&ahead[r][q][..1]);
                lines[r] = simd.load(&rows[r][q]);
            }
            step(simd, &mut acc, lines, &b[j..]);
        }
        if !last.is_empty() {
            let mut lines = [simd.splat(0.0); M];
            for r in 0..M {
                lines[r] = simd.load_part(&row(i + r)[whole * LANES..]);
            }
            step(simd, &mut acc, lines, &last[j..]);
        }
        let IntoC { alpha, beta, ref mut c, i: first, j: left, .. } = *into;
        let mut into = IntoC { alpha, beta, c: c.reborrow(), i: first, j: left + j, columns: N };
        // A loop of their own for the totals, short enough to be unrolled early. In one with what follows, the sums would go
        // through the stack in every step of k, at two thirds of the speed. All rows are handed over at once for the same
        // reason: a loop around `take`, row by row, would not be unrolled, and cost 128 × 512 × 10 a twentieth.
        let mut totals = [[simd.splat(0.0)]; M];
        for r in 0..M {
            let mut sums = [simd.splat(0.0); LANES];
            for t in 0..N {
                sums[t] = acc[t][r];
            }
            totals[r] = [simd.sums(sums)];
        }
        into.take(simd, i, totals);
    }
}

/// Sixteen steps of k: `acc[t][r] += a[r] · b[t]`, lane by lane.
#[inline(always)]
fn step<S: Simd, const N: usize, const M: usize>(
    simd: S,
    acc: &mut [[S::Vector; M]; N],
    a: [S::Vector; M],
    b: &[Line],
) {
    let b: &[Line; N] = b.first_chunk().expect("a line for each column of the tile");
    for t in 0..N {
        let b = simd.load(&b[t].0);
        for r in 0..M {
            acc[t][r] = simd.mul_add(a[r], b, acc[t][r]);
        }
    }
}
