//! From any view into panels: a copy where the sixteen columns of a line lie together, a transpose of
//! 16 × 16 blocks where the rows do, element by element where neither does.

use crate::isa::{self, Isa};
use crate::matrix::MatrixRef;
use crate::simd::{Kernel, LANES, Line, Simd};

/// Writes `from` into `to`, panel after panel, `from.rows()` lines each; padding is zero.
///
/// # Panics
/// If `to` is too short.
pub(crate) fn pack(from: MatrixRef<'_>, to: &mut [Line]) {
    let lines = from.columns().div_ceil(LANES) * from.rows();
    if lines == 0 {
        return;
    }
    let to = &mut to[..lines];
    if from.column_stride() == 1 || from.columns() == 1 {
        Isa::active().run(Copy { from, to });
    } else if from.row_stride() == 1 || from.rows() == 1 {
        Isa::active().run(Transpose { from, to });
    } else {
        gather(from, to);
    }
}

/// Rows of four lines lie too far apart for the hardware to foresee the next: each is asked for so many rows before.
const ROWS_AHEAD: usize = 8;

struct Copy<'a, 'b> {
    from: MatrixRef<'a>,
    to: &'b mut [Line],
}

impl Kernel for Copy<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { from, to } = self;
        let (rows, columns) = (from.rows(), from.columns());
        // Four panels at a time: more places to write to, a power of two apart, would push each other out of L1.
        for first in (0..columns).step_by(4 * LANES) {
            let width = (4 * LANES).min(columns - first);
            let panels = &mut to[first / LANES * rows..];
            for i in 0..rows {
                if i + ROWS_AHEAD < rows {
                    let ahead = (i + ROWS_AHEAD) * from.row_stride() + first;
                    isa::prefetch(&from.as_slice()[ahead..][..width]);
                }
                let row = &from.as_slice()[i * from.row_stride() + first..][..width];
                let (chunks, rest) = row.as_chunks::<LANES>();
                for (q, chunk) in chunks.iter().enumerate() {
                    simd.store(simd.load(chunk), &mut panels[q * rows + i].0);
                }
                if !rest.is_empty() {
                    simd.store(simd.load_part(rest), &mut panels[chunks.len() * rows + i].0);
                }
            }
        }
    }
}

struct Transpose<'a, 'b> {
    from: MatrixRef<'a>,
    to: &'b mut [Line],
}

impl Kernel for Transpose<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { from, to } = self;
        let (rows, columns) = (from.rows(), from.columns());
        for (q, panel) in to.chunks_exact_mut(rows).enumerate() {
            let width = LANES.min(columns - q * LANES);
            let column =
                |j: usize| &from.as_slice()[(q * LANES + j) * from.column_stride()..][..rows];
            let mut i = 0;
            if width == LANES {
                let (blocks, _) = panel.as_chunks_mut::<LANES>();
                i = blocks.len() * LANES;
                for (b, block) in blocks.iter_mut().enumerate() {
                    let mut tile = [&Line::ZERO.0; LANES];
                    for (j, tile) in tile.iter_mut().enumerate() {
                        *tile =
                            column(j)[b * LANES..].first_chunk().expect("a whole block of rows");
                    }
                    simd.transpose(tile, block);
                }
            }
            // What is no whole block goes through one on the stack.
            while i < rows {
                let count = LANES.min(rows - i);
                let mut tile = [Line::ZERO; LANES];
                for (j, line) in tile.iter_mut().enumerate().take(width) {
                    simd.store(simd.load_part(&column(j)[i..i + count]), &mut line.0);
                }
                let mut transposed = [Line::ZERO; LANES];
                simd.transpose(tile.each_ref().map(|line| &line.0), &mut transposed);
                panel[i..i + count].copy_from_slice(&transposed[..count]);
                i += count;
            }
        }
    }
}

fn gather(from: MatrixRef<'_>, to: &mut [Line]) {
    let rows = from.rows();
    for q in 0..from.columns().div_ceil(LANES) {
        for i in 0..rows {
            to[q * rows + i] = Line(std::array::from_fn(|j| {
                let j = q * LANES + j;
                if j < from.columns() { from.get(i, j) } else { 0.0 }
            }));
        }
    }
}
