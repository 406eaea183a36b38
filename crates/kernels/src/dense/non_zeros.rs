//! The non-zeros of a batch, listed by row for the forward product and by column for the update.

mod by_column;
mod by_row;

pub(super) use by_column::ColumnLists;
pub(super) use by_row::RowLists;

use self::by_column::ByColumn;
use self::by_row::ByRow;
use super::examples::Examples;
use crate::layout::Rows;

/// The non-zeros of a batch, listed by row and by column.
#[derive(Clone, Debug, Default)]
pub struct NonZeros {
    by_row: ByRow,
    by_column: ByColumn,
    /// Whether the lists by column have been made.
    has_columns: bool,
}

impl NonZeros {
    /// Lists the non-zeros of `examples` by row. It gives up, with `false`, where more than a share of `most` of the numbers
    /// of sixteen neighbours are not zero; of sparse rows, it lists all.
    pub(super) fn list(&mut self, examples: Examples<'_>, most: f64) -> bool {
        self.has_columns = false;
        self.by_row.list(examples, most)
    }

    /// Lists by column what is listed by row.
    pub(super) fn list_by_column(&mut self) {
        self.by_column.sort(&self.by_row);
        self.has_columns = true;
    }

    /// Makes room, so that listing up to `count` of `rows` allocates nothing.
    pub(super) fn reserve(&mut self, rows: &Rows<'_>, count: usize, most: f64, by_column: bool) {
        self.has_columns = false;
        let entries = self.by_row.reserve(rows, count, most);
        if by_column {
            self.by_column.reserve(rows.columns(), entries);
        }
    }

    /// At least as many bytes as [`NonZeros::reserve`] allocates.
    pub(super) fn bytes(rows: &Rows<'_>, count: usize, most: f64, by_column: bool) -> usize {
        let (entries, bytes) = ByRow::bytes(rows, count, most);
        let by_column = if by_column { ByColumn::bytes(rows.columns(), entries) } else { 0 };
        bytes.saturating_add(by_column)
    }

    /// All rows.
    pub(super) fn by_rows(&self) -> RowLists<'_> {
        self.by_row.view()
    }

    /// All columns that have a non-zero.
    pub(super) fn by_columns(&self) -> ColumnLists<'_> {
        assert!(self.has_columns, "a batch for inference is not made for an update");
        self.by_column.view()
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.by_row.rows()
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.by_row.columns()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_row.len()
    }

    /// Whether every number is zero.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
