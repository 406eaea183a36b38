//! The non-zeros of a batch, listed by row and by column.
//!
//! The lists by row are made first, row after row, each in segments of columns. The lists by column are then sorted out of
//! them by counting: how many there are in each column, where each list ends, and one pass that places them.

use std::ops::Range;

/// Columns of X in a segment: 784 are three. Of 264 rows of W, 4 panels are 66 KiB, of which a batch of MNIST's pixels
/// touches a part. It matters little: from 112 to 400, an epoch took the same within 4 % (2026-11-23, Zen 4).
/// A multiple of 8, so that bytes are listed by whole words.
pub(super) const SEGMENT: usize = 264;

/// One non-zero of a list: which row or column it is in, and what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Entry {
    /// Column index in a list of a row, row index in a list of a column.
    pub(super) index: u32,
    /// The number.
    pub(super) value: f32,
}

/// The non-zeros of a batch, listed by row and by column.
#[derive(Clone, Debug, Default)]
pub struct NonZeros {
    columns: usize,
    /// Segments in a row.
    segments: usize,
    /// Where in `by_row` each segment of each row starts, and the end.
    row_starts: Vec<u32>,
    /// The first `len` of it are the list.
    by_row: Vec<Entry>,
    len: usize,
    /// Where in `by_column` each column starts, and the end.
    column_starts: Vec<u32>,
    /// The first `touched_len` of it are the columns that have a non-zero, ascending.
    touched: Vec<u32>,
    touched_len: usize,
    /// Whether the lists by column have been made.
    has_columns: bool,
    by_column: Vec<Entry>,
}

impl NonZeros {
    /// Empties the lists, for rows of `columns` numbers, with room for `entries` non-zeros.
    pub(super) fn clear(&mut self, columns: usize, entries: usize) {
        self.columns = columns;
        // At least one, which may be empty: a product without columns is written, too.
        self.segments = columns.div_ceil(SEGMENT).max(1);
        // Only ever longer: what is in the lists is overwritten, so it need not be cleared.
        if self.by_row.len() < entries {
            self.by_row.resize(entries, Entry::default());
        }
        self.len = 0;
        self.row_starts.clear();
        self.row_starts.push(0);
        self.touched_len = 0;
        self.has_columns = false;
    }

    /// Makes room, so that lists of `rows × columns` with up to `entries` non-zeros allocate nothing.
    pub(super) fn reserve(&mut self, rows: usize, columns: usize, entries: usize) {
        self.clear(columns, entries);
        self.row_starts.reserve(rows * self.segments);
        self.make_room_for_columns();
    }

    /// Adds a segment of a row of bytes, the first in column `first`; a byte b stands for `values[b]`.
    /// After all segments of all rows comes [`NonZeros::list_by_column`].
    ///
    /// A word of eight zeros is skipped. Of another, each byte is written as an entry, but only a non-zero moves the place
    /// of the next: no branch depends on a pixel, which no predictor could foresee.
    #[inline]
    pub(super) fn push_bytes(&mut self, first: usize, bytes: &[u8], values: &[f32; 256]) {
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
    pub(super) fn push_numbers(&mut self, first: usize, numbers: impl Iterator<Item = f32>) {
        for (j, value) in numbers.enumerate() {
            self.by_row[self.len] = Entry { index: (first + j) as u32, value };
            self.len += usize::from(value != 0.0);
        }
        self.row_starts.push(self.len as u32);
    }

    /// Adds a segment of a sparse row.
    pub(super) fn push_entries<'a>(&mut self, entries: impl Iterator<Item = (&'a u32, &'a f32)>) {
        for (index, value) in entries {
            self.by_row[self.len] = Entry { index: *index, value: *value };
            self.len += 1;
        }
        self.row_starts.push(self.len as u32);
    }

    /// Where in `by_row` segment `s` of row `i` is.
    #[inline(always)]
    fn segment_range(&self, i: usize, s: usize) -> Range<usize> {
        let at = i * self.segments + s;
        self.row_starts[at] as usize..self.row_starts[at + 1] as usize
    }

    /// All rows.
    pub(super) fn by_rows(&self) -> RowLists<'_> {
        RowLists { lists: self, first: 0 }
    }

    /// All columns.
    pub(super) fn by_columns(&self) -> ColumnLists<'_> {
        assert!(self.has_columns, "a batch for inference is not made for an update");
        ColumnLists { lists: self, first: 0 }
    }

    /// The columns that have a non-zero, ascending.
    pub(super) fn touched(&self) -> &[u32] {
        &self.touched[..self.touched_len]
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        (self.row_starts.len().saturating_sub(1)) / self.segments.max(1)
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether every number is zero.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn make_room_for_columns(&mut self) {
        if self.by_column.len() < self.by_row.len() {
            self.by_column.resize(self.by_row.len(), Entry::default());
        }
        self.column_starts.clear();
        self.column_starts.resize(self.columns + 1, 0);
        self.touched.resize(self.columns, 0);
    }

    /// Sorts what the rows list by columns: count, sum up, place.
    pub(super) fn list_by_column(&mut self) {
        let rows = self.rows();
        self.make_room_for_columns();
        self.has_columns = true;
        for entry in &self.by_row[..self.len] {
            self.column_starts[entry.index as usize] += 1;
        }
        let mut end = 0;
        for (column, start) in self.column_starts.iter_mut().enumerate() {
            // Each is written, but only one with entries moves the place of the next. The last start has no column.
            if let Some(touched) = self.touched.get_mut(self.touched_len) {
                *touched = column as u32;
            }
            self.touched_len += usize::from(*start > 0);
            end += *start;
            *start = end;
        }
        // From the back, so that each end becomes a start and the rows come out ascending. A segment at a time: the
        // ends of its columns' lists are few enough for L1.
        for s in 0..self.segments {
            for i in (0..rows).rev() {
                for entry in &self.by_row[self.segment_range(i, s)] {
                    let place = &mut self.column_starts[entry.index as usize];
                    *place -= 1;
                    self.by_column[*place as usize] = Entry { index: i as u32, value: entry.value };
                }
            }
        }
    }
}

/// The lists of a run of rows.
#[derive(Clone, Copy)]
pub(super) struct RowLists<'a> {
    lists: &'a NonZeros,
    first: usize,
}

impl<'a> RowLists<'a> {
    /// Those from row `i` on.
    pub(super) fn from(self, i: usize) -> Self {
        Self { first: self.first + i, ..self }
    }

    /// Segments in a row.
    #[inline(always)]
    pub(super) fn segments(&self) -> usize {
        self.lists.segments
    }

    /// The non-zeros of segment `s` of row `i`, columns ascending.
    #[inline(always)]
    pub(super) fn segment(&self, i: usize, s: usize) -> &'a [Entry] {
        &self.lists.by_row[self.lists.segment_range(self.first + i, s)]
    }
}

/// The lists of a run of columns.
#[derive(Clone, Copy)]
pub(super) struct ColumnLists<'a> {
    lists: &'a NonZeros,
    first: usize,
}

impl<'a> ColumnLists<'a> {
    /// Those from column `j` on.
    pub(super) fn from(self, j: usize) -> Self {
        Self { first: self.first + j, ..self }
    }

    /// Those of these columns, of the first `count`, that have a non-zero, ascending.
    pub(super) fn touched(&self, count: usize) -> impl Iterator<Item = usize> + 'a {
        let (touched, first) = (self.lists.touched(), self.first);
        let from = touched.partition_point(|column| (*column as usize) < first);
        let to = touched.partition_point(|column| (*column as usize) < first + count);
        touched[from..to].iter().map(move |column| *column as usize - first)
    }

    /// The non-zeros of column `j`, rows ascending.
    #[inline(always)]
    pub(super) fn column(&self, j: usize) -> &'a [Entry] {
        let (starts, j) = (&self.lists.column_starts, self.first + j);
        &self.lists.by_column[starts[j] as usize..starts[j + 1] as usize]
    }
}
