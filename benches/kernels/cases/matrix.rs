//! Matrices and layers in the two layouts: in panels for us, row-major for the other form.

use crate::support::check;
use crate::support::random::Random;
use kernels::dense::Parameters;
use kernels::{MatrixMut, MatrixRef, Panels};

/// A matrix in both layouts. As an operand, the two hold the same; as a result, each holds what one form gave.
pub(super) struct Matrix {
    pub(super) panels: Panels,
    pub(super) row_major: Vec<f32>,
}

impl Matrix {
    pub(super) fn new(row_major: Vec<f32>, columns: usize) -> Self {
        let matrix = MatrixRef::new(&row_major, row_major.len() / columns, columns);
        Self { panels: Panels::from_matrix(matrix), row_major }
    }

    /// An operand whose sums of products are exact ([`Random::exact`]).
    pub(super) fn exact(random: &mut Random, rows: usize, columns: usize) -> Self {
        Self::new(random.exact(rows * columns), columns)
    }

    /// A result before the first run: NaN, which must not survive.
    pub(super) fn unwritten(rows: usize, columns: usize) -> Self {
        Self::new(vec![f32::NAN; rows * columns], columns)
    }

    pub(super) fn rows(&self) -> usize {
        self.panels.rows()
    }

    pub(super) fn columns(&self) -> usize {
        self.panels.columns()
    }

    /// The row-major layout.
    pub(super) fn view(&self) -> MatrixRef<'_> {
        MatrixRef::new(&self.row_major, self.rows(), self.columns())
    }

    /// The row-major layout.
    pub(super) fn view_mut(&mut self) -> MatrixMut<'_> {
        let (rows, columns) = (self.rows(), self.columns());
        MatrixMut::new(&mut self.row_major, rows, columns)
    }

    /// Whether both layouts hold the same bits.
    pub(super) fn check_equal(&self, what: &str) -> Result<(), String> {
        check::equal(what, &self.panels.to_row_major(), &self.row_major)
    }

    /// Whether both layouts hold the same but for rounding.
    pub(super) fn check_close(&self, what: &str) -> Result<(), String> {
        check::all_close(what, &self.panels.to_row_major(), &self.row_major, 1e-5)
    }

    /// Whether some elements of the row-major layout are the oracle's, within `tolerance`.
    pub(super) fn check_samples(
        &self,
        what: &str,
        tolerance: f64,
        oracle: impl Fn(usize, usize) -> f64,
    ) -> Result<(), String> {
        for at in check::samples(self.row_major.len()) {
            let (i, j) = (at / self.columns(), at % self.columns());
            let what = format!("{what} ({i}, {j})");
            check::close(&what, self.row_major[at].into(), oracle(i, j), tolerance)?;
        }
        Ok(())
    }
}

/// A layer, or anything of its shape, in both layouts.
pub(super) struct Layer {
    pub(super) parameters: Parameters,
    /// inputs × units
    pub(super) weights: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

impl Layer {
    pub(super) fn new(weights: Vec<f32>, bias: Vec<f32>) -> Self {
        let (inputs, units) = (weights.len() / bias.len(), bias.len());
        let parameters = Parameters {
            weights: Panels::from_matrix(MatrixRef::new(&weights, inputs, units)),
            bias: Panels::from_matrix(MatrixRef::new(&bias, 1, units)),
        };
        Self { parameters, weights, bias }
    }

    pub(super) fn exact(random: &mut Random, inputs: usize, units: usize) -> Self {
        Self::new(random.exact(inputs * units), random.exact(units))
    }

    pub(super) fn zeros(inputs: usize, units: usize) -> Self {
        Self::new(vec![0.0; inputs * units], vec![0.0; units])
    }

    pub(super) fn inputs(&self) -> usize {
        self.parameters.inputs()
    }

    pub(super) fn units(&self) -> usize {
        self.parameters.units()
    }

    /// The row-major weights.
    pub(super) fn view(&self) -> MatrixRef<'_> {
        MatrixRef::new(&self.weights, self.inputs(), self.units())
    }

    /// Whether both layouts hold the same bits.
    pub(super) fn check_equal(&self, what: &str) -> Result<(), String> {
        let Parameters { weights, bias } = &self.parameters;
        check::equal(&format!("{what}, weights"), &weights.to_row_major(), &self.weights)?;
        check::equal(&format!("{what}, bias"), &bias.to_row_major(), &self.bias)
    }
}
