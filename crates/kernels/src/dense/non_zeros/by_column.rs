//! The non-zeros of a batch, column by column: sorted out of the lists by row by counting.
//!
//! ```text
//! for each segment of columns, as the rows are cut               one task each
//!   for each non-zero of the segment in any row:  count it at its column, mark the block of sixteen columns
//!   for each column with a count, ascending:      note the column and where its list starts           (1)
//!   for each row, for each non-zero:              place it at the end of its column's list
//! ```
//!
//! 1. Only marked blocks are looked at. Of a hundred thousand columns of text a batch has a thousand or two, and a pass over all of
//!    them would cost more than the rest.

use super::by_row::ByRow;
use crate::parallel::{self, Side, Split};
use crate::simd::{Entry, LANES};

/// The non-zeros of a batch, column by column, for the columns that have one.
#[derive(Clone, Debug, Default)]
pub(super) struct ByColumn {
    /// The first `len` of it are the columns that have a non-zero, ascending.
    touched: Vec<u32>,
    /// Where in `entries` the list of each of these starts, and the end.
    starts: Vec<usize>,
    len: usize,
    entries: Vec<Entry>,
    /// For each column the number of its non-zeros, later the end of its list; between batches 0.
    counts: Vec<u32>,
    /// For each block of sixteen columns a bit for each column that has a non-zero; between batches 0.
    marks: Vec<u16>,
    /// For each segment its entries, then its columns that have any.
    segments: Vec<Segment>,
}

/// The place of a segment in the lists.
#[derive(Clone, Copy, Debug, Default)]
struct Segment {
    /// Its non-zeros.
    entries: usize,
    /// Columns that may have a non-zero.
    room: usize,
    /// Columns that have one.
    touched: usize,
}

impl ByColumn {
    /// Makes room for `entries` non-zeros in rows of `columns` numbers.
    pub(super) fn reserve(&mut self, columns: usize, entries: usize) {
        let most_touched = columns.min(entries);
        grow(&mut self.touched, most_touched);
        grow(&mut self.starts, most_touched + 1);
        grow(&mut self.entries, entries);
        grow(&mut self.counts, columns);
        grow(&mut self.marks, columns.div_ceil(LANES));
        self.segments.reserve(columns.div_ceil(LANES));
    }

    /// At least as many bytes as [`ByColumn::reserve`] allocates; `usize::MAX` stands for all that is too much to count.
    pub(super) fn bytes(columns: usize, entries: usize) -> usize {
        let touched = columns.min(entries).saturating_add(1);
        let blocks = columns.div_ceil(LANES);
        touched
            .saturating_mul(size_of::<u32>() + size_of::<usize>())
            .saturating_add(entries.saturating_mul(size_of::<Entry>()))
            .saturating_add(columns.saturating_mul(size_of::<u32>()))
            .saturating_add(blocks.saturating_mul(size_of::<u16>() + size_of::<Segment>()))
    }

    /// Sorts what the rows list by columns.
    ///
    /// # Panics
    /// If there are 2³² non-zeros or more.
    pub(super) fn sort(&mut self, by_row: &ByRow) {
        assert!(u32::try_from(by_row.len()).is_ok(), "{} non-zeros in a batch", by_row.len());
        let (columns, segments) = (by_row.columns(), by_row.segments());
        self.note_segments(by_row);
        self.reserve(columns, by_row.len());
        let sort = SortColumns {
            by_row,
            first: 0,
            width: segments.width,
            place: 0,
            touched: &mut self.touched,
            starts: &mut self.starts,
            entries: &mut self.entries[..by_row.len()],
            counts: &mut self.counts[..columns],
            marks: &mut self.marks[..columns.div_ceil(LANES)],
            segments: &mut self.segments,
        };
        // A non-zero is counted and placed in about the time of a hundred multiply-adds.
        let tasks = parallel::tasks_for(100 * by_row.len());
        let grain = segments.count.div_ceil(tasks);
        parallel::run_in_parts(sort, Side::Columns, grain, &|mut part: SortColumns<'_>| {
            part.run();
        });
        self.close_gaps(by_row.len());
    }

    /// Counts the non-zeros of each segment.
    fn note_segments(&mut self, by_row: &ByRow) {
        let (columns, segments) = (by_row.columns(), by_row.segments());
        self.segments.clear();
        self.segments.resize(segments.count, Segment::default());
        let rows = by_row.view();
        for i in 0..by_row.rows() {
            for (s, segment) in self.segments.iter_mut().enumerate() {
                segment.entries += rows.segment(i, s).len();
            }
        }
        for (s, segment) in self.segments.iter_mut().enumerate() {
            let width = segments.width.min(columns - s * segments.width);
            segment.room = width.min(segment.entries);
        }
    }

    /// Brings the columns of all segments together, which each segment has noted in a place of its own.
    fn close_gaps(&mut self, entries: usize) {
        let (mut from, mut to) = (0, 0);
        for segment in &self.segments {
            let range = from..from + segment.touched;
            if from != to {
                self.touched.copy_within(range.clone(), to);
                self.starts.copy_within(range, to);
            }
            from += segment.room;
            to += segment.touched;
        }
        self.starts[to] = entries;
        self.len = to;
    }

    pub(super) fn view(&self) -> ColumnLists<'_> {
        ColumnLists {
            touched: &self.touched[..self.len],
            starts: &self.starts[..=self.len],
            entries: &self.entries,
            first: 0,
        }
    }
}

/// Makes `items` at least `len` long.
fn grow<T: Clone + Default>(items: &mut Vec<T>, len: usize) {
    if items.len() < len {
        items.resize(len, T::default());
    }
}

/// The sorting of a run of segments.
struct SortColumns<'a> {
    by_row: &'a ByRow,
    /// The first segment.
    first: usize,
    /// Columns of a segment.
    width: usize,
    /// Where the entries begin among those of the batch.
    place: usize,
    touched: &'a mut [u32],
    starts: &'a mut [usize],
    entries: &'a mut [Entry],
    counts: &'a mut [u32],
    marks: &'a mut [u16],
    segments: &'a mut [Segment],
}

impl Split for SortColumns<'_> {
    fn len(&self, _: Side) -> usize {
        self.segments.len()
    }

    fn split_at(self, _: Side, mid: usize) -> (Self, Self) {
        let Self { by_row, first, width, place, .. } = self;
        let (segments, segments_2) = self.segments.split_at_mut(mid);
        let columns = (mid * width).min(self.counts.len());
        let count = segments.iter().map(|segment| segment.entries).sum();
        let room = segments.iter().map(|segment| segment.room).sum();
        let (touched, touched_2) = self.touched.split_at_mut(room);
        let (starts, starts_2) = self.starts.split_at_mut(room);
        let (entries, entries_2) = self.entries.split_at_mut(count);
        let (counts, counts_2) = self.counts.split_at_mut(columns);
        let (marks, marks_2) = self.marks.split_at_mut(columns.div_ceil(LANES));
        let segments_1 = segments;
        (
            Self {
                by_row,
                first,
                width,
                place,
                touched,
                starts,
                entries,
                counts,
                marks,
                segments: segments_1,
            },
            Self {
                by_row,
                first: first + mid,
                width,
                place: place + count,
                touched: touched_2,
                starts: starts_2,
                entries: entries_2,
                counts: counts_2,
                marks: marks_2,
                segments: segments_2,
            },
        )
    }
}

impl SortColumns<'_> {
    fn run(&mut self) {
        // Marks pay where most blocks of columns are empty.
        let entries: usize = self.segments.iter().map(|segment| segment.entries).sum();
        let marked = entries < self.counts.len() / 4;
        if marked {
            self.count::<true>();
        } else {
            self.count::<false>();
        }
        let (mut column, mut noted, mut placed) = (0, 0, 0);
        for s in 0..self.segments.len() {
            let columns = self.width.min(self.counts.len() - column);
            let touched = self.note(column, columns, noted, placed, marked);
            self.place(s, column, columns, placed);
            for k in &self.touched[noted..noted + touched] {
                self.counts[*k as usize - self.first * self.width] = 0;
            }
            self.segments[s].touched = touched;
            column += columns;
            noted += self.segments[s].room;
            placed += self.segments[s].entries;
        }
    }

    /// Counts the non-zeros by column.
    #[inline]
    fn count<const MARK: bool>(&mut self) {
        let (rows, count) = (self.by_row.view(), self.segments.len());
        let first = (self.first * self.width) as u32;
        let (counts, marks) = (&mut *self.counts, &mut *self.marks);
        for i in 0..self.by_row.rows() {
            for entry in rows.segments_from(i, self.first, count) {
                let column = (entry.index - first) as usize;
                counts[column] += 1;
                if MARK {
                    marks[column / LANES] |= 1 << (column % LANES);
                }
            }
        }
    }

    /// Notes the columns that have a count, and turns it into the place of their first entry; gives their number.
    #[inline]
    fn note(
        &mut self,
        column: usize,
        columns: usize,
        noted: usize,
        placed: usize,
        marked: bool,
    ) -> usize {
        let mut note = NoteColumns {
            first: (self.first * self.width + column) as u32,
            place: self.place + placed,
            touched: &mut self.touched[noted..],
            starts: &mut self.starts[noted..],
            len: 0,
            entries: 0,
        };
        let counts = &mut self.counts[column..][..columns];
        if !marked {
            note.all(counts);
            return note.len;
        }
        let marks = &mut self.marks[column / LANES..][..columns.div_ceil(LANES)];
        for (w, marks) in marks.chunks_mut(LANES).enumerate() {
            // Blocks that nothing touches go by sixteen at a time.
            if marks.iter().fold(0, |any, mark| any | mark) == 0 {
                continue;
            }
            for (b, mark) in marks.iter_mut().enumerate() {
                while *mark != 0 {
                    let j = (w * LANES + b) * LANES + mark.trailing_zeros() as usize;
                    *mark &= *mark - 1;
                    note.one(j, &mut counts[j]);
                }
            }
        }
        note.len
    }

    /// Places the non-zeros of segment `s` in the lists of their columns, rows ascending.
    #[inline]
    fn place(&mut self, s: usize, column: usize, columns: usize, placed: usize) {
        let counts = &mut self.counts[column..][..columns];
        let entries = &mut self.entries[placed..][..self.segments[s].entries];
        let first = (self.first * self.width + column) as u32;
        let rows = self.by_row.view();
        for i in 0..self.by_row.rows() {
            for entry in rows.segment(i, self.first + s) {
                let place = &mut counts[(entry.index - first) as usize];
                entries[*place as usize] = Entry { index: i as u32, value: entry.value };
                *place += 1;
            }
        }
    }
}

/// The columns of a segment that have a count, as they are noted.
struct NoteColumns<'a> {
    /// The first column of the segment.
    first: u32,
    /// Where the entries of the segment begin.
    place: usize,
    touched: &'a mut [u32],
    starts: &'a mut [usize],
    /// Columns noted.
    len: usize,
    /// Their entries.
    entries: u32,
}

impl NoteColumns<'_> {
    /// Notes column `j` of the segment, and turns its count into the place of its first entry.
    #[inline(always)]
    fn one(&mut self, j: usize, count: &mut u32) {
        self.touched[self.len] = self.first + j as u32;
        self.starts[self.len] = self.place + self.entries as usize;
        self.entries += *count;
        *count = self.entries - *count;
        self.len += 1;
    }

    /// Notes those of all columns that have a count.
    #[inline(always)]
    fn all(&mut self, counts: &mut [u32]) {
        let (mut len, mut place) = (self.len, self.entries);
        for (j, count) in counts.iter_mut().enumerate() {
            // Each is written, but only one with entries moves the place of the next.
            if let (Some(touched), Some(start)) =
                (self.touched.get_mut(len), self.starts.get_mut(len))
            {
                *touched = self.first + j as u32;
                *start = self.place + place as usize;
            }
            let here = *count;
            *count = if here > 0 { place } else { 0 };
            place += here;
            len += usize::from(here > 0);
        }
        (self.len, self.entries) = (len, place);
    }
}

/// The lists of a run of the columns that have a non-zero.
#[derive(Clone, Copy)]
pub(in super::super) struct ColumnLists<'a> {
    /// The columns, ascending, counted in the batch.
    touched: &'a [u32],
    starts: &'a [usize],
    entries: &'a [Entry],
    /// The first column of the run, whether or not it has a non-zero.
    first: usize,
}

impl<'a> ColumnLists<'a> {
    /// Columns that have a non-zero.
    #[inline(always)]
    pub(in super::super) fn len(&self) -> usize {
        self.touched.len()
    }

    /// The `k`-th column that has a non-zero, counted from the first of the run.
    #[inline(always)]
    pub(in super::super) fn column(&self, k: usize) -> usize {
        self.touched[k] as usize - self.first
    }

    /// The non-zeros of the `k`-th column that has any, rows ascending.
    #[inline(always)]
    pub(in super::super) fn list(&self, k: usize) -> &'a [Entry] {
        let starts = &self.starts[k..][..2];
        &self.entries[starts[0]..starts[1]]
    }

    /// The columns that have a non-zero.
    pub(in super::super) fn columns(&self) -> impl Iterator<Item = usize> + 'a {
        let first = self.first;
        self.touched.iter().map(move |column| *column as usize - first)
    }

    /// The first `k` of them, and the run that begins with the next.
    pub(in super::super) fn split_at(self, k: usize) -> (Self, Self) {
        let (touched, touched_2) = self.touched.split_at(k);
        let first = touched_2.first().map_or(self.first, |column| *column as usize);
        (
            Self { touched, starts: &self.starts[..=k], ..self },
            Self { touched: touched_2, starts: &self.starts[k..], first, ..self },
        )
    }
}
