//! Rows with few non-zeros as lists, by row and by column, and the two products of a layer over them.
//!
//! A product with zero adds nothing, so skipping it is the same arithmetic: each output is one chain of FMAs in
//! the order of k, as in the dense microkernel, less the steps that would add zero. The two agree to the bit.
//!
//! Both products multiply a list by lines: for each non-zero, its value times one line of a panel is added to a sum that
//! stays in registers. Two things decide how fast that is. Each value and index that is loaded should serve several
//! lines: `GROUP` panels go side by side, whose sums are also the independent chains that keep the FMA units
//! busy. And the lines should come from L1: the columns of X (rows of W) are taken in segments.

use crate::dense::{Activation, activate};
use crate::simd::{Line, Simd};

/// Panels side by side: 4 lines for one broadcast, and 4 chains of AVX-512 FMAs (8 of AVX2) to fill a latency of 4.
pub(crate) const GROUP: usize = 4;

/// Columns of X in a segment: 784 are three. Of 264 rows of W, 4 panels are 66 KiB, of which a batch of MNIST's pixels
/// touches a part. It matters little: from 112 to 400, an epoch took the same within 4 % (2026-11-23, Zen 4).
/// A multiple of 8, so that bytes are listed by whole words.
pub(crate) const SEGMENT: usize = 264;

/// One non-zero of a list: which row or column it is in, and what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Entry {
    /// Column index in a list of a row, row index in a list of a column.
    pub index: u32,
    /// The number.
    pub value: f32,
}

/// The non-zeros of a batch, listed by row and by column.
#[derive(Clone, Debug, Default)]
pub struct NonZeros {
    /// Segments in a row.
    segments: usize,
    /// Where in `by_row` each segment of each row starts, and the end.
    row_starts: Vec<u32>,
    /// The first `len` of it are the list.
    by_row: Vec<Entry>,
    len: usize,
    /// Where in `by_column` each column starts, and the end.
    column_starts: Vec<u32>,
    by_column: Vec<Entry>,
}

impl NonZeros {
    /// Empties the lists, for rows of `columns` numbers, with room for `entries` non-zeros.
    pub(crate) fn clear(&mut self, columns: usize, entries: usize) {
        // At least one, which may be empty: a product without columns is written, too.
        self.segments = columns.div_ceil(SEGMENT).max(1);
        // Only ever longer: what is in the lists is overwritten, so it need not be cleared.
        if self.by_row.len() < entries {
            self.by_row.resize(entries, Entry::default());
            self.by_column.resize(entries, Entry::default());
        }
        self.len = 0;
        self.row_starts.clear();
        self.row_starts.push(0);
        self.column_starts.clear();
        self.column_starts.resize(columns + 1, 0);
    }

    /// Makes room, so that lists of `rows × columns` with up to `entries` non-zeros allocate nothing.
    pub(crate) fn reserve(&mut self, rows: usize, columns: usize, entries: usize) {
        self.clear(columns, entries);
        self.row_starts.reserve(rows * self.segments);
    }

    /// Adds a segment of a row of bytes, the first in column `first`; a byte b stands for `values[b]`.
    /// After all segments of all rows comes [`NonZeros::list_by_column`].
    ///
    /// A word of eight zeros is skipped. Of another, each byte is written as an entry, but only a non-zero moves the place
    /// of the next: no branch depends on a pixel, which no predictor could foresee.
    #[inline]
    pub(crate) fn push_bytes(&mut self, first: usize, bytes: &[u8], values: &[f32; 256]) {
        let entry = |column: usize, byte: u8| Entry {
            index: column as u32,
            value: values[usize::from(byte)],
        };
        let (words, rest) = bytes.as_chunks::<8>();
        for (w, word) in words.iter().enumerate() {
            if u64::from_le_bytes(*word) == 0 {
                continue;
            }
            let to: &mut [Entry; 8] =
                self.by_row[self.len..].first_chunk_mut().expect("room for a row");
            let mut count = 0;
            for (lane, byte) in word.iter().enumerate() {
                to[count % 8] = entry(first + 8 * w + lane, *byte);
                count += usize::from(*byte != 0);
            }
            self.len += count;
        }
        let done = first + 8 * words.len();
        for (i, byte) in rest.iter().enumerate() {
            self.by_row[self.len] = entry(done + i, *byte);
            self.len += usize::from(*byte != 0);
        }
        self.row_starts.push(self.len as u32);
    }

    /// Adds a segment of a row, the first number in column `first`.
    pub(crate) fn push_numbers(&mut self, first: usize, numbers: impl Iterator<Item = f32>) {
        for (j, value) in numbers.enumerate() {
            self.by_row[self.len] = Entry { index: (first + j) as u32, value };
            self.len += usize::from(value != 0.0);
        }
        self.row_starts.push(self.len as u32);
    }

    /// The non-zeros of segment `s` of row `i`, columns ascending.
    #[inline(always)]
    fn segment(&self, i: usize, s: usize) -> &[Entry] {
        let at = i * self.segments + s;
        &self.by_row[self.row_starts[at] as usize..self.row_starts[at + 1] as usize]
    }

    /// The non-zeros of column `j`, rows ascending.
    #[inline(always)]
    pub(crate) fn column(&self, j: usize) -> &[Entry] {
        &self.by_column[self.column_starts[j] as usize..self.column_starts[j + 1] as usize]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether every number is zero.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Sorts what the rows list by columns: count, sum up, place.
    pub(crate) fn list_by_column(&mut self) {
        let rows = (self.row_starts.len() - 1) / self.segments;
        for entry in &self.by_row[..self.len] {
            self.column_starts[entry.index as usize] += 1;
        }
        let mut end = 0;
        for start in &mut self.column_starts {
            end += *start;
            *start = end;
        }
        // From the back, so that each end becomes a start and the rows come out ascending. A segment at a time: the
        // ends of its columns' lists are few enough for L1.
        let Self { by_column, column_starts, .. } = self;
        for s in 0..self.segments {
            for i in (0..rows).rev() {
                let at = i * self.segments + s;
                let list = self.row_starts[at] as usize..self.row_starts[at + 1] as usize;
                for entry in &self.by_row[list] {
                    let place = &mut column_starts[entry.index as usize];
                    *place -= 1;
                    by_column[*place as usize] = Entry { index: i as u32, value: entry.value };
                }
            }
        }
    }
}

/// `acc[t] += Σ value · panels[t][index]` over a list.
#[inline(always)]
fn add_list<S: Simd, const P: usize>(
    simd: S,
    acc: &mut [S::Vector; P],
    list: &[Entry],
    panels: [&[Line]; P],
) {
    // Of one length, so that one comparison checks an index for all.
    let len = panels[0].len();
    let mut lines: [&[Line]; P] = [&[]; P];
    for t in 0..P {
        lines[t] = &panels[t][..len];
    }
    for entry in list {
        let value = simd.splat(entry.value);
        for t in 0..P {
            acc[t] = simd.mul_add(value, simd.load(&lines[t][entry.index as usize].0), acc[t]);
        }
    }
}

/// `out[t][r] ← activation(Σ_p X(i + r, p) · w[t][p] + bias[t])`: the rows of X from `i` on times P panels.
#[inline(always)]
pub(crate) fn rows_times<S: Simd, const P: usize>(
    simd: S,
    x: &NonZeros,
    i: usize,
    w: [&[Line]; P],
    bias: [&[Line]; P],
    activation: Activation,
    out: &mut [&mut [Line]; P],
) {
    for s in 0..x.segments {
        for r in 0..out[0].len() {
            let mut acc = [simd.splat(0.0); P];
            if s > 0 {
                for t in 0..P {
                    acc[t] = simd.load(&out[t][r].0);
                }
            }
            add_list(simd, &mut acc, x.segment(i + r, s), w);
            for t in 0..P {
                if s + 1 == x.segments {
                    let sum = simd.add(acc[t], simd.load(&bias[t][0].0));
                    acc[t] = activate(simd, activation, sum);
                }
                simd.store(acc[t], &mut out[t][r].0);
            }
        }
    }
}

/// `Σ_i X(i, p) · d[t][i]`: a column of X times P panels. `None` where the column is empty.
#[inline(always)]
pub(crate) fn column_times<S: Simd, const P: usize>(
    simd: S,
    x: &NonZeros,
    p: usize,
    d: [&[Line]; P],
) -> Option<[S::Vector; P]> {
    let list = x.column(p);
    if list.is_empty() {
        return None;
    }
    let mut acc = [simd.splat(0.0); P];
    add_list(simd, &mut acc, list, d);
    Some(acc)
}
