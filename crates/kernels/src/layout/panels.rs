//! Matrices kept in panels of sixteen columns: the one layout in which everything that trains is kept.
//!
//! ```text
//! row-major, 3 × 40               panels: [⌈columns / 16⌉][rows] lines of 16
//! r0  aaaaaaaaaaaaaaaa bbb… cc    panel 0: r0 aaaaaaaaaaaaaaaa   panel 1: r0 bbb…   panel 2: r0 cc000000
//! r1  dddddddddddddddd eee… ff             r1 dddddddddddddddd            r1 eee…            r1 ff000000
//! r2  gggggggggggggggg hhh… ii             r2 gggggggggggggggg            r2 hhh…            r2 ii000000
//! ```
//!
//! A panel is contiguous and every row of it is one cache line. That is what a microkernel wants of B, so weights
//! that stay in panels need no packing before a product. It serves as A too: a tile of rows is a run of
//! lines in each panel. And the 16 × 16 blocks of it are 1 KB each in one piece, cheap to transpose.
//! Row-major with 512 columns would put the lines of a panel 2,048 bytes apart, on two sets of the L1 cache.
//!
//! The columns behind the last one are padding. They hold zeros, and operations on finite numbers keep them zero. Nothing that
//! is not padding depends on them.

use std::collections::TryReserveError;
use std::marker::PhantomData;
use std::slice;

use super::large_pages::ask_for_large_pages;
use super::matrix::{MatrixMut, MatrixRef};
use super::packing::pack;
use crate::simd::{Isa, LANES, Line};

/// A matrix in panels of [`LANES`] columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panels {
    lines: Vec<Line>,
    rows: usize,
    columns: usize,
}

impl Panels {
    /// `rows × columns` zeros.
    ///
    /// # Panics
    /// If there is not as much memory. [`Panels::try_zeros`] says so instead.
    #[track_caller]
    pub fn zeros(rows: usize, columns: usize) -> Self {
        match Self::try_zeros(rows, columns) {
            Ok(panels) => panels,
            Err(error) => panic!("{rows} x {columns} numbers in panels: {error}"),
        }
    }

    /// `rows × columns` zeros.
    ///
    /// # Errors
    /// If there is not as much memory.
    pub fn try_zeros(rows: usize, columns: usize) -> Result<Self, TryReserveError> {
        let mut panels = Self { lines: Vec::new(), rows: 0, columns };
        panels.resize(rows)?;
        Ok(panels)
    }

    /// Bytes that `rows × columns` numbers take in panels, padding included; `usize::MAX` stands for all that is too much
    /// to count.
    pub fn bytes(rows: usize, columns: usize) -> usize {
        line_count(rows, columns).saturating_mul(size_of::<Line>())
    }

    /// A copy of a matrix, in panels.
    pub fn from_matrix(matrix: MatrixRef<'_>) -> Self {
        let mut panels = Self::zeros(matrix.rows(), matrix.columns());
        panels.copy_from(matrix);
        panels
    }

    /// Takes over the numbers of a matrix of the same shape.
    ///
    /// # Panics
    /// If the shapes differ.
    #[track_caller]
    pub fn copy_from(&mut self, matrix: MatrixRef<'_>) {
        assert_eq!((matrix.rows(), matrix.columns()), (self.rows, self.columns), "shape");
        pack(Isa::active(), matrix, &mut self.lines);
    }

    /// The numbers row by row, `rows × columns` without padding.
    pub fn to_row_major(&self) -> Vec<f32> {
        let mut values = vec![0.0; self.rows * self.columns];
        self.copy_to(MatrixMut::new(&mut values, self.rows, self.columns));
        values
    }

    /// Writes the numbers into a matrix of the same shape.
    ///
    /// # Panics
    /// If the shapes differ.
    #[track_caller]
    pub fn copy_to(&self, mut matrix: MatrixMut<'_>) {
        assert_eq!((matrix.rows(), matrix.columns()), (self.rows, self.columns), "shape");
        for j in 0..self.columns {
            for (i, line) in self.panel(j / LANES).iter().enumerate() {
                *matrix.at(i, j) = line.0[j % LANES];
            }
        }
    }

    /// Another number of rows. The contents are lost unless the number stays the same;
    /// nothing is allocated up to the largest number of rows there has been.
    ///
    /// # Panics
    /// If there is not as much memory. The matrix has no rows then.
    #[track_caller]
    pub fn set_rows(&mut self, rows: usize) {
        if rows != self.rows
            && let Err(error) = self.resize(rows)
        {
            panic!("{rows} x {} numbers in panels: {error}", self.columns);
        }
    }

    /// `rows` rows of zeros; none if there is not as much memory.
    fn resize(&mut self, rows: usize) -> Result<(), TryReserveError> {
        // No rows are claimed before their lines are there: views read and write as many without another check.
        self.rows = 0;
        self.lines.clear();
        let count = line_count(rows, self.columns);
        self.lines.try_reserve_exact(count)?;
        ask_for_large_pages(self.lines.spare_capacity_mut());
        self.lines.resize(count, Line::ZERO);
        self.rows = rows;
        Ok(())
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns, padding not counted.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Number of panels.
    pub fn panels(&self) -> usize {
        self.columns.div_ceil(LANES)
    }

    /// Element `(i, j)`.
    ///
    /// # Panics
    /// If the index is out of range.
    #[track_caller]
    pub fn get(&self, i: usize, j: usize) -> f32 {
        assert!(j < self.columns);
        self.panel(j / LANES)[i].0[j % LANES]
    }

    /// Panel `q`: columns `16·q` to `16·q + 15`, a line a row.
    ///
    /// # Panics
    /// If there is no such panel.
    #[track_caller]
    #[inline]
    pub fn panel(&self, q: usize) -> &[Line] {
        &self.lines[q * self.rows..][..self.rows]
    }

    /// The numbers of row `i` in pieces, a panel's each: all of them have [`LANES`] numbers but the last, which leaves the
    /// padding out.
    ///
    /// # Panics
    /// If there is no such row.
    #[track_caller]
    pub fn row(&self, i: usize) -> impl Iterator<Item = &[f32]> {
        assert!(i < self.rows, "row {i} of {}", self.rows);
        let width = |q: usize| LANES.min(self.columns - q * LANES);
        let lines = self.lines.iter().skip(i).step_by(self.rows);
        lines.enumerate().map(move |(q, line)| &line.0[..width(q)])
    }

    /// [`Panels::row`], to write.
    ///
    /// # Panics
    /// If there is no such row.
    #[track_caller]
    pub fn row_mut(&mut self, i: usize) -> impl Iterator<Item = &mut [f32]> {
        assert!(i < self.rows, "row {i} of {}", self.rows);
        let columns = self.columns;
        let width = move |q: usize| LANES.min(columns - q * LANES);
        let lines = self.lines.iter_mut().skip(i).step_by(self.rows);
        lines.enumerate().map(move |(q, line)| &mut line.0[..width(q)])
    }

    /// All of it, to read.
    #[inline]
    pub(crate) fn view(&self) -> PanelsRef<'_> {
        let (panels, rows) = (self.panels(), self.rows);
        PanelsRef {
            lines: self.lines.as_ptr(),
            extent: Extent { panels, rows, stride: rows },
            lifetime: PhantomData,
        }
    }

    /// All of it, to write.
    #[inline]
    pub(crate) fn view_mut(&mut self) -> PanelsMut<'_> {
        let (panels, rows) = (self.panels(), self.rows);
        PanelsMut {
            lines: self.lines.as_mut_ptr(),
            extent: Extent { panels, rows, stride: rows },
            lifetime: PhantomData,
        }
    }
}

/// Lines of `rows × columns` numbers; `usize::MAX`, which nobody can have, where there are more.
fn line_count(rows: usize, columns: usize) -> usize {
    columns.div_ceil(LANES).saturating_mul(rows)
}

/// A run of rows of a run of panels: line `i` of panel `q` is `q * stride + i` from the first.
#[derive(Clone, Copy)]
struct Extent {
    panels: usize,
    rows: usize,
    stride: usize,
}

impl Extent {
    /// The rows before `i`, and those from `i` on, which begin so many lines later.
    #[track_caller]
    #[inline(always)]
    fn split_at_row(self, i: usize) -> (Self, Self, usize) {
        assert!(i <= self.rows, "split at row {i} of {}", self.rows);
        (Self { rows: i, ..self }, Self { rows: self.rows - i, ..self }, i)
    }

    /// The panels before `q`, and those from `q` on, which begin so many lines later.
    #[track_caller]
    #[inline(always)]
    fn split_at_panel(self, q: usize) -> (Self, Self, usize) {
        assert!(q <= self.panels, "split at panel {q} of {}", self.panels);
        (Self { panels: q, ..self }, Self { panels: self.panels - q, ..self }, q * self.stride)
    }
}

/// A run of rows of a run of panels, to read.
#[derive(Clone, Copy)]
pub(crate) struct PanelsRef<'a> {
    /// All lines of `extent` are there to read for `'a`.
    lines: *const Line,
    extent: Extent,
    lifetime: PhantomData<&'a [Line]>,
}

// SAFETY: a `PanelsRef` only reads what nobody writes meanwhile (the invariant of `lines`), as `&[Line]` does.
unsafe impl Send for PanelsRef<'_> {}
// SAFETY: as above.
unsafe impl Sync for PanelsRef<'_> {}

impl<'a> PanelsRef<'a> {
    #[inline(always)]
    pub(crate) fn rows(&self) -> usize {
        self.extent.rows
    }

    /// The rows of this view in its panel `q`.
    #[track_caller]
    #[inline(always)]
    pub(crate) fn panel(&self, q: usize) -> &'a [Line] {
        let Extent { panels, rows, stride } = self.extent;
        assert!(q < panels, "panel {q} of {panels}");
        // SAFETY: lines q * stride .. + rows are there to read (invariant of `lines`) and contiguous.
        unsafe { slice::from_raw_parts(self.lines.add(q * stride), rows) }
    }

    /// The rows of this view in its panels `q` to `q + P - 1`.
    #[track_caller]
    #[inline(always)]
    pub(crate) fn group<const P: usize>(&self, q: usize) -> [&'a [Line]; P] {
        let mut next = q;
        [(); P].map(|()| {
            next += 1;
            self.panel(next - 1)
        })
    }

    /// Splits into the rows before `i` and the rows from `i` on.
    #[track_caller]
    pub(crate) fn split_at_row(self, i: usize) -> (Self, Self) {
        let (above, below, lines) = self.extent.split_at_row(i);
        self.split(above, below, lines)
    }

    /// Splits into the panels before `q` and the panels from `q` on.
    #[track_caller]
    pub(crate) fn split_at_panel(self, q: usize) -> (Self, Self) {
        let (left, right, lines) = self.extent.split_at_panel(q);
        self.split(left, right, lines)
    }

    fn split(self, first: Extent, second: Extent, lines: usize) -> (Self, Self) {
        // `wrapping_add`: of an empty remainder the place may lie beyond the allocation.
        let place = self.lines.wrapping_add(lines);
        (Self { extent: first, ..self }, Self { lines: place, extent: second, ..self })
    }
}

/// A run of rows of a run of panels, to write; can be split either way, which a slice cannot.
pub(crate) struct PanelsMut<'a> {
    /// All lines of `extent` lie in the `Panels` this came from, and no other view holds any of them.
    lines: *mut Line,
    extent: Extent,
    lifetime: PhantomData<&'a mut [Line]>,
}

// SAFETY: a `PanelsMut` is the one holder of its lines (the invariant of `lines`), as `&mut [Line]` is.
unsafe impl Send for PanelsMut<'_> {}

impl<'a> PanelsMut<'a> {
    #[inline(always)]
    pub(crate) fn rows(&self) -> usize {
        self.extent.rows
    }

    #[inline(always)]
    pub(crate) fn panels(&self) -> usize {
        self.extent.panels
    }

    /// The rows of this view in its panel `q`.
    #[track_caller]
    #[inline(always)]
    pub(crate) fn panel(&mut self, q: usize) -> &mut [Line] {
        let Extent { panels, rows, stride } = self.extent;
        assert!(q < panels, "panel {q} of {panels}");
        // SAFETY: lines q * stride .. + rows are ours (invariant of `lines`) and contiguous.
        unsafe { slice::from_raw_parts_mut(self.lines.add(q * stride), rows) }
    }

    /// The rows of this view in its panels `q` to `q + P - 1`.
    #[track_caller]
    #[inline(always)]
    pub(crate) fn group<const P: usize>(&mut self, q: usize) -> [&mut [Line]; P] {
        let Extent { panels, rows, stride } = self.extent;
        assert!(q + P <= panels, "panels {q} to {} of {panels}", q + P);
        let mut t = 0;
        [(); P].map(|()| {
            let first = self.lines.wrapping_add((q + t) * stride);
            t += 1;
            // SAFETY: as in `panel`, and no two panels share a line.
            unsafe { slice::from_raw_parts_mut(first, rows) }
        })
    }

    /// The same lines, to read.
    #[inline(always)]
    pub(crate) fn as_ref(&self) -> PanelsRef<'_> {
        PanelsRef { lines: self.lines, extent: self.extent, lifetime: PhantomData }
    }

    /// The same lines for a shorter time.
    #[inline(always)]
    pub(crate) fn reborrow(&mut self) -> PanelsMut<'_> {
        PanelsMut { lifetime: PhantomData, ..*self }
    }

    /// Splits into the rows before `i` and the rows from `i` on.
    #[track_caller]
    pub(crate) fn split_at_row(self, i: usize) -> (Self, Self) {
        let (above, below, lines) = self.extent.split_at_row(i);
        self.split(above, below, lines)
    }

    /// Splits into the panels before `q` and the panels from `q` on.
    #[track_caller]
    pub(crate) fn split_at_panel(self, q: usize) -> (Self, Self) {
        let (left, right, lines) = self.extent.split_at_panel(q);
        self.split(left, right, lines)
    }

    fn split(self, first: Extent, second: Extent, lines: usize) -> (Self, Self) {
        // `wrapping_add`: of an empty remainder the place may lie beyond the allocation.
        let place = self.lines.wrapping_add(lines);
        (Self { extent: first, ..self }, Self { lines: place, extent: second, ..self })
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn rows_are_read_and_written_in_pieces() {
        for (rows, columns) in [(3, 40), (1, 16), (2, 15), (4, 33), (5, 1), (2, 0)] {
            let values: Vec<f32> = (1..=rows * columns).map(|x| x as f32).collect();
            let mut panels = Panels::zeros(rows, columns);
            for i in 0..rows {
                let row = &values[i * columns..][..columns];
                for (piece, numbers) in panels.row_mut(i).zip(row.chunks(LANES)) {
                    piece.copy_from_slice(numbers);
                }
                assert_eq!(panels.row(i).collect::<Vec<_>>().concat(), row);
                assert_eq!(panels.row(i).count(), columns.div_ceil(LANES));
            }
            // The padding is compared, too.
            assert_eq!(panels, Panels::from_matrix(MatrixRef::new(&values, rows, columns)));
        }
    }

    #[test]
    fn bytes_count_the_padding() {
        assert_eq!([Panels::bytes(3, 16), Panels::bytes(3, 17)], [3 * 64, 6 * 64]);
        assert_eq!(Panels::bytes(1 << 60, 256), usize::MAX);
        assert!(Panels::try_zeros(1 << 44, 256).is_err());
        assert!(Panels::try_zeros(1 << 60, 256).is_err());
    }

    #[test]
    #[should_panic(expected = "1152921504606846976 x 256")]
    fn more_numbers_than_can_be_counted_panic() {
        Panels::zeros(1 << 60, 256);
    }

    #[test]
    fn a_number_of_rows_that_cannot_be_had_leaves_no_rows() {
        // The lines of the first cannot be counted, those of the second lie beyond any address space.
        for rows in [1 << 60, 1 << 44] {
            let mut panels = Panels::zeros(3, 256);
            assert!(catch_unwind(AssertUnwindSafe(|| panels.set_rows(rows))).is_err());
            assert_eq!((panels.rows(), panels.lines.len()), (0, 0), "{rows} rows");
            panels.set_rows(2);
            assert_eq!(panels, Panels::zeros(2, 256));
        }
    }
}
