//! Views over flat `f32` slices: rows, columns and strides, checked once, here.

use std::marker::PhantomData;
use std::slice;

/// How a matrix lies in memory: element `(i, j)` is `i * row_stride + j * column_stride` from the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl Shape {
    /// The slice length that the matrix needs; `None` where that is beyond `usize`.
    fn required_len(self) -> Option<usize> {
        if self.rows == 0 || self.columns == 0 {
            return Some(0);
        }
        let last_row = (self.rows - 1).checked_mul(self.row_stride)?;
        let last_column = (self.columns - 1).checked_mul(self.column_stride)?;
        last_row.checked_add(last_column)?.checked_add(1)
    }

    /// Checks that the matrix lies inside a slice of `len`.
    #[track_caller]
    fn check_len(self, len: usize) {
        let Self { rows, columns, row_stride, column_stride } = self;
        assert!(
            self.required_len().is_some_and(|needed| needed <= len),
            "a {rows} x {columns} view with strides ({row_stride}, {column_stride}) does not fit a slice of {len}",
        );
    }

    /// Whether no two elements share a place: the longer stride must step over the whole extent of the other direction.
    fn is_distinct(self) -> bool {
        let steps_over = |long: usize, short: usize, count: usize| {
            short > 0 && short.checked_mul(count).is_some_and(|extent| long >= extent)
        };
        match (self.rows, self.columns) {
            (0, _) | (_, 0) | (1, 1) => true,
            (1, _) => self.column_stride > 0,
            (_, 1) => self.row_stride > 0,
            _ => {
                steps_over(self.row_stride, self.column_stride, self.columns)
                    || steps_over(self.column_stride, self.row_stride, self.rows)
            }
        }
    }

    fn transpose(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
        }
    }

    /// Where element `(i, j)` is, from the first.
    ///
    /// # Panics
    /// If the index is out of range.
    #[track_caller]
    #[inline(always)]
    fn offset(self, i: usize, j: usize) -> usize {
        assert!(
            i < self.rows && j < self.columns,
            "({i}, {j}) of a {} x {} view",
            self.rows,
            self.columns
        );
        i * self.row_stride + j * self.column_stride
    }
}

/// A read-only matrix in a flat slice: element `(i, j)` is at `i * row_stride + j * column_stride`.
#[derive(Clone, Copy, Debug)]
pub struct MatrixRef<'a> {
    data: &'a [f32],
    shape: Shape,
}

impl<'a> MatrixRef<'a> {
    /// A row-major `rows × columns` matrix without padding.
    ///
    /// # Panics
    /// If `data` is shorter than `rows * columns`.
    #[track_caller]
    pub fn new(data: &'a [f32], rows: usize, columns: usize) -> Self {
        Self::with_strides(data, rows, columns, columns, 1)
    }

    /// A matrix with any strides, in elements; rows may be padded, columns may be the contiguous direction.
    ///
    /// # Panics
    /// If an element would lie outside `data`.
    #[track_caller]
    pub fn with_strides(
        data: &'a [f32],
        rows: usize,
        columns: usize,
        row_stride: usize,
        column_stride: usize,
    ) -> Self {
        let shape = Shape { rows, columns, row_stride, column_stride };
        shape.check_len(data.len());
        Self { data, shape }
    }

    /// The transposed view: rows become columns. Nothing moves.
    pub fn transpose(self) -> Self {
        Self { shape: self.shape.transpose(), ..self }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.shape.rows
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.shape.columns
    }

    /// Elements from one row to the next.
    pub fn row_stride(&self) -> usize {
        self.shape.row_stride
    }

    /// Elements from one column to the next.
    pub fn column_stride(&self) -> usize {
        self.shape.column_stride
    }

    /// Element `(i, j)`.
    ///
    /// # Panics
    /// If the index is out of range.
    #[track_caller]
    pub fn get(&self, i: usize, j: usize) -> f32 {
        self.data[self.shape.offset(i, j)]
    }

    /// Row `i` as a slice; `None` where the columns are not contiguous.
    ///
    /// # Panics
    /// If there is no row `i`.
    #[track_caller]
    #[inline(always)]
    pub fn row(&self, i: usize) -> Option<&'a [f32]> {
        let Shape { rows, columns, row_stride, column_stride } = self.shape;
        assert!(i < rows, "row {i} of {rows}");
        if columns == 0 {
            return Some(&[]);
        }
        let start = i * row_stride;
        (column_stride == 1 || columns == 1).then(|| &self.data[start..start + columns])
    }

    /// The part from `(i, j)` on, `rows × columns`.
    ///
    /// # Panics
    /// If the part reaches outside the matrix.
    #[track_caller]
    pub fn block(&self, i: usize, j: usize, rows: usize, columns: usize) -> MatrixRef<'a> {
        assert!(
            i + rows <= self.shape.rows && j + columns <= self.shape.columns,
            "block ({i}, {j}) + {rows} x {columns} of a {} x {} view",
            self.shape.rows,
            self.shape.columns
        );
        // Of no elements the place may lie beyond the slice.
        let start = if rows == 0 || columns == 0 { 0 } else { self.shape.offset(i, j) };
        MatrixRef { data: &self.data[start..], shape: Shape { rows, columns, ..self.shape } }
    }

    /// Splits into the rows before `i` and the rows from `i` on.
    #[track_caller]
    pub(crate) fn split_at_row(self, i: usize) -> (Self, Self) {
        let (rows, columns) = (self.rows(), self.columns());
        (self.block(0, 0, i, columns), self.block(i, 0, rows - i, columns))
    }

    /// Splits into the columns before `j` and the columns from `j` on.
    #[track_caller]
    pub(crate) fn split_at_column(self, j: usize) -> (Self, Self) {
        let (left, right) = self.transpose().split_at_row(j);
        (left.transpose(), right.transpose())
    }

    /// Whether the matrix lies row after row.
    pub(crate) fn has_rows(&self) -> bool {
        self.column_stride() == 1 && self.row_stride() >= self.columns()
    }

    /// The elements from `(0, 0)` on, as they lie in memory.
    pub(crate) fn as_slice(&self) -> &'a [f32] {
        self.data
    }
}

/// A matrix that can be written, in a flat slice: element `(i, j)` is at `i * row_stride + j * column_stride`.
///
/// It can be split into disjoint parts along either direction, which a slice cannot;
/// that is why it holds a pointer.
#[derive(Debug)]
pub struct MatrixMut<'a> {
    /// Every element of `shape` is inside the slice the view was made from, no two of them are the same, and no other
    /// view holds any of them.
    data: *mut f32,
    shape: Shape,
    lifetime: PhantomData<&'a mut [f32]>,
}

// SAFETY: a `MatrixMut` is the one holder of its elements (the invariant of `data`), as `&mut [f32]` is.
unsafe impl Send for MatrixMut<'_> {}

impl<'a> MatrixMut<'a> {
    /// A row-major `rows × columns` matrix without padding.
    ///
    /// # Panics
    /// If `data` is shorter than `rows * columns`.
    #[track_caller]
    pub fn new(data: &'a mut [f32], rows: usize, columns: usize) -> Self {
        Self::with_strides(data, rows, columns, columns, 1)
    }

    /// A matrix with any strides, in elements, under which no two elements coincide.
    ///
    /// # Panics
    /// If an element would lie outside `data`, or two elements could share a place
    /// (the longer stride must step over the whole extent of the other direction).
    #[track_caller]
    pub fn with_strides(
        data: &'a mut [f32],
        rows: usize,
        columns: usize,
        row_stride: usize,
        column_stride: usize,
    ) -> Self {
        let shape = Shape { rows, columns, row_stride, column_stride };
        shape.check_len(data.len());
        assert!(
            shape.is_distinct(),
            "elements of a {rows} x {columns} view with strides ({row_stride}, {column_stride}) overlap",
        );
        Self { data: data.as_mut_ptr(), shape, lifetime: PhantomData }
    }

    /// The transposed view: rows become columns. Nothing moves.
    pub fn transpose(self) -> Self {
        Self { shape: self.shape.transpose(), ..self }
    }

    /// The same view for a shorter time.
    #[inline(always)]
    pub fn reborrow(&mut self) -> MatrixMut<'_> {
        MatrixMut { lifetime: PhantomData, ..*self }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.shape.rows
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.shape.columns
    }

    /// Elements from one row to the next.
    pub fn row_stride(&self) -> usize {
        self.shape.row_stride
    }

    /// Elements from one column to the next.
    pub fn column_stride(&self) -> usize {
        self.shape.column_stride
    }

    /// Element `(i, j)`.
    ///
    /// # Panics
    /// If the index is out of range.
    #[track_caller]
    pub fn at(&mut self, i: usize, j: usize) -> &mut f32 {
        let offset = self.shape.offset(i, j);
        // SAFETY: the index is in range (checked by `offset`), so the element is ours (invariant of `data`).
        unsafe { &mut *self.data.add(offset) }
    }

    /// Where element `(0, 0)` is; all others are reached from there by the strides.
    pub(crate) fn as_mut_ptr(&mut self) -> *mut f32 {
        self.data
    }

    /// Splits into the rows before `i` and the rows from `i` on.
    ///
    /// # Panics
    /// If there are fewer than `i` rows.
    #[track_caller]
    pub fn split_at_row(self, i: usize) -> (MatrixMut<'a>, MatrixMut<'a>) {
        let Shape { rows, row_stride, .. } = self.shape;
        assert!(i <= rows, "split at row {i} of {rows}");
        // `wrapping_add`: with padded rows, the place after the last row may lie beyond the slice.
        let below = self.data.wrapping_add(i * row_stride);
        let part = |rows| Shape { rows, ..self.shape };
        (
            MatrixMut { shape: part(i), ..self },
            MatrixMut { data: below, shape: part(rows - i), ..self },
        )
    }

    /// Splits into the columns before `j` and the columns from `j` on.
    ///
    /// # Panics
    /// If there are fewer than `j` columns.
    #[track_caller]
    pub fn split_at_column(self, j: usize) -> (MatrixMut<'a>, MatrixMut<'a>) {
        let (left, right) = self.transpose().split_at_row(j);
        (left.transpose(), right.transpose())
    }

    /// `N` contiguous elements of each of `M` rows, from `(i, j)` on.
    ///
    /// # Panics
    /// If the tile reaches outside the matrix or the columns are not contiguous.
    #[track_caller]
    #[inline(always)]
    pub(crate) fn tile<const M: usize, const N: usize>(
        &mut self,
        i: usize,
        j: usize,
    ) -> [&mut [f32; N]; M] {
        let Shape { rows, columns, row_stride, column_stride } = self.shape;
        assert!(i + M <= rows && j + N <= columns && column_stride == 1);
        std::array::from_fn(|r| {
            let offset = (i + r) * row_stride + j;
            // SAFETY: elements (i + r, j..j + N) are in range, so they are ours (invariant of `data`);
            // they are contiguous (column stride 1), and the rows r of one tile do not overlap.
            unsafe { &mut *self.data.add(offset).cast::<[f32; N]>() }
        })
    }

    /// `count` contiguous elements of row `i`, from column `j` on.
    ///
    /// # Panics
    /// If they reach outside the matrix or the columns are not contiguous.
    #[track_caller]
    #[inline(always)]
    pub(crate) fn row_part(&mut self, i: usize, j: usize, count: usize) -> &mut [f32] {
        let Shape { rows, columns, row_stride, column_stride } = self.shape;
        assert!(i < rows && j + count <= columns && column_stride == 1);
        // Of no elements the place may lie beyond the slice.
        let offset = if count == 0 { 0 } else { i * row_stride + j };
        // SAFETY: elements (i, j..j + count) are in range, so they are ours (invariant of `data`),
        // and they are contiguous.
        unsafe { slice::from_raw_parts_mut(self.data.add(offset), count) }
    }

    /// `count` contiguous elements of column `j`, from row `i` on.
    ///
    /// # Panics
    /// If they reach outside the matrix or the rows are not contiguous.
    #[track_caller]
    #[inline(always)]
    pub(crate) fn column_part(&mut self, i: usize, j: usize, count: usize) -> &mut [f32] {
        let Shape { rows, columns, row_stride, column_stride } = self.shape;
        assert!(j < columns && i + count <= rows && row_stride == 1);
        // Of no elements the place may lie beyond the slice.
        let offset = if count == 0 { 0 } else { i + j * column_stride };
        // SAFETY: elements (i..i + count, j) are in range, so they are ours (invariant of `data`),
        // and they are contiguous.
        unsafe { slice::from_raw_parts_mut(self.data.add(offset), count) }
    }
}
