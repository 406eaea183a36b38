//! A batch: input rows as the first layer wants them, in panels or as lists of what is not zero, and their targets.
//!
//! A product with zero adds nothing, so skipping it is the same arithmetic. 80.9 % of MNIST's pixels are zero.

use std::ops::Range;

use super::input::Input;
use super::non_zeros::{Entry, NonZeros, SEGMENT};
use crate::layout::{MatrixRef, Panels, RowStorage, Rows, Targets};
use crate::simd::{LANES, Line, prefetch};

/// Up to this share of non-zeros the lists are faster than dense tiles.
///
/// A non-zero costs the lists two loads and an FMA for each sixteen columns; the dense tiles need one load for several
/// FMAs, but do them for the zeros too. The lists pay, their making included, up to 53 – 57 % for layers of 512 units and more and
/// up to 36 – 44 % for 64 units, which take little time either way (`cargo bench --bench sweep`; 2026-11-24, Zen 4).
const LISTS_BELOW: f64 = 0.5;

/// Shuffled rows lie anywhere in memory: each is asked for this many rows before it is read.
const ROWS_AHEAD: usize = 4;

/// Which examples make a batch, in which order.
#[derive(Clone, Debug)]
pub enum Selection<'a> {
    /// A run of neighbours.
    Range(Range<usize>),
    /// Any examples, by their indices.
    Indices(&'a [u32]),
}

impl Selection<'_> {
    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Self::Range(range) => range.len(),
            Self::Indices(indices) => indices.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The example that is row `i` of the batch.
    #[inline(always)]
    fn index(&self, i: usize) -> usize {
        match self {
            Self::Range(range) => range.start + i,
            Self::Indices(indices) => indices[i] as usize,
        }
    }
}

/// Examples gathered from where they lie: input rows, and what they should be recognized as.
///
/// Rows of which at most half the numbers are not zero become lists of those; others go into panels. No result depends on
/// which, as long as the weights they meet are finite: the lists skip zeros, and 0 · ∞ is not a number.
#[derive(Clone, Debug)]
pub struct Batch {
    rows: usize,
    columns: usize,
    /// The share of non-zeros up to which rows are listed.
    lists_below: f64,
    /// Whether an update will ask for the columns, too.
    for_training: bool,
    is_listed: bool,
    lists: NonZeros,
    panels: Panels,
    /// For each column of the panels, whether it has a number that is not 0; for training.
    touched: Vec<bool>,
    /// Of targets that are classes.
    classes: Vec<u16>,
    /// Of targets that are distributions: rows × `width`. Where `width` is 0, the targets are classes.
    distributions: Vec<f32>,
    width: usize,
}

impl Batch {
    /// An empty batch of rows of `columns` numbers.
    pub fn new(columns: usize) -> Self {
        Self::listing_below(LISTS_BELOW, columns)
    }

    /// An empty batch for evaluating and predicting: its lists are made by row only, and no column of its
    /// panels is known to be at rest. [`update()`](super::update()) refuses such lists.
    pub fn for_inference(columns: usize) -> Self {
        Self { for_training: false, ..Self::new(columns) }
    }

    /// An empty batch that lists the non-zeros of its rows where they are at most a share of `lists_below` of all numbers: 1
    /// is always, less than 0 never. For tests and benches; [`Batch::new`] has what is fastest.
    pub fn listing_below(lists_below: f64, columns: usize) -> Self {
        Self {
            rows: 0,
            columns,
            lists_below,
            for_training: true,
            is_listed: false,
            lists: NonZeros::default(),
            panels: Panels::zeros(0, columns),
            touched: Vec::new(),
            classes: Vec::new(),
            distributions: Vec::new(),
            width: 0,
        }
    }

    /// Makes room for `rows` rows in either form and for targets like these: gathering up to that allocates nothing.
    pub fn reserve(&mut self, rows: usize, targets: &Targets<'_>) {
        let (_, room) = self.limits(rows);
        self.lists.reserve(rows, self.columns, room);
        self.panels.set_rows(rows);
        self.panels.set_rows(0);
        self.touched.resize(self.columns, false);
        self.is_listed = false;
        self.rows = 0;
        self.classes.clear();
        self.distributions.clear();
        match targets {
            Targets::Classes(_) | Targets::WideClasses(_) => self.classes.reserve(rows),
            Targets::Distributions(matrix) => self.distributions.reserve(rows * matrix.columns()),
        }
    }

    /// At least as many bytes as a batch takes after [`Batch::reserve`], its targets not counted; `usize::MAX` stands for all
    /// that is too much to count.
    pub fn bytes(rows: usize, columns: usize) -> usize {
        // `limits` cannot count as far.
        let entries = (LISTS_BELOW * rows as f64 * columns as f64) as usize;
        let lists = entries
            .saturating_add(columns.saturating_add(8))
            .saturating_mul(2 * size_of::<Entry>());
        let starts =
            rows.saturating_mul(columns / SEGMENT + 1).saturating_add(columns.saturating_add(2));
        lists
            .saturating_add(starts.saturating_mul(size_of::<u32>()))
            .saturating_add(Panels::bytes(rows, columns))
    }

    /// The rows, as the first layer should take them.
    pub fn input(&self) -> Input<'_> {
        if self.is_listed {
            Input::Lists(&self.lists)
        } else if self.for_training {
            Input::Gathered(&self.panels, &self.touched)
        } else {
            Input::Panels(&self.panels)
        }
    }

    /// The target of each row; none if none were gathered.
    pub fn targets(&self) -> Targets<'_> {
        match self.distributions.len().checked_div(self.width) {
            None => Targets::WideClasses(&self.classes),
            Some(rows) => {
                Targets::Distributions(MatrixRef::new(&self.distributions, rows, self.width))
            }
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Whether the zeros are left out.
    pub fn is_listed(&self) -> bool {
        self.is_listed
    }

    /// Takes the examples `selection` of `rows` and, for training and evaluation, of `targets`.
    ///
    /// # Panics
    /// If `rows` has another number of columns, or the selection names an example that is not there.
    #[track_caller]
    pub fn gather(
        &mut self,
        rows: &Rows<'_>,
        targets: Option<&Targets<'_>>,
        selection: &Selection<'_>,
    ) {
        assert_eq!(rows.columns(), self.columns, "columns");
        self.rows = selection.len();
        self.is_listed = self.gather_lists(rows, selection);
        if !self.is_listed {
            self.gather_panels(rows, selection);
        }
        self.gather_targets(targets, selection);
    }

    /// Lists the non-zeros; gives up, with `false`, where they are too many.
    fn gather_lists(&mut self, rows: &Rows<'_>, selection: &Selection<'_>) -> bool {
        let (limit, room) = self.limits(self.rows);
        self.lists.clear(self.columns, room);
        for i in 0..selection.len() {
            if let RowStorage::Bytes { values, columns } = &rows.storage
                && i + ROWS_AHEAD < selection.len()
            {
                let ahead = selection.index(i + ROWS_AHEAD);
                prefetch(&values[ahead * columns..][..*columns]);
            }
            let row = selection.index(i);
            for first in (0..self.columns.max(1)).step_by(SEGMENT) {
                let segment = first..self.columns.min(first + SEGMENT);
                match &rows.storage {
                    RowStorage::Bytes { values, columns } => {
                        let bytes = &values[row * columns..][..*columns];
                        self.lists.push_bytes(first, &bytes[segment], &BYTE);
                    }
                    RowStorage::Floats(matrix) => {
                        self.lists.push_numbers(first, segment.map(|j| matrix.get(row, j)));
                    }
                    RowStorage::Sparse(csr) => {
                        let (indices, values) = csr.row(row);
                        let at =
                            |column| indices.partition_point(|index| (*index as usize) < column);
                        let part = at(segment.start)..at(segment.end);
                        let entries = indices[part.clone()].iter().zip(&values[part]);
                        self.lists.push_entries(entries);
                    }
                }
            }
            if self.lists.len() > limit {
                return false;
            }
        }
        if self.for_training {
            self.lists.list_by_column();
        }
        true
    }

    fn gather_panels(&mut self, rows: &Rows<'_>, selection: &Selection<'_>) {
        self.panels.set_rows(self.rows);
        let columns = self.columns;
        let mut panels = self.panels.view_mut();
        for q in 0..panels.panels() {
            let width = LANES.min(columns - q * LANES);
            for (i, line) in panels.panel(q).iter_mut().enumerate() {
                let row = selection.index(i);
                match &rows.storage {
                    RowStorage::Bytes { values, columns } => {
                        let bytes = &values[row * columns + q * LANES..][..width];
                        for (lane, byte) in line.0.iter_mut().zip(bytes) {
                            *lane = BYTE[usize::from(*byte)];
                        }
                    }
                    RowStorage::Sparse(csr) => {
                        let (indices, values) = csr.row(row);
                        *line = Line::ZERO;
                        let first = indices.partition_point(|index| (*index as usize) < q * LANES);
                        for (index, value) in indices.iter().zip(values).skip(first) {
                            let Some(lane) = line.0.get_mut(*index as usize - q * LANES) else {
                                break;
                            };
                            *lane = *value;
                        }
                    }
                    RowStorage::Floats(matrix) => {
                        for (j, lane) in line.0.iter_mut().enumerate().take(width) {
                            *lane = matrix.get(row, q * LANES + j);
                        }
                    }
                }
            }
        }
        if self.for_training {
            self.note_touched();
        }
    }

    /// Finds the columns of the panels that have a number which is not 0.
    fn note_touched(&mut self) {
        self.touched.resize(self.columns, false);
        for (q, to) in self.touched.chunks_mut(LANES).enumerate() {
            let mut touched = [false; LANES];
            for line in self.panels.panel(q) {
                for (touched, x) in touched.iter_mut().zip(&line.0) {
                    *touched |= *x != 0.0;
                }
            }
            to.copy_from_slice(&touched[..to.len()]);
        }
    }

    fn gather_targets(&mut self, targets: Option<&Targets<'_>>, selection: &Selection<'_>) {
        self.classes.clear();
        self.distributions.clear();
        self.width = 0;
        let indices = (0..selection.len()).map(|i| selection.index(i));
        match targets {
            None => {}
            Some(Targets::Classes(classes)) => {
                self.classes.extend(indices.map(|i| u16::from(classes[i])));
            }
            Some(Targets::WideClasses(classes)) => {
                self.classes.extend(indices.map(|i| classes[i]));
            }
            Some(Targets::Distributions(matrix)) => {
                self.width = matrix.columns();
                for i in indices {
                    self.distributions.extend((0..self.width).map(|j| matrix.get(i, j)));
                }
            }
        }
    }

    /// The most non-zeros of `rows` rows that are listed, and the room that listing takes: gathering stops after the row that
    /// passes the limit, and eight entries are written at a time.
    fn limits(&self, rows: usize) -> (usize, usize) {
        let limit = (self.lists_below * (rows * self.columns) as f64) as usize;
        (limit, limit + self.columns + 8)
    }
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
