//! From any view into panels: a copy where the sixteen columns of a line lie together, a transpose of
//! 16 × 16 blocks where the rows do, element by element where neither does.

use crate::isa::Isa;
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
        let whole = columns / LANES;
        for i in 0..rows {
            let row = &from.as_slice()[i * from.row_stride()..][..columns];
            let (chunks, rest) = row.as_chunks::<LANES>();
            for (q, chunk) in chunks.iter().enumerate() {
                let v = simd.load(chunk);
                simd.store(v, &mut to[q * rows + i].0);
            }
            if !rest.is_empty() {
                let line = &mut to[whole * rows + i].0;
                *line = [0.0; LANES];
                line[..rest.len()].copy_from_slice(rest);
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
            if columns - q * LANES < LANES {
                gather(from.block(0, q * LANES, rows, columns - q * LANES), panel);
                continue;
            }
            let column =
                |j: usize| &from.as_slice()[(q * LANES + j) * from.column_stride()..][..rows];
            let (blocks, rest) = panel.as_chunks_mut::<LANES>();
            for (b, block) in blocks.iter_mut().enumerate() {
                let tile = std::array::from_fn(|j| {
                    column(j)[b * LANES..].first_chunk().expect("a whole block of rows")
                });
                simd.transpose(tile, block);
            }
            let done = rows - rest.len();
            gather(from.block(done, q * LANES, rest.len(), LANES), rest);
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
