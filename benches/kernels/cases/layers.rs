//! Products of a layer with what is fused into them, against the parts: [`sgemm`] over row-major operands, and passes
//! over its result.

use super::matrix::{Layer, Matrix};
use super::{Case, Work};
use crate::support::check;
use crate::support::random::Random;
use kernels::dense::{self, Activation, Input, State};
use kernels::measure::reference;
use kernels::rowwise::{
    Rmsprop, Score, bias_relu, bias_relu_backward, rmsprop_step, softmax_crossentropy,
};
use kernels::{MatrixMut, MatrixRef, Targets, sgemm};

/// Bias and ReLU in the product's last visit to a tile, or in a pass of their own.
pub(super) struct Forward {
    x: Matrix,
    layer: Layer,
    out: Matrix,
}

impl Forward {
    pub(super) fn new(rows: usize, inputs: usize, units: usize) -> Self {
        let mut random = Random::new();
        Self {
            x: Matrix::exact(&mut random, rows, inputs),
            layer: Layer::exact(&mut random, inputs, units),
            out: Matrix::unwritten(rows, units),
        }
    }
}

impl Case for Forward {
    fn name(&self) -> String {
        shaped("forward", &self.x, &self.layer)
    }

    fn other_name(&self) -> &'static str {
        "sgemm, then bias_relu"
    }

    fn work(&self) -> Work {
        product(&self.x, &self.layer)
    }

    fn ours(&mut self) {
        let x = Input::Panels(&self.x.panels);
        dense::forward(x, &self.layer.parameters, Activation::Relu, &mut self.out.panels);
    }

    fn other(&mut self) {
        sgemm(1.0, self.x.view(), self.layer.view(), 0.0, self.out.view_mut());
        bias_relu(self.out.view_mut(), &self.layer.bias);
    }

    fn check(&self) -> Result<(), String> {
        let Self { x, layer, out } = self;
        out.check_equal("out")?;
        out.check_samples("out", 0.0, |i, j| {
            (element(x.view(), layer.view(), i, j) + f64::from(layer.bias[j])).max(0.0)
        })
    }
}

/// Logits, loss and the gradient of the layer below for a few rows at a time, or each for all rows.
pub(super) struct Output {
    x: Matrix,
    layer: Layer,
    labels: Vec<u8>,
    logits: Vec<f32>,
    d_logits: Matrix,
    d_x: Matrix,
    /// Comes with the mask in the other form; in ours it is the layer below that has it.
    d_bias_below: Vec<f32>,
    scores: Vec<Score>,
    score: Score,
}

impl Output {
    pub(super) fn new(rows: usize, inputs: usize, classes: usize) -> Self {
        let mut random = Random::new();
        Self {
            x: Matrix::exact(&mut random, rows, inputs),
            layer: Layer::exact(&mut random, inputs, classes),
            labels: (0..rows).map(|_| random.below(classes as u64) as u8).collect(),
            logits: vec![f32::NAN; rows * classes],
            d_logits: Matrix::unwritten(rows, classes),
            d_x: Matrix::unwritten(rows, inputs),
            d_bias_below: vec![f32::NAN; inputs],
            scores: vec![Score::default(); rows],
            score: Score::default(),
        }
    }

    /// So that the gradient is that of the mean loss.
    fn scale(&self) -> f32 {
        1.0 / self.labels.len() as f32
    }
}

impl Case for Output {
    fn name(&self) -> String {
        shaped("output_layer", &self.x, &self.layer)
    }

    fn other_name(&self) -> &'static str {
        "sgemm, softmax_crossentropy, sgemm, mask"
    }

    /// The product and that of its gradient.
    fn work(&self) -> Work {
        Work::Flops(4 * self.x.row_major.len() * self.layer.units())
    }

    fn ours(&mut self) {
        let scale = self.scale();
        dense::output_layer(
            Input::Panels(&self.x.panels),
            &self.layer.parameters,
            Targets::Classes(&self.labels),
            scale,
            &mut self.d_logits.panels,
            Some((Some(&self.x.panels), &mut self.d_x.panels)),
            &mut self.scores,
        );
    }

    fn other(&mut self) {
        let (rows, classes, scale) = (self.labels.len(), self.layer.units(), self.scale());
        for logits in self.logits.chunks_exact_mut(classes) {
            logits.copy_from_slice(&self.layer.bias);
        }
        let logits = MatrixMut::new(&mut self.logits, rows, classes);
        sgemm(1.0, self.x.view(), self.layer.view(), 1.0, logits);
        let logits = MatrixRef::new(&self.logits, rows, classes);
        let targets = Targets::Classes(&self.labels);
        self.score = softmax_crossentropy(logits, targets, scale, self.d_logits.view_mut());
        let weights = self.layer.view().transpose();
        sgemm(1.0, self.d_logits.view(), weights, 0.0, self.d_x.view_mut());
        bias_relu_backward(self.d_x.view_mut(), self.x.view(), &mut self.d_bias_below);
    }

    fn check(&self) -> Result<(), String> {
        let Self { x, layer, d_logits, d_x, .. } = self;
        let mut ours = Score::default();
        for score in &self.scores {
            ours += *score;
        }
        check::close("loss", ours.loss, self.score.loss, 1e-6 * self.score.loss)?;
        check::close("correct", ours.correct as f64, self.score.correct as f64, 0.0)?;
        d_logits.check_close("d_logits")?;
        d_x.check_close("d_x")?;
        d_logits.check_samples("d_logits", 1e-6, |i, j| {
            let logit = |j| element(x.view(), layer.view(), i, j) + f64::from(layer.bias[j]);
            let logits: Vec<f64> = (0..layer.units()).map(logit).collect();
            let target = if usize::from(self.labels[i]) == j { 1.0 } else { 0.0 };
            f64::from(self.scale()) * (reference::softmax(&logits)[j] - target)
        })?;
        d_x.check_samples("d_x", 1e-6, |i, j| {
            let lit = x.view().get(i, j) > 0.0;
            if lit { element(d_logits.view(), layer.view().transpose(), i, j) } else { 0.0 }
        })
    }
}

/// The mask of the ReLU below in the product's last visit to a tile, or in a pass of its own.
pub(super) struct Backward {
    d: Matrix,
    layer: Layer,
    /// The input of the layer: a ReLU's result.
    x: Matrix,
    d_x: Matrix,
    /// As in [`Output`].
    d_bias_below: Vec<f32>,
}

impl Backward {
    pub(super) fn new(rows: usize, inputs: usize, units: usize) -> Self {
        let mut random = Random::new();
        Self {
            d: Matrix::exact(&mut random, rows, units),
            layer: Layer::exact(&mut random, inputs, units),
            x: Matrix::exact(&mut random, rows, inputs),
            d_x: Matrix::unwritten(rows, inputs),
            d_bias_below: vec![f32::NAN; inputs],
        }
    }
}

impl Case for Backward {
    fn name(&self) -> String {
        let (rows, inputs, units) = (self.d.rows(), self.layer.inputs(), self.layer.units());
        format!("backward {rows}x{units}x{inputs}")
    }

    fn other_name(&self) -> &'static str {
        "sgemm, then mask"
    }

    fn work(&self) -> Work {
        product(&self.x, &self.layer)
    }

    fn ours(&mut self) {
        let mask = Some(&self.x.panels);
        dense::backward(&self.d.panels, &self.layer.parameters, mask, &mut self.d_x.panels);
    }

    fn other(&mut self) {
        sgemm(1.0, self.d.view(), self.layer.view().transpose(), 0.0, self.d_x.view_mut());
        bias_relu_backward(self.d_x.view_mut(), self.x.view(), &mut self.d_bias_below);
    }

    fn check(&self) -> Result<(), String> {
        let Self { d, layer, x, d_x, .. } = self;
        d_x.check_equal("d_x")?;
        d_x.check_samples("d_x", 0.0, |i, j| {
            let lit = x.view().get(i, j) > 0.0;
            if lit { element(d.view(), layer.view().transpose(), i, j) } else { 0.0 }
        })
    }
}

/// The optimizer's step while a tile of the gradient is in registers, or after the whole gradient.
pub(super) struct Train {
    x: Matrix,
    d: Matrix,
    optimizer: Rmsprop,
    layer: Layer,
    /// The optimizer's state in our form, and in the other.
    state: State,
    mean_square: Layer,
    d_weights: Vec<f32>,
    d_bias: Vec<f32>,
    /// The weights before the first step.
    weights: Vec<f32>,
}

impl Train {
    pub(super) fn new(rows: usize, inputs: usize, units: usize) -> Self {
        let mut random = Random::new();
        let layer = Layer::exact(&mut random, inputs, units);
        Self {
            x: Matrix::exact(&mut random, rows, inputs),
            d: Matrix::exact(&mut random, rows, units),
            optimizer: Rmsprop::keras2(),
            state: State::zeros(inputs, units),
            mean_square: Layer::zeros(inputs, units),
            d_weights: vec![f32::NAN; inputs * units],
            d_bias: vec![f32::NAN; units],
            weights: layer.weights.clone(),
            layer,
        }
    }
}

impl Case for Train {
    fn name(&self) -> String {
        let (rows, inputs, units) = (self.x.rows(), self.layer.inputs(), self.layer.units());
        format!("train {inputs}x{rows}x{units}")
    }

    fn other_name(&self) -> &'static str {
        "sgemm, then rmsprop_step"
    }

    fn work(&self) -> Work {
        product(&self.x, &self.layer)
    }

    fn ours(&mut self) {
        dense::update(
            Input::Panels(&self.x.panels),
            &self.d.panels,
            self.optimizer,
            &mut self.layer.parameters,
            &mut self.state,
        );
    }

    fn other(&mut self) {
        let Self { x, d, optimizer, layer, mean_square, d_weights, d_bias, .. } = self;
        let d_weights_view = MatrixMut::new(d_weights, layer.inputs(), layer.units());
        sgemm(1.0, x.view().transpose(), d.view(), 0.0, d_weights_view);
        rmsprop_step(optimizer, &mut layer.weights, &mut mean_square.weights, d_weights);
        d_bias.fill(0.0);
        for row in d.row_major.chunks_exact(layer.units()) {
            for (sum, d) in d_bias.iter_mut().zip(row) {
                *sum += d;
            }
        }
        rmsprop_step(optimizer, &mut layer.bias, &mut mean_square.bias, d_bias);
    }

    fn check(&self) -> Result<(), String> {
        self.layer.check_equal("weights")?;
        let (x, d, units) = (self.x.view(), self.d.view(), self.layer.units());
        for at in check::samples(self.weights.len()) {
            let (i, j) = (at / units, at % units);
            let g = element(x.transpose(), d, i, j);
            let (w, v) = reference::rmsprop_step(&self.optimizer, self.weights[at].into(), 0.0, g);
            let what = |of: &str| format!("{of} ({i}, {j})");
            check::close(&what("weight"), self.layer.weights[at].into(), w, 1e-6)?;
            let ours = self.state.mean_square(&self.optimizer, i, j);
            check::close(&what("mean square"), ours.into(), v, 1e-6 * v)?;
            check::equal(&what("mean square"), &[ours], &[self.mean_square.weights[at]])?;
        }
        Ok(())
    }
}

/// Element `(i, j)` of `a · b` by the oracle.
pub(super) fn element(a: MatrixRef<'_>, b: MatrixRef<'_>, i: usize, j: usize) -> f64 {
    reference::sgemm_element(1.0, a, b, (0.0, 0.0), (i, j)).value
}

/// A multiplication and an addition for each number of `x` and each unit.
fn product(x: &Matrix, layer: &Layer) -> Work {
    Work::Flops(2 * x.row_major.len() * layer.units())
}

fn shaped(operation: &str, x: &Matrix, layer: &Layer) -> String {
    format!("{operation} {}x{}x{}", x.rows(), layer.inputs(), layer.units())
}
