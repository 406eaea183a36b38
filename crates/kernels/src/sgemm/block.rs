//! Products of any size, in blocks that stay in a cache: LOOP 5 to LOOP 1 of [`sgemm`](super).
//!
//! ```text
//! LOOP 5  for each block of NC columns of B
//! LOOP 4    for each block of KC steps of k                      β for the first, 1 for all others
//! LOOP 3      for each block of MC rows of A
//!               B not packed yet:  first_tiles                   (1)  a tile of rows, all panels of B
//! LOOP 2        for each group of panels of B                    (2)
//! LOOP 1          for each strip of A, and each tile in it
//!                   A not packed yet:  first_use                 (1)  its first panels of C
//!                   tile                                              rows × panels of C
//! ```
//!
//! 1. Both operands are packed by their first use. The tiles of the first rows of A read B where it lies and leave what they
//!    read in panels, for the tiles of all other rows; so does the first tile of each strip with A. Packing ahead would
//!    wait for memory, here the sums go on meanwhile: for B that is 5 % of 128 × 784 × 512, for A 2 to 3 % of
//!    10000 × 784 × 512. What cannot be read so (a transposed operand, an edge) is packed ahead.
//! 2. If all of the packed B is near, a group is all panels, and C is written row after row. If not, a group is as wide as a
//!    tile, and its panels stay near while the rows go by.
//!
//! A is packed in strips: as many rows as a tile has, so that a tile reads one run of memory. Where A lies column after column,
//! a strip is a panel of sixteen rows, and several tiles share it.

use std::cell::Cell;
use std::ops::Range;

use super::into_c::{IntoC, WholePanels};
use super::product::Product;
use crate::layout::{MatrixRef, Pack};
use crate::scratch::with_scratch;
use crate::simd::{Isa, Kernel, LANES, Line, Simd, prefetch};
use crate::tile::blocking::{KC, MC, NC, NEAR_LINES, blocks};
use crate::tile::microkernel::{self, Sink, line, with_tile_rows};

/// Rows of an unpacked B lie too far apart for the hardware to foresee the next: each is asked for so many rows before.
const ROWS_AHEAD: usize = 16;

/// Computes the product on the calling thread.
pub(super) fn multiply(isa: Isa, product: Product<'_, '_>) {
    let Product { alpha, a, b, beta, mut c } = product;
    let (m, k, n) = (a.rows(), a.columns(), b.columns());
    // A in the role (see `microkernel`) in which packing is a copy.
    let a_by_rows = a.column_stride() == 1 || a.row_stride() != 1;
    // LOOP 5
    for (j, columns) in blocks(n, NC) {
        // LOOP 4
        for (p, steps) in blocks(k, KC) {
            let beta = if p == 0 { beta } else { 1.0 };
            let b = b.block(p, j, steps, columns);
            with_scratch(steps * columns.div_ceil(LANES), |packed_b| {
                let mut b = Some(b);
                // LOOP 3
                for (i, rows) in blocks(m, MC) {
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

/// One block of A, packed on the way, times one block of B, into a block of C.
struct Block<'a, 'b, 'c> {
    a: MatrixRef<'a>,
    /// The role of A: see `microkernel`.
    a_by_rows: bool,
    packed_a: &'b mut [Line],
    /// The block of B, if it is not packed yet.
    b: Option<MatrixRef<'a>>,
    packed_b: &'b mut [Line],
    into: IntoC<'c>,
}

impl Kernel for Block<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { a, a_by_rows, packed_a, b, packed_b, mut into } = self;
        let whole = if into.has_whole(1) { into.columns / LANES } else { 0 };
        let strips = Strips { a, a_by_rows, whole };

        // Rows and panels that are multiplied already.
        let (mut done, mut fresh) = (0, 0);
        if let Some(b) = b {
            let (rows, lines) = strips.lines::<S>(0);
            if b.column_stride() == 1 && a_by_rows && rows == S::TILE_ROWS {
                (done, fresh) = (rows, whole - whole % S::TILE_PANELS);
                strips.pack(simd, 0, packed_a);
            }
            let ahead = b.block(0, fresh * LANES, b.rows(), b.columns() - fresh * LANES);
            Pack { from: ahead, to: &mut packed_b[fresh * b.rows()..] }.run(simd);
            first_tiles(simd, &packed_a[lines], b, fresh, packed_b, &mut into);
        }
        strips.multiply(simd, 0..done, fresh, true, packed_a, packed_b, &mut into);
        strips.multiply(simd, done..a.rows(), 0, false, packed_a, packed_b, &mut into);
    }
}

/// How a block of A is cut and packed: a strip of rows as a matrix of its own, so that a tile reads one run of memory.
struct Strips<'a> {
    a: MatrixRef<'a>,
    a_by_rows: bool,
    /// Panels of B of which all columns are there, so that their tiles can go to C as they are.
    whole: usize,
}

impl Strips<'_> {
    /// Rows of the strip that begins with row `from`, and the lines it is packed into.
    #[inline(always)]
    fn lines<S: Simd>(&self, from: usize) -> (usize, Range<usize>) {
        if self.a_by_rows {
            let (rows, width) =
                (S::tile_rows(self.a.rows() - from), self.a.columns().div_ceil(LANES));
            (rows, from * width..(from + rows) * width)
        } else {
            let (steps, panel) = (self.a.columns(), from / LANES);
            (LANES.min(self.a.rows() - from), panel * steps..(panel + 1) * steps)
        }
    }

    /// Packs the strip that begins with row `from`.
    #[inline(always)]
    fn pack<S: Simd>(&self, simd: S, from: usize, packed: &mut [Line]) {
        let (rows, lines) = self.lines::<S>(from);
        let strip = self.a.block(from, 0, rows, self.a.columns());
        let strip = if self.a_by_rows { strip } else { strip.transpose() };
        Pack { from: strip, to: &mut packed[lines] }.run(simd);
    }

    /// Packs the strip that begins with row `from` and gives how many panels of C are done on the way.
    #[inline(always)]
    fn first_use<S: Simd>(
        &self,
        simd: S,
        from: usize,
        packed: &mut [Line],
        b: &[Line],
        into: &mut IntoC<'_>,
    ) -> usize {
        let (rows, lines) = self.lines::<S>(from);
        let in_place = self.a_by_rows && self.a.column_stride() == 1;
        if !in_place || rows != S::TILE_ROWS || self.whole < S::TILE_PANELS {
            self.pack(simd, from, packed);
            return 0;
        }
        let steps = self.a.columns();
        let a = self.a.block(from, 0, rows, steps);
        let (into, panel) = (into.at(from, 0), |q: usize| &b[q * steps..][..steps]);
        with_tile_rows!(S, S::TILE_ROWS, M => {
            if S::TILE_PANELS == 2 {
                tile_packing_a::<S, M, 2>(simd, a, &mut packed[lines], [panel(0), panel(1)], into);
            } else {
                tile_packing_a::<S, M, 1>(simd, a, &mut packed[lines], [panel(0)], into);
            }
        });
        S::TILE_PANELS
    }

    /// The tiles of `rows`, which begin and end with a strip, from panel `first` on.
    #[expect(clippy::too_many_arguments, reason = "A and B, what of them is done, and where to")]
    #[inline(always)]
    fn multiply<S: Simd>(
        &self,
        simd: S,
        rows: Range<usize>,
        first: usize,
        mut is_packed: bool,
        packed_a: &mut [Line],
        b: &[Line],
        into: &mut IntoC<'_>,
    ) {
        let &Self { a_by_rows, whole, .. } = self;
        let steps = self.a.columns();
        let panels = b.len() / steps;
        let at_once = if b.len() <= NEAR_LINES { panels } else { S::TILE_PANELS };
        // LOOP 2
        for first in (first..panels).step_by(at_once) {
            let end = (first + at_once).min(panels);
            let mut from = rows.start;
            // LOOP 1
            while from < rows.end {
                let (strip, lines) = self.lines::<S>(from);
                let mut fresh = first;
                if !is_packed {
                    fresh += self.first_use(simd, from, packed_a, b, into);
                }
                let a = &packed_a[lines];
                let mut r = 0;
                while r < strip {
                    let tile_rows = S::tile_rows(strip - r);
                    let (panels, into) = (fresh..end, into.at(from + r, 0));
                    with_tile_rows!(S, tile_rows, M => {
                        simd.call(Tiles::<M> { a, a_by_rows, r, b, steps, panels, whole, into });
                    });
                    r += tile_rows;
                }
                from += strip;
            }
            is_packed = true;
        }
    }
}

/// `M` rows of a packed strip, from row `r` of it on, times some panels of B.
struct Tiles<'a, 'c, const M: usize> {
    a: &'a [Line],
    a_by_rows: bool,
    r: usize,
    /// All panels of B, `steps` lines each.
    b: &'a [Line],
    steps: usize,
    panels: Range<usize>,
    /// As in [`Strips`].
    whole: usize,
    into: IntoC<'c>,
}

impl<const M: usize> Kernel for Tiles<'_, '_, M> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { a, a_by_rows, r, b, steps, panels, whole, mut into } = self;
        let panel = |q: usize| &b[q * steps..][..steps];
        let mut q = panels.start;
        while q < panels.end {
            let mut into = into.at(0, q);
            if S::TILE_PANELS == 2 && q + 2 <= whole.min(panels.end) {
                let b = [panel(q), panel(q + 1)];
                tile::<S, M, 2>(simd, a, a_by_rows, r, b, &mut WholePanels { into, steps });
                q += 2;
            } else if q < whole {
                let b = [panel(q)];
                tile::<S, M, 1>(simd, a, a_by_rows, r, b, &mut WholePanels { into, steps });
                q += 1;
            } else {
                tile::<S, M, 1>(simd, a, a_by_rows, r, [panel(q)], &mut into);
                q += 1;
            }
        }
    }
}

/// `M` rows of a packed strip, from row `r` of it on, times `P` panels of B.
#[inline(always)]
fn tile<S: Simd, const M: usize, const P: usize>(
    simd: S,
    a: &[Line],
    a_by_rows: bool,
    r: usize,
    b: [&[Line]; P],
    into: &mut impl Sink<S, P>,
) {
    let steps = b[0].len();
    if !a_by_rows {
        let lines = (0..steps).map(line(b));
        return microkernel::columns_tile::<S, M, P>(simd, a, r, lines, 0, into);
    }
    let mut acc = into.start::<M>(simd, 0);
    let lines = |q| {
        into.ask::<M>(0, q);
        &a[q * M..]
    };
    microkernel::rows::<S, M, P>(simd, &mut acc, lines, steps, line(b), |_, _| ());
    into.take(simd, 0, acc);
}

/// The first tile of a strip, which reads A itself and leaves it in `to`.
#[inline(always)]
fn tile_packing_a<S: Simd, const M: usize, const P: usize>(
    simd: S,
    a: MatrixRef<'_>,
    to: &mut [Line],
    b: [&[Line]; P],
    into: IntoC<'_>,
) {
    let steps = a.columns();
    let mut into = WholePanels { into, steps };
    let mut acc = Sink::<S, P>::start::<M>(&mut into, simd, 0);
    let mut to = to.chunks_exact_mut(M);
    let lines = |q: usize| {
        Sink::<S, P>::ask::<M>(&mut into, 0, q);
        let to: &mut [Line; M] = to.next().and_then(<[_]>::first_chunk_mut).expect("a whole strip");
        let from = &a.as_slice()[q * LANES..];
        for (r, to) in to.iter_mut().enumerate() {
            let row = &from[r * a.row_stride()..];
            // Numbers beyond the last step are read and not used: only the end of A may not be passed.
            let v = match row.first_chunk() {
                Some(row) => simd.load(row),
                None => simd.load_part(row),
            };
            simd.store(v, &mut to.0);
        }
        &to[..]
    };
    microkernel::rows::<S, M, P>(simd, &mut acc, lines, steps, line(b), |_, _| ());
    into.take(simd, 0, acc);
}

/// The first tile of rows, all of it, times the first `panels` panels of an unpacked B, which they pack into `to`.
#[inline(always)]
fn first_tiles<S: Simd>(
    simd: S,
    a: &[Line],
    b: MatrixRef<'_>,
    panels: usize,
    to: &mut [Line],
    into: &mut IntoC<'_>,
) {
    let tiles = to.chunks_exact_mut(S::TILE_PANELS * b.rows()).take(panels / S::TILE_PANELS);
    with_tile_rows!(S, S::TILE_ROWS, M => {
        for (tile, to) in tiles.enumerate() {
            let q = tile * S::TILE_PANELS;
            if S::TILE_PANELS == 2 {
                tile_packing_b::<S, M, 2>(simd, a, b, q * LANES, to, into.at(0, q));
            } else {
                tile_packing_b::<S, M, 1>(simd, a, b, q * LANES, to, into.at(0, q));
            }
        }
    });
}

/// A tile that reads B itself, from column `j` on, and leaves its `P` panels in `to`.
#[inline(always)]
fn tile_packing_b<S: Simd, const M: usize, const P: usize>(
    simd: S,
    a: &[Line],
    b: MatrixRef<'_>,
    j: usize,
    to: &mut [Line],
    into: IntoC<'_>,
) {
    let steps = b.rows();
    let to = Cell::from_mut(to).as_slice_of_cells();
    let mut into = WholePanels { into, steps };
    let mut acc = into.start::<M>(simd, 0);
    let line = |p: usize| {
        let row = |p: usize| &b.as_slice()[p * b.row_stride() + j..][..P * LANES];
        if p + ROWS_AHEAD < steps {
            prefetch(row(p + ROWS_AHEAD));
        }
        let mut lines = [&Line::ZERO.0; P];
        for (t, line) in row(p).as_chunks().0.iter().enumerate() {
            lines[t] = line;
            to[t * steps + p].set(Line(*line));
        }
        lines
    };
    microkernel::rows::<S, M, P>(simd, &mut acc, |q| &a[q * M..], steps, line, |_, _| ());
    into.take(simd, 0, acc);
}
