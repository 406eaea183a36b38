//! A batch of input rows as the first layer wants them: dense, in panels, or as lists of what is not zero.
//!
//! A product with zero adds nothing, so skipping it is the same arithmetic. 80.9 % of MNIST's pixels are zero.

use crate::isa;
use crate::panels::Panels;
use crate::rows::Rows;
use crate::simd::LANES;
use crate::sparse::{Entry, NonZeros, SEGMENT};

/// Up to this share of non-zeros the lists are faster than dense tiles.
///
/// A non-zero costs the lists two loads and an FMA for each sixteen columns; the dense tiles need one load for several
/// FMAs, but do them for the zeros too. The lists pay, their making included, up to 53 – 57 % for layers of 512 units and more and
/// up to 36 – 44 % for 64 units, which take little time either way (`cargo bench --bench sweep`; 2026-11-24, Zen 4).
pub const SPARSE_BELOW: f64 = 0.5;

/// Shuffled rows lie anywhere in memory: each is asked for this many rows before it is read.
const ROWS_AHEAD: usize = 4;

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
        let (_, room) = limits(rows, self.columns, sparse_below);
        self.non_zeros.reserve(rows, self.columns, room);
        self.dense.set_rows(rows);
        self.dense.set_rows(0);
        self.rows = 0;
        self.sparse = false;
    }

    /// At least as many bytes as a batch takes after [`Batch::reserve`]; `usize::MAX` stands for all that is too much to
    /// count.
    pub fn bytes(rows: usize, columns: usize, sparse_below: f64) -> usize {
        // `limits` cannot count as far.
        let entries = (sparse_below * rows as f64 * columns as f64) as usize;
        let lists = entries
            .saturating_add(columns.saturating_add(8))
            .saturating_mul(2 * size_of::<Entry>());
        let starts =
            rows.saturating_mul(columns / SEGMENT + 1).saturating_add(columns.saturating_add(2));
        lists
            .saturating_add(starts.saturating_mul(size_of::<u32>()))
            .saturating_add(Panels::bytes(rows, columns))
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
        let (limit, room) = limits(self.rows, self.columns, sparse_below);
        let lists = &mut self.non_zeros;
        lists.clear(self.columns, room);
        self.sparse = true;
        for (i, &row) in order.iter().enumerate() {
            if let (Rows::Bytes { values, columns }, Some(&ahead)) =
                (from, order.get(i + ROWS_AHEAD))
            {
                isa::prefetch(&values[ahead as usize * columns..][..*columns]);
            }
            for first in (0..self.columns).step_by(SEGMENT) {
                let segment = first..self.columns.min(first + SEGMENT);
                match from {
                    Rows::Bytes { values, columns } => {
                        let bytes = &values[row as usize * columns..][..*columns];
                        lists.push_bytes(first, &bytes[segment], &BYTE);
                    }
                    Rows::Floats(matrix) => {
                        lists.push_numbers(first, segment.map(|j| matrix.get(row as usize, j)));
                    }
                }
            }
            if lists.len() > limit {
                self.sparse = false;
                break;
            }
        }
        if self.sparse {
            lists.list_by_column();
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

/// The most non-zeros of a batch that counts as sparse, and the room that listing takes: gathering stops after the row that
/// passes the limit, and eight entries are written at a time.
fn limits(rows: usize, columns: usize, sparse_below: f64) -> (usize, usize) {
    let limit = (sparse_below * (rows * columns) as f64) as usize;
    (limit, limit + columns + 8)
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
