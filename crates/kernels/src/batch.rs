//! A batch of input rows as the first layer wants them: dense, in panels, or as lists of what is not zero.
//!
//! A product with zero adds nothing, so skipping it is the same arithmetic. 80.9 % of MNIST's pixels are zero.

use crate::panels::Panels;
use crate::rows::Rows;
use crate::simd::LANES;

/// Up to this share of non-zeros the lists are faster than dense tiles.
///
/// A non-zero costs the lists two loads and an FMA for each sixteen columns; the dense tiles need one load for several
/// FMAs, but do them for the zeros too.
pub const SPARSE_BELOW: f64 = 0.4;

/// One non-zero of a list: which row or column it is in, and what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Entry {
    /// Column index in a list of a row, row index in a list of a column.
    pub index: u32,
    /// The number.
    pub value: f32,
}

/// The non-zeros of a batch, listed by row and by column.
#[derive(Clone, Debug, Default)]
pub struct NonZeros {
    row_starts: Vec<u32>,
    by_row: Vec<Entry>,
    column_starts: Vec<u32>,
    by_column: Vec<Entry>,
}

impl NonZeros {
    /// The non-zeros of row `i`, columns ascending.
    #[inline(always)]
    pub fn row(&self, i: usize) -> &[Entry] {
        &self.by_row[self.row_starts[i] as usize..self.row_starts[i + 1] as usize]
    }

    /// The non-zeros of column `j`, rows ascending.
    #[inline(always)]
    pub fn column(&self, j: usize) -> &[Entry] {
        &self.by_column[self.column_starts[j] as usize..self.column_starts[j + 1] as usize]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_row.len()
    }

    /// Whether every number is zero.
    pub fn is_empty(&self) -> bool {
        self.by_row.is_empty()
    }

    /// Sorts what the rows list by columns: count, sum up, place.
    fn list_by_column(&mut self, rows: usize, columns: usize) {
        self.column_starts.clear();
        self.column_starts.resize(columns + 1, 0);
        for entry in &self.by_row {
            self.column_starts[entry.index as usize] += 1;
        }
        let mut end = 0;
        for start in &mut self.column_starts {
            end += *start;
            *start = end;
        }
        self.by_column.resize(self.by_row.len(), Entry::default());
        // From the back, so that each end becomes a start and the rows come out ascending.
        for i in (0..rows).rev() {
            let row = self.row_starts[i] as usize..self.row_starts[i + 1] as usize;
            for entry in &self.by_row[row] {
                let place = &mut self.column_starts[entry.index as usize];
                *place -= 1;
                self.by_column[*place as usize] = Entry { index: i as u32, value: entry.value };
            }
        }
    }
}

/// The rows of a batch, gathered from where the examples lie.
#[derive(Clone, Debug)]
pub struct Batch {
    rows: usize,
    columns: usize,
    sparse: bool,
    non_zeros: NonZeros,
    dense: Panels,
}

/// What the first layer multiplies.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// Every number, in panels.
    Dense(&'a Panels),
    /// Only the numbers that are not zero.
    Sparse(&'a NonZeros, (usize, usize)),
}

impl Input<'_> {
    /// Rows and columns.
    pub fn shape(&self) -> (usize, usize) {
        match self {
            Self::Dense(panels) => (panels.rows(), panels.columns()),
            Self::Sparse(_, shape) => *shape,
        }
    }
}

impl Batch {
    /// An empty batch of rows of `columns` numbers.
    pub fn new(columns: usize) -> Self {
        let dense = Panels::zeros(0, columns);
        Self { rows: 0, columns, sparse: false, non_zeros: NonZeros::default(), dense }
    }

    /// Makes room for `rows` rows in either form, of which at most the share `sparse_below` will be listed: batches up to
    /// that then allocate nothing.
    pub fn reserve(&mut self, rows: usize, sparse_below: f64) {
        let list = &mut self.non_zeros;
        // A row more than the most that still counts as sparse: gathering stops after the row that passes it.
        let entries = limit(rows, self.columns, sparse_below) + self.columns;
        list.by_row.clear();
        list.by_row.reserve_exact(entries);
        list.by_column.clear();
        list.by_column.reserve_exact(entries);
        list.row_starts.clear();
        list.row_starts.reserve_exact(rows + 1);
        list.column_starts.clear();
        list.column_starts.reserve_exact(self.columns + 1);
        self.dense.set_rows(rows);
        self.rows = 0;
        self.dense.set_rows(0);
        self.sparse = false;
    }

    /// The rows as the first layer should take them.
    pub fn input(&self) -> Input<'_> {
        if self.sparse {
            Input::Sparse(&self.non_zeros, (self.rows, self.columns))
        } else {
            Input::Dense(&self.dense)
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Whether the zeros are left out.
    pub fn is_sparse(&self) -> bool {
        self.sparse
    }

    /// Takes rows `from[order[0]], from[order[1]], …`, and lists their non-zeros where that is at most `sparse_below`
    /// of all numbers ([`SPARSE_BELOW`] is what pays).
    ///
    /// # Panics
    /// If `from` has another number of columns, or an index is no row of it.
    #[track_caller]
    pub fn gather(&mut self, from: &Rows<'_>, order: &[u32], sparse_below: f64) {
        assert_eq!(from.columns(), self.columns, "columns");
        self.rows = order.len();
        let list = &mut self.non_zeros;
        let limit = limit(self.rows, self.columns, sparse_below);
        list.by_row.clear();
        list.row_starts.clear();
        list.row_starts.push(0);
        self.sparse = true;
        for &row in order {
            match from {
                Rows::Bytes { values, columns } => {
                    let bytes = &values[row as usize * columns..][..*columns];
                    list_bytes(bytes, &mut list.by_row);
                }
                Rows::Floats(matrix) => {
                    for j in 0..self.columns {
                        let value = matrix.get(row as usize, j);
                        if value != 0.0 {
                            list.by_row.push(Entry { index: j as u32, value });
                        }
                    }
                }
            }
            if list.by_row.len() > limit {
                self.sparse = false;
                break;
            }
            list.row_starts.push(list.by_row.len() as u32);
        }
        if self.sparse {
            list.list_by_column(self.rows, self.columns);
        } else {
            self.gather_dense(from, order);
        }
    }

    fn gather_dense(&mut self, from: &Rows<'_>, order: &[u32]) {
        self.dense.set_rows(self.rows);
        let columns = self.columns;
        let mut dense = self.dense.view_mut();
        for q in 0..dense.panels() {
            let width = LANES.min(columns - q * LANES);
            for (line, &row) in dense.panel(q).iter_mut().zip(order) {
                let row = row as usize;
                match from {
                    Rows::Bytes { values, columns } => {
                        let bytes = &values[row * columns + q * LANES..][..width];
                        for (lane, byte) in line.0.iter_mut().zip(bytes) {
                            *lane = BYTE[usize::from(*byte)];
                        }
                    }
                    Rows::Floats(matrix) => {
                        for (j, lane) in line.0.iter_mut().enumerate().take(width) {
                            *lane = matrix.get(row, q * LANES + j);
                        }
                    }
                }
            }
        }
    }
}

/// The most non-zeros of a batch that counts as sparse.
fn limit(rows: usize, columns: usize, sparse_below: f64) -> usize {
    (sparse_below * (rows * columns) as f64) as usize
}

/// `b / 255` for each byte, rounded once.
static BYTE: [f32; 256] = {
    let mut table = [0.0; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = b as f32 / 255.0;
        b += 1;
    }
    table
};

/// Appends the non-zeros of a row of bytes.
fn list_bytes(bytes: &[u8], list: &mut Vec<Entry>) {
    let (words, rest) = bytes.as_chunks::<8>();
    for (w, word) in words.iter().enumerate() {
        let mut left = u64::from_le_bytes(*word);
        while left != 0 {
            let lane = left.trailing_zeros() as usize / 8;
            let byte = (left >> (8 * lane)) as u8;
            list.push(Entry { index: (8 * w + lane) as u32, value: BYTE[usize::from(byte)] });
            left &= !(0xff << (8 * lane));
        }
    }
    let done = words.len() * 8;
    for (i, byte) in rest.iter().enumerate().filter(|(_, byte)| **byte != 0) {
        list.push(Entry { index: (done + i) as u32, value: BYTE[usize::from(*byte)] });
    }
}
