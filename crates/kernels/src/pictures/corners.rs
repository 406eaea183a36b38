//! A picture as a table of its 2×2 neighbourhoods.

use crate::simd::{LANES, Simd};

/// Black pixels before the first row and column, and at least as many behind the last.
pub(super) const MARGIN: usize = 1;

/// The shape of a table of corners: for pictures of one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Pixels of a picture.
    rows: usize,
    columns: usize,
    /// Words in a row of the table.
    pub(super) stride: usize,
}

/// A picture of `rows × columns`, each four neighbours side by side.
///
/// Word `stride·(i + 1) + j + 1` holds the pixels (i, j), (i, j + 1), (i + 1, j), (i + 1, j + 1), the first in its lowest byte,
/// for i from −1 to rows and j from −1 to columns. What is outside of the picture is 0.
#[derive(Debug, Default)]
pub(super) struct Corners {
    /// The picture in black, `rows + 3` times `stride + 16`: what is read at once is always there.
    padded: Vec<u8>,
    words: Vec<u32>,
}

impl Shape {
    pub(super) fn new(rows: usize, columns: usize) -> Self {
        Self { rows, columns, stride: (columns + 2 * MARGIN).next_multiple_of(LANES) }
    }

    /// Words of a table.
    pub(super) fn words(self) -> usize {
        (self.rows + 2 * MARGIN) * self.stride
    }
}

impl Corners {
    /// Makes room for pictures of a size, all black.
    pub(super) fn prepare(&mut self, shape: Shape) {
        self.padded.clear();
        self.padded.resize((shape.rows + 3) * (shape.stride + LANES), 0);
        self.words.resize(shape.words(), 0);
    }

    /// The table of a picture, `rows × columns`. `starts` are the first columns of runs of sixteen that cover a row; where a row is
    /// shorter than that, it is one run.
    #[inline(always)]
    pub(super) fn fill<S: Simd>(
        &mut self,
        simd: S,
        shape: Shape,
        picture: &[u8],
        starts: &[usize],
    ) -> &[u32] {
        let Shape { rows, columns, stride } = shape;
        let padded_stride = stride + LANES;
        for row in 0..rows {
            let from = &picture[row * columns..][..columns];
            let to = &mut self.padded[(row + MARGIN) * padded_stride + MARGIN..][..stride];
            if columns < LANES {
                to[..columns].copy_from_slice(from);
            } else {
                // Sixteen at a time: a copy of unknown length is a call.
                for &start in starts {
                    *to[start..].first_chunk_mut().expect("as many") = *run(from, start);
                }
            }
        }
        for row in 0..rows + 2 * MARGIN {
            let upper = &self.padded[row * padded_stride..][..padded_stride];
            let lower = &self.padded[(row + 1) * padded_stride..][..padded_stride];
            let (words, _) = self.words[row * stride..][..stride].as_chunks_mut();
            let mut start = 0;
            for words in words {
                let (a, b) = (run(upper, start), run(upper, start + 1));
                let (c, d) = (run(lower, start), run(lower, start + 1));
                simd.interleave_bytes([a, b, c, d], words);
                start += LANES;
            }
        }
        &self.words
    }
}

/// Sixteen pixels of a row.
#[inline(always)]
fn run(row: &[u8], start: usize) -> &[u8; LANES] {
    row[start..].first_chunk().expect("sixteen more in a row")
}
