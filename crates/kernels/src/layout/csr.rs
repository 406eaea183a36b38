//! Rows of which only the numbers that are not zero lie in memory: compressed sparse rows (CSR).

use std::borrow::Cow;
use std::fmt;

/// Compressed sparse rows: for each row the columns of its non-zeros, ascending, and their values. It borrows what lies in that
/// form already, and owns what had to be put in order.
///
/// ```
/// use kernels::Csr;
///
/// // 3 rows × 5 columns. Row 0 names column 4 twice and is not in order; row 1 is empty; row 2 has a zero.
/// let csr = Csr::new(vec![0, 3, 3, 5], vec![4, 1, 4, 0, 2], vec![0.5, 2.0, 0.25, 0.0, 3.0], 5)?;
/// assert_eq!((csr.rows(), csr.columns(), csr.non_zeros()), (3, 5, 3));
/// assert_eq!(csr.row(0), (&[1, 4][..], &[2.0, 0.75][..]));
/// assert_eq!(csr.row(1), (&[][..], &[][..]));
/// assert_eq!(csr.row(2), (&[2][..], &[3.0][..]));
/// # Ok::<(), kernels::CsrError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Csr<'a> {
    /// Where each row starts, and the end.
    starts: Cow<'a, [usize]>,
    /// In each row strictly ascending.
    indices: Cow<'a, [u32]>,
    /// None of them is 0.
    values: Cow<'a, [f32]>,
    columns: usize,
}

/// Why numbers are no compressed sparse rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CsrError {
    /// A row has at least one column, and at most as many as 32 bits count.
    Columns {
        /// The columns asked for.
        columns: usize,
    },
    /// There is an index for each value.
    Lengths {
        /// Number of indices.
        indices: usize,
        /// Number of values.
        values: usize,
    },
    /// The first row starts at 0, none before the one above it, and the last ends with the values.
    Starts {
        /// Which of the starts is wrong, from 0; or their number, if the last is missing.
        at: usize,
    },
    /// A column index is not below the number of columns.
    Index {
        /// The row, from 0.
        row: usize,
        /// Its column index.
        index: u32,
        /// Number of columns.
        columns: usize,
    },
}

impl fmt::Display for CsrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Columns { columns } => {
                write!(f, "sparse rows of {columns} columns; 1 to {} are possible", u32::MAX)
            }
            Self::Lengths { indices, values } => {
                write!(f, "sparse rows with {indices} column indices for {values} values")
            }
            Self::Starts { at } => write!(
                f,
                "start {at} of the sparse rows is wrong: they begin with 0, ascend, and end with the number of values"
            ),
            Self::Index { row, index, columns } => {
                write!(f, "column {index} in sparse row {row} of {columns} columns")
            }
        }
    }
}

impl std::error::Error for CsrError {}

impl<'a> Csr<'a> {
    /// Row i has the values `starts[i]..starts[i + 1]` in the columns `indices` of the same places; all others are 0. The
    /// columns of a row may come in any order. Values of one column are summed, in the order given, and zeros are dropped:
    /// then the numbers are copied, else they stay where they are.
    ///
    /// # Errors
    /// If the lengths, starts or column indices don't fit each other.
    pub fn new(
        starts: impl Into<Cow<'a, [usize]>>,
        indices: impl Into<Cow<'a, [u32]>>,
        values: impl Into<Cow<'a, [f32]>>,
        columns: usize,
    ) -> Result<Self, CsrError> {
        let (starts, indices, values) = (starts.into(), indices.into(), values.into());
        if columns == 0 || u32::try_from(columns).is_err() {
            return Err(CsrError::Columns { columns });
        }
        if indices.len() != values.len() {
            return Err(CsrError::Lengths { indices: indices.len(), values: values.len() });
        }
        check_starts(&starts, values.len())?;
        let mut csr = Self { starts, indices, values, columns };
        if !csr.check_rows()? {
            csr.put_in_order();
        }
        Ok(csr)
    }

    /// Whether all rows are in order; an error if an index is no column.
    fn check_rows(&self) -> Result<bool, CsrError> {
        let mut in_order = true;
        for i in 0..self.rows() {
            let (indices, values) = self.row(i);
            if let Some(&index) = indices.iter().find(|index| **index as usize >= self.columns) {
                return Err(CsrError::Index { row: i, index, columns: self.columns });
            }
            in_order &= indices.is_sorted_by(|a, b| a < b) && !values.contains(&0.0);
        }
        Ok(in_order)
    }

    /// Sorts each row by columns, sums what is in the same column, and drops zeros.
    fn put_in_order(&mut self) {
        let (starts, indices, values) =
            (self.starts.to_mut(), self.indices.to_mut(), self.values.to_mut());
        let mut row: Vec<(u32, f32)> = Vec::new();
        let (mut from, mut to) = (0, 0);
        for start in &mut starts[1..] {
            row.clear();
            let (of_row, values_of_row) = (&indices[from..*start], &values[from..*start]);
            row.extend(of_row.iter().copied().zip(values_of_row.iter().copied()));
            row.sort_by_key(|(index, _)| *index);
            for same in row.chunk_by(|a, b| a.0 == b.0) {
                let sum = same[1..].iter().fold(same[0].1, |sum, (_, value)| sum + value);
                if sum != 0.0 {
                    (indices[to], values[to]) = (same[0].0, sum);
                    to += 1;
                }
            }
            from = *start;
            *start = to;
        }
        indices.truncate(to);
        values.truncate(to);
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// Numbers in a row, zeros counted; at least 1.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many numbers are not 0.
    pub fn non_zeros(&self) -> usize {
        self.values.len()
    }

    /// The columns of the non-zeros of row `i`, ascending, and their values.
    ///
    /// # Panics
    /// If there is no such row.
    #[inline]
    #[track_caller]
    pub fn row(&self, i: usize) -> (&[u32], &[f32]) {
        let range = self.starts[i]..self.starts[i + 1];
        (&self.indices[range.clone()], &self.values[range])
    }

    /// Where each row starts among the values, and the end.
    pub fn starts(&self) -> &[usize] {
        &self.starts
    }

    /// The columns of all non-zeros, row after row.
    pub fn indices(&self) -> &[u32] {
        &self.indices
    }

    /// All non-zeros, row after row.
    pub fn values(&self) -> &[f32] {
        &self.values
    }
}

fn check_starts(starts: &[usize], values: usize) -> Result<(), CsrError> {
    if starts.first() != Some(&0) {
        return Err(CsrError::Starts { at: 0 });
    }
    if let Some(at) = starts.windows(2).position(|pair| pair[0] > pair[1]) {
        return Err(CsrError::Starts { at: at + 1 });
    }
    if starts[starts.len() - 1] != values {
        return Err(CsrError::Starts { at: starts.len() - 1 });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(starts: &[usize], indices: &[u32], values: &[f32], columns: usize) -> CsrError {
        Csr::new(starts, indices, values, columns).unwrap_err()
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(fault(&[0], &[], &[], 0), CsrError::Columns { columns: 0 });
        assert_eq!(fault(&[0], &[], &[], 1 << 32), CsrError::Columns { columns: 1 << 32 });
        let lengths = CsrError::Lengths { indices: 2, values: 1 };
        assert_eq!(fault(&[0, 1], &[0, 1], &[1.0], 3), lengths);
        for (starts, at) in
            [(&[][..], 0), (&[1, 2], 0), (&[0, 2, 1, 2], 2), (&[0, 1], 1), (&[0, 1, 3], 2)]
        {
            assert_eq!(
                fault(starts, &[0, 1], &[1.0, 1.0], 3),
                CsrError::Starts { at },
                "{starts:?}"
            );
        }
        let index = CsrError::Index { row: 1, index: 3, columns: 3 };
        assert_eq!(fault(&[0, 1, 2], &[2, 3], &[1.0, 1.0], 3), index);
        for error in [lengths, index, CsrError::Starts { at: 7 }, CsrError::Columns { columns: 0 }]
        {
            assert!(
                error.to_string().starts_with(|c: char| c.is_lowercase())
                    && !error.to_string().contains('\n')
            );
        }
    }

    #[test]
    fn rows_in_order_are_borrowed() {
        let (starts, indices, values) = ([0, 2, 2, 3], [0, 4, 1], [1.0, f32::NAN, -2.0]);
        let csr = Csr::new(&starts[..], &indices[..], &values[..], 5).unwrap();
        assert!(
            std::ptr::eq(csr.values(), &values[..]) && std::ptr::eq(csr.indices(), &indices[..])
        );
        assert!(std::ptr::eq(csr.starts(), &starts[..]));
        assert_eq!((csr.rows(), csr.columns(), csr.non_zeros()), (3, 5, 3));
    }

    #[test]
    fn duplicates_are_summed_in_their_order_and_zeros_dropped() {
        let big = 2f32.powi(24);
        let csr = Csr::new(
            vec![0, 4, 7, 9],
            vec![3, 0, 3, 3, 1, 2, 1, 4, 4],
            vec![big, 5.0, 1.0, 1.0, 1.5, -0.0, -1.5, 0.0, f32::NAN],
            5,
        )
        .unwrap();
        // 2²⁴ + 1 is 2²⁴ in f32, twice.
        assert_eq!(csr.row(0), (&[0, 3][..], &[5.0, big][..]));
        assert_eq!(csr.row(1), (&[][..], &[][..]));
        assert_eq!(csr.row(2).0, [4]);
        assert!(csr.row(2).1[0].is_nan());
        assert_eq!(csr.starts(), [0, 2, 2, 3]);
    }
}
