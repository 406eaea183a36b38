//! Examples as they lie in memory: what a batch is gathered from. Shared by whoever owns data and whoever trains.

use super::matrix::MatrixRef;

/// Input rows in memory, one example a row.
#[derive(Clone, Copy, Debug)]
pub enum Rows<'a> {
    /// Bytes, `rows × columns` without padding; a byte `b` stands for the number `b / 255`.
    Bytes {
        /// The bytes, row after row.
        values: &'a [u8],
        /// Bytes in a row.
        columns: usize,
    },
    /// Numbers as they are.
    Floats(MatrixRef<'a>),
}

impl<'a> Rows<'a> {
    /// Rows of `columns` bytes each.
    ///
    /// # Panics
    /// If `values` is not a whole number of rows.
    #[track_caller]
    pub fn bytes(values: &'a [u8], columns: usize) -> Self {
        assert!(
            columns > 0 && values.len().is_multiple_of(columns),
            "{} bytes are no rows of {columns}",
            values.len()
        );
        Self::Bytes { values, columns }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Bytes { values, columns } => values.len() / columns,
            Self::Floats(matrix) => matrix.rows(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Numbers in a row.
    pub fn columns(&self) -> usize {
        match self {
            Self::Bytes { columns, .. } => *columns,
            Self::Floats(matrix) => matrix.columns(),
        }
    }
}

/// The classes that the rows should be recognized as.
#[derive(Clone, Copy, Debug)]
pub enum Targets<'a> {
    /// The class index of each row.
    Classes(&'a [u8]),
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
            Self::Distributions(matrix) => matrix.rows(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
