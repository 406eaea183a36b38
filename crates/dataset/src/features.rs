//! Sparse features and their labels in memory.

use std::ops::Range;

use kernels::{Csr, Rows, Targets};

/// Rows of sparse features, each with its class.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    csr: Csr<'static>,
    labels: Vec<u16>,
}

impl Features {
    /// Pairs row `i` with label `i`.
    ///
    /// # Panics
    /// If there are not as many labels as rows.
    #[track_caller]
    pub fn new(csr: Csr<'static>, labels: Vec<u16>) -> Self {
        assert_eq!(csr.rows(), labels.len(), "rows of features, and labels");
        Self { csr, labels }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Numbers in a row, zeros counted.
    pub fn columns(&self) -> usize {
        self.csr.columns()
    }

    /// The rows, compressed: `len × columns`.
    pub fn csr(&self) -> &Csr<'static> {
        &self.csr
    }

    /// The rows as a network reads them: `len × columns` numbers.
    pub fn rows(&self) -> Rows<'_> {
        Rows::sparse(&self.csr)
    }

    /// Some rows one after the other, lent.
    ///
    /// # Panics
    /// If there are not all of these rows.
    #[track_caller]
    pub fn part(&self, rows: Range<usize>) -> Csr<'_> {
        let starts = &self.csr.starts()[rows.start..=rows.end];
        let first = starts[0];
        let range = first..starts[starts.len() - 1];
        let starts: Vec<usize> = starts.iter().map(|start| start - first).collect();
        let (indices, values) = (&self.csr.indices()[range.clone()], &self.csr.values()[range]);
        Csr::new(starts, indices, values, self.columns()).expect("rows in order")
    }

    /// A copy of the rows at `indices`.
    ///
    /// # Panics
    /// If there is no such row.
    #[track_caller]
    pub fn select(&self, indices: &[usize]) -> Csr<'static> {
        let (mut starts, mut columns, mut values) = (vec![0], Vec::new(), Vec::new());
        for &i in indices {
            let (of_row, values_of_row) = self.csr.row(i);
            columns.extend_from_slice(of_row);
            values.extend_from_slice(values_of_row);
            starts.push(columns.len());
        }
        Csr::new(starts, columns, values, self.columns()).expect("rows in order")
    }

    /// The labels as a network is taught them: `len` class indices.
    pub fn targets(&self) -> Targets<'_> {
        Targets::WideClasses(&self.labels)
    }

    /// The class of each row.
    pub fn labels(&self) -> &[u16] {
        &self.labels
    }
}
