//! A batch: input rows as the first layer wants them, in panels or as lists of what is not zero, and their targets.
//!
//! A product with zero adds nothing, so skipping it is the same arithmetic. 80.9 % of MNIST's pixels are zero.

mod panels;

use super::examples::{Examples, Selection};
use super::input::Input;
use super::non_zeros::NonZeros;
use crate::layout::{MatrixRef, Panels, RowStorage, Rows, Targets};

/// Up to this share of non-zeros the lists are faster than dense tiles.
///
/// A non-zero costs the lists two loads and an FMA for each sixteen columns; the dense tiles need one load for several
/// FMAs, but do them for the zeros too. The lists pay, their making included, up to 53 – 57 % for layers of 512 units and more and
/// up to 36 – 44 % for 64 units, which take little time either way (`cargo bench --bench sweep`; 2026-11-24, Zen 4).
const LISTS_BELOW: f64 = 0.5;

/// Examples gathered from where they lie: input rows, and what they should be recognized as.
///
/// Rows of which at most half the numbers are not zero become lists of those; others go into panels. No result depends on
/// which, as long as the weights they meet are finite: the lists skip zeros, and 0 · ∞ is not a number. The share is that of
/// each sixteen rows of the batch; of sparse rows it is that of all rows there are to choose from.
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
    /// For each column of the panels, whether it has a number that is not 0.
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

    /// Makes room for `count` of these rows in either form that they may take, and for targets like these: gathering up to that
    /// allocates nothing.
    pub fn reserve(&mut self, count: usize, rows: &Rows<'_>, targets: &Targets<'_>) {
        let forms = Forms::of(rows, self.lists_below);
        if forms.lists {
            self.lists.reserve(rows, count, self.lists_below, self.for_training);
        }
        if forms.panels {
            self.panels.set_rows(count);
            self.panels.set_rows(0);
            self.touched.resize(self.columns, false);
        }
        self.is_listed = false;
        self.rows = 0;
        self.classes.clear();
        self.distributions.clear();
        match targets {
            Targets::Classes(_) | Targets::WideClasses(_) => self.classes.reserve(count),
            Targets::Distributions(matrix) => self.distributions.reserve(count * matrix.columns()),
        }
    }

    /// At least as many bytes as a batch of `count` of these rows takes, its targets not counted; `usize::MAX` stands for all
    /// that is too much to count.
    pub fn bytes(count: usize, rows: &Rows<'_>, for_training: bool) -> usize {
        let (columns, forms) = (rows.columns(), Forms::of(rows, LISTS_BELOW));
        let lists =
            if forms.lists { NonZeros::bytes(rows, count, LISTS_BELOW, for_training) } else { 0 };
        let panels = if forms.panels { Panels::bytes(count, columns) } else { 0 };
        lists.saturating_add(panels).saturating_add(columns)
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
        let examples = Examples { rows, selection };
        self.rows = examples.len();
        self.is_listed =
            Forms::of(rows, self.lists_below).lists && self.lists.list(examples, self.lists_below);
        if !self.is_listed {
            self.panels.set_rows(self.rows);
            self.touched.resize(self.columns, false);
            panels::gather(examples, &mut self.panels, &mut self.touched);
        } else if self.for_training {
            self.lists.list_by_column();
        }
        self.gather_targets(targets, selection);
    }

    /// How many multiply-adds take as long as gathering the examples `selection` of `rows`, more or less.
    pub fn work_of_gathering(rows: &Rows<'_>, selection: &Selection<'_>) -> usize {
        match &rows.storage {
            RowStorage::Bytes { .. } | RowStorage::Floats(_) => {
                35 * selection.len() * rows.columns()
            }
            RowStorage::Sparse(csr) => 130 * selection.len() * csr.non_zeros() / csr.rows().max(1),
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
}

/// The forms that batches of some rows may take.
struct Forms {
    lists: bool,
    panels: bool,
}

impl Forms {
    /// Of sparse rows it is known how many non-zeros they have; batches of others are looked at one by one.
    fn of(rows: &Rows<'_>, lists_below: f64) -> Self {
        match &rows.storage {
            RowStorage::Bytes { .. } | RowStorage::Floats(_) => {
                Self { lists: lists_below >= 0.0, panels: true }
            }
            RowStorage::Sparse(csr) => {
                let numbers = csr.rows() as f64 * csr.columns() as f64;
                let lists = csr.non_zeros() as f64 <= lists_below * numbers;
                Self { lists, panels: !lists }
            }
        }
    }
}
