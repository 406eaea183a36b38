//! From any view into panels: a copy where the sixteen columns of a line lie together, a transpose of
//! 16 × 16 blocks where the rows do, element by element where neither does.

use super::matrix::MatrixRef;
use crate::simd::{Isa, Kernel, LANES, Line, Simd, prefetch};

/// Writes `from` into `to`, panel after panel, `from.rows()` lines each; padding is zero.
///
/// # Panics
/// If `to` is too short.
pub(crate) fn pack(isa: Isa, from: MatrixRef<'_>, to: &mut [Line]) {
    isa.run(Pack { from, to });
}

/// [`pack`] as a part of another kernel.
pub(crate) struct Pack<'a, 'b> {
    pub(crate) from: MatrixRef<'a>,
    pub(crate) to: &'b mut [Line],
}

impl Kernel for Pack<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { from, to } = self;
        let lines = from.columns().div_ceil(LANES) * from.rows();
        if lines == 0 {
            return;
        }
        let to = &mut to[..lines];
        if from.column_stride() == 1 || from.columns() == 1 {
            copy(simd, from, to);
        } else if from.row_stride() == 1 || from.rows() == 1 {
            transpose(simd, from, to);
        } else {
            gather(from, to);
        }
    }
}

/// Rows of four lines lie too far apart for the hardware to foresee the next: each is asked for so many rows before.
const ROWS_AHEAD: usize = 8;

#[inline(always)]
fn copy<S: Simd>(simd: S, from: MatrixRef<'_>, to: &mut [Line]) {
    let (rows, columns) = (from.rows(), from.columns());
    // Four panels at a time: more places to write to, a power of two apart, would push each other out of L1.
    for first in (0..columns).step_by(4 * LANES) {
        let width = (4 * LANES).min(columns - first);
        let panels = &mut to[first / LANES * rows..];
        for i in 0..rows {
            if i + ROWS_AHEAD < rows {
                let ahead = (i + ROWS_AHEAD) * from.row_stride() + first;
                prefetch(&from.as_slice()[ahead..][..width]);
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

#[inline(always)]
fn transpose<S: Simd>(simd: S, from: MatrixRef<'_>, to: &mut [Line]) {
    let (rows, columns) = (from.rows(), from.columns());
    let slice = from.as_slice();
    for q in 0..columns.div_ceil(LANES) {
        let width = LANES.min(columns - q * LANES);
        for i in (0..rows).step_by(LANES) {
            let count = LANES.min(rows - i);
            // A block is read and written whole even where only a part of it counts, as long as there is memory: what
            // it writes too much belongs to the panel after it, which is yet to come.
            let column = |j: usize| (q * LANES + j) * from.column_stride() + i;
            let mut edge = [Line::ZERO; LANES];
            let mut block = [&Line::ZERO.0; LANES];
            for (j, (edge, block)) in edge.iter_mut().zip(&mut block).enumerate().take(width) {
                *block = match slice[column(j)..].first_chunk() {
                    Some(column) => column,
                    None => {
                        simd.store(simd.load_part(&slice[column(j)..][..count]), &mut edge.0);
                        &edge.0
                    }
                };
            }
            let to = &mut to[q * rows + i..];
            match to.first_chunk_mut() {
                Some(to) => simd.transpose(block, to),
                None => {
                    let mut transposed = [Line::ZERO; LANES];
                    simd.transpose(block, &mut transposed);
                    to[..count].copy_from_slice(&transposed[..count]);
                }
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
