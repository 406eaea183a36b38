//! The naive f64 version of every operation: the one oracle of tests and benches. Nothing here is fast.
//!
//! Matrices are row-major f64 without padding, unless they come as views.

use crate::layout::MatrixRef;
use crate::rowwise::{EpsilonPlacement, Rmsprop};

/// A view's numbers, row-major.
pub fn values(matrix: MatrixRef<'_>) -> Vec<f64> {
    let elements = (0..matrix.rows()).flat_map(|i| (0..matrix.columns()).map(move |j| (i, j)));
    elements.map(|(i, j)| f64::from(matrix.get(i, j))).collect()
}

/// One element of a product and how exact an f32 computation of it can be expected to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Element {
    /// The exact value, up to f64 rounding.
    pub value: f64,
    /// `(k + 2) · ε · (Σ |α·a·b| + |β·c|)`, ε = 2⁻²⁴: the classic bound of a sum of k products in any order
    /// (Higham, "Accuracy and Stability of Numerical Algorithms", 3.1), with the roundings by α and β.
    pub tolerance: f64,
}

/// Element `(i, j)` of `α·A·B + β·C`, `c` being what C held there.
pub fn sgemm_element(
    alpha: f32,
    a: MatrixRef<'_>,
    b: MatrixRef<'_>,
    (beta, c): (f32, f32),
    (i, j): (usize, usize),
) -> Element {
    let (mut sum, mut magnitude) = (0.0, 0.0);
    for p in 0..a.columns() {
        let product = f64::from(a.get(i, p)) * f64::from(b.get(p, j));
        sum += product;
        magnitude += product.abs();
    }
    let alpha = f64::from(alpha);
    // α = 0 does not look at A and B, β = 0 not at C.
    if alpha == 0.0 {
        (sum, magnitude) = (0.0, 0.0);
    }
    let old = if beta == 0.0 { 0.0 } else { f64::from(beta) * f64::from(c) };
    let epsilon = f64::from(f32::EPSILON) / 2.0;
    Element {
        value: alpha * sum + old,
        tolerance: (a.columns() + 2) as f64 * epsilon * (alpha.abs() * magnitude + old.abs()),
    }
}

/// `max(x, 0)`; NaN goes through.
fn relu(x: f64) -> f64 {
    if x <= 0.0 { 0.0 } else { x }
}

/// `max(x + bias, 0)` for each row of `x` (rows × columns).
pub fn bias_relu(x: &[f64], bias: &[f64]) -> Vec<f64> {
    x.iter().enumerate().map(|(i, x)| relu(x + bias[i % bias.len()])).collect()
}

/// The gradient behind a bias and a ReLU: `d`, but 0 where `activation ≤ 0`, and its column sums.
pub fn bias_relu_backward(d: &[f64], activation: &[f64], columns: usize) -> (Vec<f64>, Vec<f64>) {
    let masked: Vec<f64> =
        d.iter().zip(activation).map(|(d, a)| if *a <= 0.0 { 0.0 } else { *d }).collect();
    let mut sums = vec![0.0; columns];
    for (i, d) in masked.iter().enumerate() {
        sums[i % columns] += d;
    }
    (masked, sums)
}

/// The probabilities of one row of logits.
pub fn softmax(logits: &[f64]) -> Vec<f64> {
    let max = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logits.iter().map(|z| (z - max).exp()).sum();
    logits.iter().map(|z| (z - max).exp() / sum).collect()
}

/// Loss of one row of logits against a distribution, and its gradient.
pub fn softmax_crossentropy(logits: &[f64], target: &[f64]) -> (f64, Vec<f64>) {
    let max = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let log_sum = logits.iter().map(|z| (z - max).exp()).sum::<f64>().ln();
    let loss = logits.iter().zip(target).map(|(z, t)| t * (log_sum - (z - max))).sum();
    let d = softmax(logits).iter().zip(target).map(|(p, t)| p - t).collect();
    (loss, d)
}

/// One RMSprop step for one parameter: the new parameter and the new mean square.
pub fn rmsprop_step(settings: &Rmsprop, w: f64, mean_square: f64, g: f64) -> (f64, f64) {
    let Rmsprop { learning_rate, rho, epsilon, epsilon_placement } = *settings;
    let v = rho * mean_square + (1.0 - rho) * g * g;
    let root = match epsilon_placement {
        EpsilonPlacement::OutsideRoot => v.sqrt() + epsilon,
        EpsilonPlacement::InsideRoot => (v + epsilon).sqrt(),
    };
    (w - learning_rate * g / root, v)
}

/// A layer for [`loss`]: weights (inputs × units, row-major), bias, and whether it ends in a ReLU.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Inputs × units.
    pub weights: Vec<f64>,
    /// A number a unit.
    pub bias: Vec<f64>,
    /// Whether negative sums become 0.
    pub relu: bool,
}

/// The mean crossentropy of a network's softmax on `x` (rows × inputs) against `targets` (rows × classes).
pub fn loss(layers: &[Layer], x: &[f64], targets: &[f64], rows: usize) -> f64 {
    let mut x = x.to_vec();
    for layer in layers {
        let (inputs, units) = (x.len() / rows, layer.bias.len());
        let mut out = vec![0.0; rows * units];
        for i in 0..rows {
            for j in 0..units {
                let dot: f64 =
                    (0..inputs).map(|p| x[i * inputs + p] * layer.weights[p * units + j]).sum();
                let sum = dot + layer.bias[j];
                out[i * units + j] = if layer.relu { relu(sum) } else { sum };
            }
        }
        x = out;
    }
    let classes = x.len() / rows;
    let row = |i: usize| i * classes..(i + 1) * classes;
    (0..rows).map(|i| softmax_crossentropy(&x[row(i)], &targets[row(i)]).0).sum::<f64>()
        / rows as f64
}
