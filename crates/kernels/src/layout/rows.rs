//! Examples as they lie in memory: what a batch is gathered from. Shared by whoever owns data and whoever trains.

use super::csr::Csr;
use super::matrix::MatrixRef;
use crate::simd::prefetch;

/// Input rows in memory, one example a row, each of at least one number.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    pub(crate) storage: RowStorage<'a>,
}

/// The forms in which rows lie in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RowStorage<'a> {
    /// Bytes, `rows × columns` without padding; a byte `b` stands for the number `b / 255`.
    Bytes {
        /// The bytes, row after row.
        values: &'a [u8],
        /// Bytes in a row, at least 1.
        columns: usize,
    },
    /// Numbers as they are, at least one in a row.
    Floats(MatrixRef<'a>),
    /// The numbers that are not zero, as they are.
    Sparse(&'a Csr<'a>),
}

impl<'a> Rows<'a> {
    /// Rows of `columns` bytes each, one after the other without padding. A byte `b` stands for the number `b / 255`.
    ///
    /// # Panics
    /// If `columns` is 0, or `values` is not a whole number of rows.
    #[track_caller]
    pub fn bytes(values: &'a [u8], columns: usize) -> Self {
        assert!(columns > 0, "rows of 0 columns");
        assert!(
            values.len().is_multiple_of(columns),
            "{} bytes are no rows of {columns}",
            values.len()
        );
        Self { storage: RowStorage::Bytes { values, columns } }
    }

    /// The rows of a matrix, rows × columns. Its numbers are taken as they are.
    ///
    /// # Panics
    /// If the matrix has 0 columns.
    #[track_caller]
    pub fn floats(matrix: MatrixRef<'a>) -> Self {
        assert!(matrix.columns() > 0, "rows of 0 columns");
        Self { storage: RowStorage::Floats(matrix) }
    }

    /// Sparse rows. Their numbers are taken as they are.
    pub fn sparse(csr: &'a Csr<'_>) -> Self {
        Self { storage: RowStorage::Sparse(csr) }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match self.storage {
            RowStorage::Bytes { values, columns } => values.len() / columns,
            RowStorage::Floats(matrix) => matrix.rows(),
            RowStorage::Sparse(csr) => csr.rows(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Numbers in a row, at least 1.
    pub fn columns(&self) -> usize {
        match self.storage {
            RowStorage::Bytes { columns, .. } => columns,
            RowStorage::Floats(matrix) => matrix.columns(),
            RowStorage::Sparse(csr) => csr.columns(),
        }
    }

    /// Asks for the memory of row `i`, which will soon be read.
    #[inline(always)]
    pub(crate) fn prefetch(&self, i: usize) {
        match &self.storage {
            RowStorage::Bytes { values, columns } => prefetch(&values[i * columns..][..*columns]),
            RowStorage::Floats(_) => {}
            RowStorage::Sparse(csr) => {
                let (indices, values) = csr.row(i);
                prefetch(indices);
                prefetch(values);
            }
        }
    }

    /// The bytes of rows that were made with [`Rows::bytes`]; `None` for others.
    pub fn as_bytes(&self) -> Option<&'a [u8]> {
        match self.storage {
            RowStorage::Bytes { values, .. } => Some(values),
            RowStorage::Floats(_) | RowStorage::Sparse(_) => None,
        }
    }
}

/// The classes that the rows should be recognized as.
#[derive(Clone, Copy, Debug)]
pub enum Targets<'a> {
    /// The class index of each row.
    Classes(&'a [u8]),
    /// The class index of each row, where there may be more than 256.
    WideClasses(&'a [u16]),
    /// A distribution over the classes for each row, `rows × classes`: one-hot, or soft labels.
    Distributions(MatrixRef<'a>),
}

impl<'a> Targets<'a> {
    /// The targets of the rows before `i`, and those of the rows from `i` on.
    #[track_caller]
    pub(crate) fn split_at(self, i: usize) -> (Self, Self) {
        match self {
            Self::Classes(classes) => {
                let (first, second) = classes.split_at(i);
                (Self::Classes(first), Self::Classes(second))
            }
            Self::WideClasses(classes) => {
                let (first, second) = classes.split_at(i);
                (Self::WideClasses(first), Self::WideClasses(second))
            }
            Self::Distributions(matrix) => {
                let (first, second) = matrix.split_at_row(i);
                (Self::Distributions(first), Self::Distributions(second))
            }
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Classes(classes) => classes.len(),
            Self::WideClasses(classes) => classes.len(),
            Self::Distributions(matrix) => matrix.rows(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Panics are told apart by their words: dividing by 0 columns would panic, too.
    #[track_caller]
    fn panics_with(message: &str, make: impl FnOnce() + std::panic::UnwindSafe) {
        let panic = std::panic::catch_unwind(make).expect_err("it does not panic");
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or(panic.downcast_ref::<String>().map(String::as_str));
        assert_eq!(text, Some(message));
    }

    #[test]
    fn rows_have_at_least_one_column() {
        panics_with("rows of 0 columns", || _ = Rows::bytes(&[], 0));
        panics_with("rows of 0 columns", || _ = Rows::bytes(&[1, 2], 0));
        panics_with("rows of 0 columns", || _ = Rows::floats(MatrixRef::new(&[], 0, 0)));
        panics_with("rows of 0 columns", || _ = Rows::floats(MatrixRef::new(&[], 3, 0)));
        panics_with("5 bytes are no rows of 2", || _ = Rows::bytes(&[0; 5], 2));
        let (none, numbers) = (Rows::bytes(&[], 2), Rows::floats(MatrixRef::new(&[0.5; 6], 3, 2)));
        assert_eq!((none.len(), none.columns(), none.as_bytes()), (0, 2, Some(&[][..])));
        assert_eq!((numbers.len(), numbers.columns(), numbers.as_bytes()), (3, 2, None));
    }
}
