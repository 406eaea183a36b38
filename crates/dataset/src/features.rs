//! Sparse features and their labels in memory.

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

    /// The labels as a network is taught them: `len` class indices.
    pub fn targets(&self) -> Targets<'_> {
        Targets::WideClasses(&self.labels)
    }

    /// The class of each row.
    pub fn labels(&self) -> &[u16] {
        &self.labels
    }
}
