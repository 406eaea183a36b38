//! Inputs, layers and states of any size, and the check of a product.

use kernels::dense::{Batch, Parameters, Selection, State};
use kernels::measure::reference;
use kernels::{MatrixRef, Panels, Rows};
use testing::Random;

#[derive(Clone, Debug)]
pub(crate) struct Matrix {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) values: Vec<f32>,
}

impl Matrix {
    /// `rows × columns` numbers in [−1, 1), a share of them exactly zero.
    pub(crate) fn random(random: &mut Random, rows: usize, columns: usize, zeros: f64) -> Self {
        Self { rows, columns, values: random.with_zeros(rows * columns, zeros) }
    }

    pub(crate) fn view(&self) -> MatrixRef<'_> {
        MatrixRef::new(&self.values, self.rows, self.columns)
    }

    pub(crate) fn panels(&self) -> Panels {
        Panels::from_matrix(self.view())
    }
}

pub(crate) fn poisoned(rows: usize, columns: usize) -> Panels {
    Matrix { rows, columns, values: vec![f32::NAN; rows * columns] }.panels()
}

/// Every element of `got` is what the reference says of `a · b + old`, after `finish`; its padding is zero.
pub(crate) fn assert_product(
    what: &str,
    got: &Panels,
    (a, b): (MatrixRef<'_>, MatrixRef<'_>),
    sign: f32,
    old: &dyn Fn(usize, usize) -> f32,
    finish: &dyn Fn(usize, usize, f64) -> f64,
) {
    assert_eq!((got.rows(), got.columns()), (a.rows(), b.columns()), "{what}");
    for i in 0..a.rows() {
        for j in 0..b.columns() {
            let expected = reference::sgemm_element(sign, a, b, (1.0, old(i, j)), (i, j));
            let (value, got) = (finish(i, j, expected.value), f64::from(got.get(i, j)));
            assert!(
                (got - value).abs() <= expected.tolerance + f64::from(f32::MIN_POSITIVE),
                "{what}, ({i}, {j}) of {} x {}: {got} for {value}, tolerance {:e}",
                a.rows(),
                b.columns(),
                expected.tolerance
            );
        }
    }
    let padding = got.panels() * 16 - got.columns();
    if padding > 0 {
        for line in got.panel(got.panels() - 1) {
            assert!(
                line.0[16 - padding..].iter().all(|x| *x == 0.0),
                "{what}: padding is not zero"
            );
        }
    }
}

/// x in the form asked for. The threshold is what decides, so each form can be had from any x.
pub(crate) fn batch(x: &Matrix, sparse: bool) -> Batch {
    let mut batch = Batch::listing_below(if sparse { 1.0 } else { -1.0 }, x.columns);
    batch.gather(&Rows::floats(x.view()), None, &Selection::Range(0..x.rows));
    // A batch of zeros is sparse under any threshold.
    assert!(batch.is_listed() == sparse || x.values.iter().all(|x| *x == 0.0));
    batch
}

pub(crate) fn shapes() -> Vec<(usize, usize, usize)> {
    let mut shapes = vec![
        (128, 784, 64),
        (2, 2049, 17),
        (130, 1023, 16),
        (5, 1024, 33),
        (40, 1025, 20),
        (64, 20, 1030),
    ];
    for rows in [1, 5, 6, 7, 15, 16, 17, 33] {
        for inputs in [1, 15, 16, 17, 50] {
            for units in [1, 10, 16, 17, 35] {
                shapes.push((rows, inputs, units));
            }
        }
    }
    shapes
}

/// A state as a training leaves it: positive, of very different sizes.
pub(crate) fn state(random: &mut Random, inputs: usize, units: usize) -> State {
    let mut squares = |rows, columns| {
        let mut matrix = Matrix::random(random, rows, columns, 0.1);
        matrix.values.iter_mut().for_each(|x| *x = x.powi(8));
        matrix.panels()
    };
    State::new(Parameters { weights: squares(inputs, units), bias: squares(1, units) })
}

pub(crate) fn layer(
    random: &mut Random,
    inputs: usize,
    units: usize,
) -> (Matrix, Matrix, Parameters) {
    let (kernel, bias) =
        (Matrix::random(random, inputs, units, 0.0), Matrix::random(random, 1, units, 0.0));
    let parameters = Parameters { weights: kernel.panels(), bias: bias.panels() };
    (kernel, bias, parameters)
}
