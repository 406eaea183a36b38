//! The products that are timed, and the check of an answer.

use crate::support::random::{LARGEST_EXACT_DEPTH, Random};
use kernels::MatrixRef;

/// Which operands are stored transposed, in BLAS's letters: N as it is, T transposed; first A, then B.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    NN,
    TN,
    NT,
}

/// `C = A·B` with A `m × k` and B `k × n`, all row-major.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) m: usize,
    pub(crate) k: usize,
    pub(crate) n: usize,
    pub(crate) form: Form,
    purpose: &'static str,
}

/// The products of the 784-512-10 network at batch 128, and squares.
pub(crate) const SHAPES: [Shape; 10] = [
    Shape::new(128, 784, 512, Form::NN, "layer 1 forward"),
    Shape::new(128, 512, 10, Form::NN, "layer 2 forward"),
    Shape::new(784, 128, 512, Form::TN, "d_kernel 1"),
    Shape::new(512, 128, 10, Form::TN, "d_kernel 2"),
    Shape::new(128, 10, 512, Form::NT, "d_hidden"),
    Shape::new(10_000, 784, 512, Form::NN, "evaluate"),
    Shape::new(256, 256, 256, Form::NN, ""),
    Shape::new(512, 512, 512, Form::NN, ""),
    Shape::new(1024, 1024, 1024, Form::NN, ""),
    Shape::new(2048, 2048, 2048, Form::NN, ""),
];

impl Shape {
    const fn new(m: usize, k: usize, n: usize, form: Form, purpose: &'static str) -> Self {
        assert!(k <= LARGEST_EXACT_DEPTH);
        Self { m, k, n, form, purpose }
    }

    pub(crate) fn name(&self) -> String {
        let form = match self.form {
            Form::NN => "NN",
            Form::TN => "TN",
            Form::NT => "NT",
        };
        format!("{}x{}x{} {form} {}", self.m, self.k, self.n, self.purpose).trim_end().to_owned()
    }

    /// A multiplication and an addition for each of `m × k × n`.
    pub(crate) fn flops(&self) -> usize {
        2 * self.m * self.k * self.n
    }
}

/// A shape with its operands and what is needed to check a product. Nothing is rounded in it ([`Random::exact`]).
pub(crate) struct Problem {
    pub(crate) shape: Shape,
    pub(crate) a_data: Vec<f32>,
    pub(crate) b_data: Vec<f32>,
    weights: Vec<f64>,
    /// `A·(B·weights)`
    weighted: Vec<f64>,
}

impl Problem {
    pub(crate) fn new(shape: Shape) -> Self {
        let mut random = Random::new();
        let (a_data, b_data) = (random.exact(shape.m * shape.k), random.exact(shape.k * shape.n));
        let weights = (0..shape.n).map(|_| (1 + random.below(1000)) as f64).collect();
        let mut problem = Self { shape, a_data, b_data, weights, weighted: Vec::new() };
        problem.weighted = times(problem.a(), &times(problem.b(), &problem.weights));
        problem
    }

    /// `m × k`
    pub(crate) fn a(&self) -> MatrixRef<'_> {
        let Shape { m, k, form, .. } = self.shape;
        match form {
            Form::TN => MatrixRef::new(&self.a_data, k, m).transpose(),
            Form::NN | Form::NT => MatrixRef::new(&self.a_data, m, k),
        }
    }

    /// `k × n`
    pub(crate) fn b(&self) -> MatrixRef<'_> {
        let Shape { k, n, form, .. } = self.shape;
        match form {
            Form::NT => MatrixRef::new(&self.b_data, n, k).transpose(),
            Form::NN | Form::TN => MatrixRef::new(&self.b_data, k, n),
        }
    }

    /// Whether `c` is the product: `C·w = A·(B·w)` in f64, for random weights `w` (Freivalds' check).
    /// It sees every entry at the cost of one pass, and as nothing is rounded on either side, the two are equal.
    pub(crate) fn check(&self, c: &[f32]) -> Result<(), String> {
        let ours = times(MatrixRef::new(c, self.shape.m, self.shape.n), &self.weights);
        match ours.iter().zip(&self.weighted).position(|(ours, expected)| ours != expected) {
            None => Ok(()),
            Some(row) => Err(format!(
                "row {row} of {} is wrong: its weighted sum is {}, not {}",
                self.shape.name(),
                ours[row],
                self.weighted[row],
            )),
        }
    }
}

/// `matrix · vector` in f64.
fn times(matrix: MatrixRef<'_>, vector: &[f64]) -> Vec<f64> {
    let row = |i| (0..matrix.columns()).map(|j| f64::from(matrix.get(i, j)) * vector[j]).sum();
    (0..matrix.rows()).map(row).collect()
}
