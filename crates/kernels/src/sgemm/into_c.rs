//! Where the tiles of a product end: `C ← α·tile + β·C`.
//!
//! Whole tiles and edges are two sinks, chosen before a tile is begun. In one function, the code for the edges costs the
//! whole tiles their registers: sums that are indexed in a loop too long to be unrolled early go through the
//! stack. 128 × 10 × 512 went from 0.72 to 1.0 of the best rival without it.

#![expect(clippy::needless_range_loop, reason = "the indices become registers")]

use crate::layout::MatrixMut;
use crate::simd::{LANES, Line, Simd, prefetch};
use crate::tile::blocking::PREFETCH_STEPS;
use crate::tile::microkernel::{Sink, Sums};

/// Where in C the next tile belongs.
pub(super) struct IntoC<'c> {
    pub(super) alpha: f32,
    pub(super) beta: f32,
    pub(super) c: MatrixMut<'c>,
    /// Row of C that is row 0 of the tiles.
    pub(super) i: usize,
    /// Column of C that is column 0 of the tile.
    pub(super) j: usize,
    /// Columns from `j` on: of a tile, what is beyond them is padding.
    pub(super) columns: usize,
}

impl IntoC<'_> {
    /// The tile from panel `q` on of the columns from `j` on.
    #[inline(always)]
    pub(super) fn at(&mut self, i: usize, q: usize) -> IntoC<'_> {
        let skip = q * LANES;
        let (j, columns) = (self.j + skip, self.columns - skip);
        IntoC {
            alpha: self.alpha,
            beta: self.beta,
            c: self.c.reborrow(),
            i: self.i + i,
            j,
            columns,
        }
    }

    /// Whether `panels` panels are there in full, and the rows of C contiguous.
    #[inline(always)]
    pub(super) fn has_whole(&self, panels: usize) -> bool {
        self.columns >= panels * LANES && self.c.column_stride() == 1
    }
}

/// Tiles of whole panels, to contiguous rows.
pub(super) struct WholePanels<'c> {
    pub(super) into: IntoC<'c>,
    /// Steps of k before the tile is finished.
    pub(super) steps: usize,
}

impl<S: Simd, const P: usize> Sink<S, P> for WholePanels<'_> {
    /// A row of C every sixteen steps: all at once, they would keep A and B waiting.
    #[inline(always)]
    fn ask<const M: usize>(&mut self, i: usize, q: usize) {
        if q < M && self.steps >= PREFETCH_STEPS {
            prefetch(self.into.c.row_part(self.into.i + i + q, self.into.j, P * LANES));
        }
    }

    #[inline(always)]
    fn take<const M: usize>(&mut self, simd: S, i: usize, acc: Sums<S::Vector, M, P>) {
        let IntoC { alpha, beta, ref mut c, i: first, j, .. } = self.into;
        // One branch a tile, and for short sums a tenth of their arithmetic.
        if alpha == 1.0 && beta == 0.0 {
            for t in 0..P {
                let rows = c.tile::<M, LANES>(first + i, j + t * LANES);
                for (r, row) in rows.into_iter().enumerate() {
                    simd.store(acc[r][t], row);
                }
            }
            return;
        }
        for t in 0..P {
            let rows = c.tile::<M, LANES>(first + i, j + t * LANES);
            for (r, row) in rows.into_iter().enumerate() {
                let mut v = simd.mul(simd.splat(alpha), acc[r][t]);
                if beta != 0.0 {
                    v = simd.mul_add(simd.splat(beta), simd.load(row), v);
                }
                simd.store(v, row);
            }
        }
    }
}

/// Panels that are not whole, or a C without contiguous rows.
impl<S: Simd, const P: usize> Sink<S, P> for IntoC<'_> {
    #[inline(always)]
    fn take<const M: usize>(&mut self, simd: S, i: usize, acc: Sums<S::Vector, M, P>) {
        for t in 0..P {
            let mut products = [simd.splat(0.0); M];
            for (product, acc) in products.iter_mut().zip(&acc) {
                *product = simd.mul(simd.splat(self.alpha), acc[t]);
            }
            let columns = LANES.min(self.columns - t * LANES);
            self.take_panel(simd, self.i + i, self.j + t * LANES, columns, products);
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
