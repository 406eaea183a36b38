//! The non-zeros of a batch, row by row, each row in segments of columns.
//!
//! A part is sixteen rows. It is listed only if few enough of its numbers are not zero, so it is known beforehand how much room a
//! run of parts takes, and a task that lists one has to wait for no other. Of sparse rows it is known exactly.

use std::sync::atomic::{AtomicBool, Ordering};

use super::super::examples::{Examples, unit};
use crate::layout::{Csr, MatrixRef, RowStorage, Rows};
use crate::parallel::{self, Side, Split};
use crate::simd::{Entry, Isa, Kernel, LANES, Simd, prefetch};

/// Rows of which the non-zeros are counted together, to see whether listing them pays.
const PART: usize = 16;

/// Columns of X in a segment: 784 are three. Of 272 rows of W, 4 panels are 68 KiB, of which a batch of MNIST's pixels
/// touches a part. It matters little: from 112 to 400, an epoch took the same within 4 % (2026-11-23, Zen 4).
/// A multiple of 16, so that segments are listed by whole vectors.
const SEGMENT: usize = 272;

/// Sparse rows have no more segments than leave so many non-zeros to each, on average: fewer are not worth the visit.
const ENTRIES_A_SEGMENT: usize = 32;

/// Shuffled rows lie anywhere in memory: each is asked for this many rows before it is read.
const ROWS_AHEAD: usize = 2;

/// The non-zeros of a batch, row by row.
#[derive(Clone, Debug, Default)]
pub(super) struct ByRow {
    rows: usize,
    columns: usize,
    segments: Segments,
    entries: Vec<Entry>,
    /// For each row, where in `entries` its segments start, and its end: rows × (segments + 1).
    cuts: Vec<usize>,
    len: usize,
}

/// How rows are cut: into `count` segments of `width` columns, of which the last may have fewer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Segments {
    pub(super) count: usize,
    pub(super) width: usize,
}

impl Segments {
    fn of(rows: &Rows<'_>) -> Self {
        let columns = rows.columns();
        let most = columns.div_ceil(SEGMENT);
        let count = match &rows.storage {
            RowStorage::Bytes { .. } | RowStorage::Floats(_) => most,
            RowStorage::Sparse(csr) => {
                (csr.non_zeros() / csr.rows().max(1) / ENTRIES_A_SEGMENT).clamp(1, most)
            }
        };
        if count == most {
            return Self { count, width: SEGMENT };
        }
        let width = columns.div_ceil(count).next_multiple_of(LANES);
        Self { count: columns.div_ceil(width), width }
    }
}

impl ByRow {
    /// Lists the non-zeros of `examples`; gives up, with `false`, where more than a share of `most` of the numbers in a part
    /// are not zero.
    pub(super) fn list(&mut self, examples: Examples<'_>, most: f64) -> bool {
        let count = examples.len();
        self.rows = count;
        self.columns = examples.rows.columns();
        self.segments = Segments::of(examples.rows);
        // Only ever longer: what is in the lists is overwritten, so it need not be cleared.
        let room = room(examples, 0..count, most);
        if self.entries.len() < room {
            self.entries.resize(room, Entry::default());
        }
        let cuts = count * (self.segments.count + 1);
        self.cuts.resize(cuts, 0);
        let too_many = AtomicBool::new(false);
        let rows = ListRows {
            examples,
            first: 0,
            segments: self.segments,
            most,
            entries: &mut self.entries[..room],
            place: 0,
            cuts: &mut self.cuts,
            too_many: &too_many,
        };
        let work = match &examples.rows.storage {
            // A number is looked at in about the time of fifteen multiply-adds.
            RowStorage::Bytes { .. } | RowStorage::Floats(_) => 15 * count * self.columns,
            // An entry is copied in about the time of thirty.
            RowStorage::Sparse(_) => 30 * room,
        };
        // Each task leaves a gap behind its lists, so there are no more than threads.
        let tasks = parallel::tasks_for(work).min(rayon::current_num_threads());
        let grain = count.div_ceil(tasks).next_multiple_of(PART);
        parallel::run_in_parts(rows, Side::Rows, grain, &|rows: ListRows<'_, '_>| {
            Isa::active().run(rows);
        });
        self.len = self.cuts.chunks(self.segments.count + 1).map(length).sum();
        !too_many.into_inner()
    }

    /// Makes room for `count` of `rows`; gives the entries that there is room for.
    pub(super) fn reserve(&mut self, rows: &Rows<'_>, count: usize, most: f64) -> usize {
        (self.rows, self.len) = (0, 0);
        let room = most_room(rows, count, most);
        if self.entries.len() < room {
            self.entries.resize(room, Entry::default());
        }
        self.cuts.clear();
        self.cuts.reserve(count * (Segments::of(rows).count + 1));
        room
    }

    /// At least as many entries as [`ByRow::reserve`] makes room for, and as many bytes as it allocates; `usize::MAX` stands
    /// for all that is too much to count.
    pub(super) fn bytes(rows: &Rows<'_>, count: usize, most: f64) -> (usize, usize) {
        let entries = most_room(rows, count, most);
        let cuts = count.saturating_mul(Segments::of(rows).count + 1);
        let bytes = entries
            .saturating_mul(size_of::<Entry>())
            .saturating_add(cuts.saturating_mul(size_of::<usize>()));
        (entries, bytes)
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn segments(&self) -> Segments {
        self.segments
    }

    pub(super) fn view(&self) -> RowLists<'_> {
        RowLists { segments: self.segments.count, entries: &self.entries, cuts: &self.cuts }
    }
}

/// The entries of a row, from its cuts.
fn length(cuts: &[usize]) -> usize {
    cuts[cuts.len() - 1] - cuts[0]
}

/// The most non-zeros of a part of `rows` rows that are listed. Listing stops before the row after which they are more, and
/// sixteen entries are written at a time.
fn limit(rows: usize, columns: usize, most: f64) -> usize {
    (most * rows as f64 * columns as f64) as usize
}

/// The room that listing a part takes.
fn part_room(rows: usize, columns: usize, most: f64) -> usize {
    limit(rows, columns, most).saturating_add(columns + LANES)
}

/// The room that listing `count` rows takes in whole parts.
fn parts_room(count: usize, columns: usize, most: f64) -> usize {
    let whole = (count / PART).saturating_mul(part_room(PART, columns, most));
    let rest = count % PART;
    whole.saturating_add(if rest == 0 { 0 } else { part_room(rest, columns, most) })
}

/// The room that listing rows `range` of the batch takes; `range` starts with a part.
fn room(examples: Examples<'_>, range: std::ops::Range<usize>, most: f64) -> usize {
    match &examples.rows.storage {
        RowStorage::Bytes { columns, .. } => parts_room(range.len(), *columns, most),
        RowStorage::Floats(matrix) => parts_room(range.len(), matrix.columns(), most),
        RowStorage::Sparse(csr) => {
            let selection = examples.selection;
            range.map(|i| length(&csr.starts()[selection.index(i)..][..2])).sum()
        }
    }
}

/// The most room that listing `count` of the rows can take.
fn most_room(rows: &Rows<'_>, count: usize, most: f64) -> usize {
    match &rows.storage {
        RowStorage::Bytes { columns, .. } => parts_room(count, *columns, most),
        RowStorage::Floats(matrix) => parts_room(count, matrix.columns(), most),
        RowStorage::Sparse(csr) if count >= csr.rows() => csr.non_zeros(),
        RowStorage::Sparse(_) if count == 0 => 0,
        RowStorage::Sparse(csr) => {
            let mut lengths: Vec<usize> = csr.starts().windows(2).map(length).collect();
            lengths.select_nth_unstable_by(count - 1, |a, b| b.cmp(a));
            lengths[..count].iter().sum()
        }
    }
}

/// The listing of some rows of a batch.
struct ListRows<'a, 'b> {
    examples: Examples<'a>,
    /// The first row, in the batch.
    first: usize,
    segments: Segments,
    /// The share of non-zeros in a part up to which they are listed.
    most: f64,
    entries: &'b mut [Entry],
    /// Where the entries begin among those of the batch.
    place: usize,
    cuts: &'b mut [usize],
    /// Is set where there are more.
    too_many: &'a AtomicBool,
}

impl Split for ListRows<'_, '_> {
    fn len(&self, _: Side) -> usize {
        self.cuts.len() / (self.segments.count + 1)
    }

    fn split_at(self, _: Side, mid: usize) -> (Self, Self) {
        let Self { examples, first, segments, most, place, too_many, .. } = self;
        let room = room(examples, first..first + mid, most);
        let (entries, entries_2) = self.entries.split_at_mut(room);
        let (cuts, cuts_2) = self.cuts.split_at_mut(mid * (segments.count + 1));
        let (first_2, place_2) = (first + mid, place + room);
        (
            Self { examples, first, segments, most, entries, place, cuts, too_many },
            Self {
                examples,
                first: first_2,
                segments,
                most,
                entries: entries_2,
                place: place_2,
                cuts: cuts_2,
                too_many,
            },
        )
    }
}

impl Kernel for ListRows<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { examples, first, segments, most, entries, place, cuts, too_many } = self;
        let selection = examples.selection;
        let mut list = List { simd, entries, len: 0 };
        let count = cuts.len() / (segments.count + 1);
        // The most entries up to the end of the current part.
        let mut most_entries = usize::MAX;
        for (r, cuts) in cuts.chunks_mut(segments.count + 1).enumerate() {
            if r.is_multiple_of(PART) && !matches!(examples.rows.storage, RowStorage::Sparse(_)) {
                let rows = PART.min(count - r);
                most_entries = list.len + limit(rows, examples.rows.columns(), most);
            }
            let ahead = first + r + ROWS_AHEAD;
            let ahead = (ahead < selection.len()).then(|| selection.index(ahead));
            if let Some(row) = ahead {
                examples.rows.prefetch(row);
            }
            let row = selection.index(first + r);
            for (s, cut) in cuts.iter_mut().enumerate() {
                *cut = place + list.len;
                if s == segments.count {
                    break;
                }
                let from = s * segments.width;
                let to = examples.rows.columns().min(from + segments.width);
                match &examples.rows.storage {
                    RowStorage::Bytes { values, columns } => {
                        list.push_bytes(from, &values[row * columns..][from..to]);
                    }
                    RowStorage::Floats(matrix) => list.push_floats(matrix, row, ahead, from, to),
                    RowStorage::Sparse(csr) if segments.count == 1 => list.push_row(csr, row),
                    RowStorage::Sparse(csr) => list.push_columns(csr, row, from, to),
                }
            }
            if list.len > most_entries {
                too_many.store(true, Ordering::Relaxed);
            }
            if too_many.load(Ordering::Relaxed) {
                return;
            }
        }
    }
}

/// A list that grows.
struct List<'a, S: Simd> {
    simd: S,
    entries: &'a mut [Entry],
    len: usize,
}

impl<S: Simd> List<'_, S> {
    /// Sixteen numbers, the first in column `first`.
    #[inline(always)]
    fn push(&mut self, first: usize, numbers: S::Vector) {
        let to = self.entries[self.len..].first_chunk_mut().expect("room for a row");
        self.len += self.simd.list_non_zeros(numbers, first as u32, to);
    }

    /// A run of a row of bytes, the first in column `first`.
    #[inline(always)]
    fn push_bytes(&mut self, first: usize, bytes: &[u8]) {
        let (chunks, rest) = bytes.as_chunks::<LANES>();
        for (c, chunk) in chunks.iter().enumerate() {
            if u128::from_le_bytes(*chunk) != 0 {
                self.push(first + c * LANES, unit(self.simd, chunk));
            }
        }
        if !rest.is_empty() {
            let mut chunk = [0; LANES];
            chunk[..rest.len()].copy_from_slice(rest);
            self.push(first + chunks.len() * LANES, unit(self.simd, &chunk));
        }
    }

    /// Columns `from..to` of a row of numbers. Where the row lies in one piece, the same columns of row `ahead` are asked for
    /// line by line: all of its lines at once would be more than the CPU can wait for.
    #[inline(always)]
    fn push_floats(
        &mut self,
        matrix: &MatrixRef<'_>,
        row: usize,
        ahead: Option<usize>,
        from: usize,
        to: usize,
    ) {
        let simd = self.simd;
        if let Some(numbers) = matrix.row(row) {
            let ahead = ahead.and_then(|row| matrix.row(row)).unwrap_or(numbers);
            let (chunks, rest) = numbers[from..to].as_chunks();
            for (c, chunk) in chunks.iter().enumerate() {
                prefetch(&ahead[from + c * LANES..][..1]);
                let numbers = simd.load(chunk);
                if simd.non_zeros(numbers) != 0 {
                    self.push(from + c * LANES, numbers);
                }
            }
            if !rest.is_empty() {
                self.push(from + chunks.len() * LANES, simd.load_part(rest));
            }
            return;
        }
        for first in (from..to).step_by(LANES) {
            let mut numbers = [0.0; LANES];
            for (number, j) in numbers.iter_mut().zip(first..to) {
                *number = matrix.get(row, j);
            }
            self.push(first, simd.load(&numbers));
        }
    }

    /// A sparse row.
    #[inline(always)]
    fn push_row(&mut self, csr: &Csr<'_>, row: usize) {
        let (indices, values) = csr.row(row);
        let to = &mut self.entries[self.len..][..indices.len()];
        for ((to, index), value) in to.iter_mut().zip(indices).zip(values) {
            *to = Entry { index: *index, value: *value };
        }
        self.len += indices.len();
    }

    /// Columns `from..to` of a sparse row.
    #[inline(always)]
    fn push_columns(&mut self, csr: &Csr<'_>, row: usize, from: usize, to: usize) {
        let (indices, values) = csr.row(row);
        let place = |column: usize| indices.partition_point(|index| (*index as usize) < column);
        let part = place(from)..place(to);
        for (index, value) in indices[part.clone()].iter().zip(&values[part]) {
            self.entries[self.len] = Entry { index: *index, value: *value };
            self.len += 1;
        }
    }
}

/// The lists of a run of rows.
#[derive(Clone, Copy)]
pub(in super::super) struct RowLists<'a> {
    /// Segments in a row.
    segments: usize,
    entries: &'a [Entry],
    cuts: &'a [usize],
}

impl<'a> RowLists<'a> {
    /// Those from row `i` on.
    pub(in super::super) fn from(self, i: usize) -> Self {
        Self { cuts: &self.cuts[i * (self.segments + 1)..], ..self }
    }

    /// Segments in a row.
    #[inline(always)]
    pub(in super::super) fn segments(&self) -> usize {
        self.segments
    }

    /// The non-zeros of segment `s` of row `i`, columns ascending.
    #[inline(always)]
    pub(in super::super) fn segment(&self, i: usize, s: usize) -> &'a [Entry] {
        self.segments_from(i, s, 1)
    }

    /// The non-zeros of segment `s` of row `i`, and all entries from the first of them on.
    #[inline(always)]
    pub(in super::super) fn segment_and_after(
        &self,
        i: usize,
        s: usize,
    ) -> (&'a [Entry], &'a [Entry]) {
        let cuts = &self.cuts[i * (self.segments + 1) + s..][..2];
        (&self.entries[cuts[0]..cuts[1]], &self.entries[cuts[0]..])
    }

    /// The non-zeros of `count` segments of row `i` from segment `s` on, columns ascending.
    #[inline(always)]
    pub(in super::super) fn segments_from(&self, i: usize, s: usize, count: usize) -> &'a [Entry] {
        let cuts = &self.cuts[i * (self.segments + 1) + s..][..=count];
        &self.entries[cuts[0]..cuts[count]]
    }
}
