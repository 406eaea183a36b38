//! Products in which one operand would be packed to be read only once: those with at most sixteen rows or columns.
//! The narrow operand is packed, it is small; the other is read where it lies.

use super::into_c::{IntoC, WholePanels};
use super::product::Product;
use crate::layout::{MatrixRef, Pack, pack};
use crate::scratch::with_scratch;
use crate::simd::{Isa, Kernel, LANES, Line, Simd};
use crate::tile::blocking::KC;
use crate::tile::microkernel::{self, Sink, with_tile_rows};

/// `A · B` for A with at most sixteen rows and B with contiguous rows: lines of B are read in place. Each tile has
/// all rows of C, so nothing is computed for padding.
pub(super) fn multiply_few_rows(isa: Isa, product: Product<'_, '_>) {
    product.for_each_block_of_k(KC, |a, b, into| {
        let (a, steps) = (a.transpose(), b.rows());
        with_scratch(2 * steps, |scratch| {
            let (packed_a, edge) = scratch.split_at_mut(steps);
            pack(isa, a, packed_a);
            isa.run(FewRows { a: packed_a, rows: a.columns(), b, edge, into });
        });
    });
}

struct FewRows<'a, 'c> {
    /// Aᵀ: a line for each step of k.
    a: &'a [Line],
    rows: usize,
    b: MatrixRef<'a>,
    /// Room for the last columns of B, if they are fewer than sixteen.
    edge: &'a mut [Line],
    into: IntoC<'c>,
}

impl Kernel for FewRows<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { a, rows, b, edge, mut into } = self;
        let steps = b.rows();
        let mut j = 0;
        while j < b.columns() {
            let columns = b.columns() - j;
            if columns < LANES {
                Pack { from: b.block(0, j, steps, columns), to: &mut *edge }.run(simd);
            }
            let panels = if S::TILE_PANELS == 2 && columns >= 2 * LANES { 2 } else { 1 };
            let mut r = 0;
            while r < rows {
                let tile_rows = S::tile_rows(rows - r);
                let into = into.at(r, j / LANES);
                with_tile_rows!(S, tile_rows, M => {
                    simd.call(LongTile::<M> { a, r, b, j, panels, edge, into });
                });
                r += tile_rows;
            }
            j += panels * LANES;
        }
    }
}

/// `M` rows of A, from row `r` on, times `panels` panels of B from column `j` on, along all of k.
struct LongTile<'a, 'b, 'c, const M: usize> {
    a: &'a [Line],
    r: usize,
    b: MatrixRef<'a>,
    j: usize,
    panels: usize,
    /// The panel, where it has fewer than sixteen columns.
    edge: &'b [Line],
    into: IntoC<'c>,
}

impl<const M: usize> Kernel for LongTile<'_, '_, '_, M> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { a, r, b, j, panels, edge, into } = self;
        let lines = b.as_slice()[j..].chunks(b.row_stride());
        if S::TILE_PANELS == 2 && panels == 2 {
            let lines = lines.map(|row| {
                let (lines, _) = row.as_chunks::<LANES>();
                [&lines[0], &lines[1]]
            });
            tile::<S, M, 2>(simd, a, r, lines, into);
        } else if into.columns >= LANES {
            let lines = lines.map(|row| [row.first_chunk().expect("a whole line of B")]);
            tile::<S, M, 1>(simd, a, r, lines, into);
        } else {
            tile::<S, M, 1>(simd, a, r, microkernel::lines([edge]), into);
        }
    }
}

/// `M` rows of A, from row `r` on, times `P` panels of B, into C as a whole tile where it has room for one.
#[inline(always)]
fn tile<'b, S: Simd, const M: usize, const P: usize>(
    simd: S,
    a: &[Line],
    r: usize,
    b: impl Iterator<Item = [&'b [f32; LANES]; P]>,
    mut into: IntoC<'_>,
) {
    if into.has_whole(P) {
        let mut into = WholePanels { into, steps: a.len() };
        microkernel::columns_tile::<S, M, P>(simd, a, r, b, 0, &mut into);
    } else {
        microkernel::columns_tile::<S, M, P>(simd, a, r, b, 0, &mut into);
    }
}

/// `A · B` for B with at most sixteen columns and A with contiguous rows: A is read in place.
pub(super) fn multiply_few_columns(isa: Isa, product: Product<'_, '_>) {
    product.for_each_block_of_k(KC, |a, b, into| {
        with_scratch(b.rows(), |packed_b| {
            pack(isa, b, packed_b);
            isa.run(FewColumns { a, b: packed_b, into });
        });
    });
}

/// Rows of a tile: as many pointers into A stay in registers.
const TILE_ROWS: usize = 8;

struct FewColumns<'a, 'c> {
    a: MatrixRef<'a>,
    b: &'a [Line],
    into: IntoC<'c>,
}

impl Kernel for FewColumns<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { a, b, mut into } = self;
        let mut i = 0;
        while i < a.rows() {
            let tile_rows = S::tile_rows(a.rows() - i).min(TILE_ROWS);
            with_tile_rows!(S, tile_rows, M => {
                let mut rows: [&[f32]; M] = [&[]; M];
                for (r, row) in rows.iter_mut().enumerate() {
                    *row = &a.row(i + r).expect("contiguous rows")[..b.len()];
                }
                let mut acc = [[simd.splat(0.0)]; M];
                for (p, b) in b.iter().enumerate() {
                    microkernel::step(simd, &mut acc, |r| rows[r][p], [&b.0]);
                }
                into.take(simd, i, acc);
            });
            i += tile_rows;
        }
    }
}
