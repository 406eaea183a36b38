/// Why rows and targets do not fit a network or each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A row has another length than the network's inputs.
    #[error("rows of {columns} numbers for a network that takes {inputs}")]
    Columns {
        /// Numbers in a row.
        columns: usize,
        /// Inputs of the network.
        inputs: usize,
    },
    /// Rows are counted in 32 bits, and there are more.
    #[error("{rows} rows are more than 2^32")]
    TooManyRows {
        /// Number of rows.
        rows: usize,
    },
    /// There is no row to train or to evaluate on.
    #[error("no rows")]
    NoRow,
    /// A row that was chosen is not there.
    #[error("row {index} was chosen, of {rows}")]
    NoSuchRow {
        /// Its index.
        index: u32,
        /// Number of rows.
        rows: usize,
    },
    /// There are not as many targets as rows.
    #[error("{rows} rows with {targets} targets")]
    TargetCount {
        /// Number of rows.
        rows: usize,
        /// Number of targets.
        targets: usize,
    },
    /// A class index is not below the number of classes.
    #[error("target {class} of row {row} for a network of {classes} classes")]
    NoSuchClass {
        /// The row, from 0.
        row: usize,
        /// Its class index.
        class: usize,
        /// Classes of the network.
        classes: usize,
    },
    /// A distribution has another length than the number of classes.
    #[error("targets of {columns} numbers for a network of {classes} classes")]
    TargetColumns {
        /// Numbers in a target.
        columns: usize,
        /// Classes of the network.
        classes: usize,
    },
}
