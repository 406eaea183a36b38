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
            let into = into.at(0, j / LANES);
            let lines = b.as_slice()[j..].chunks(b.row_stride());
            if S::TILE_PANELS == 2 && into.columns >= 2 * LANES {
                let lines = lines.map(|row| {
                    let (lines, _) = row.as_chunks::<LANES>();
                    [&lines[0], &lines[1]]
                });
                tiles(simd, a, rows, steps, lines, into);
                j += 2 * LANES;
            } else if into.columns >= LANES {
                let lines = lines.map(|row| [row.first_chunk().expect("a whole line of B")]);
                tiles(simd, a, rows, steps, lines, into);
                j += LANES;
            } else {
                let from = b.block(0, j, steps, into.columns);
                Pack { from, to: &mut *edge }.run(simd);
                tiles(simd, a, rows, steps, microkernel::lines([&*edge]), into);
                j += LANES;
            }
        }
    }
}

/// All rows of A times `P` panels of B, into C by whole tiles where it has room for them.
#[inline(always)]
fn tiles<'b, S: Simd, const P: usize>(
    simd: S,
    a: &[Line],
    rows: usize,
    steps: usize,
    b: impl Iterator<Item = [&'b [f32; LANES]; P]> + Clone,
    mut into: IntoC<'_>,
) {
    if into.has_whole(P) {
        microkernel::all_columns(simd, a, (0, rows), b, &mut WholePanels { into, steps });
    } else {
        microkernel::all_columns(simd, a, (0, rows), b, &mut into);
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
