//! Passes over memory, against plain scalar loops, which the compiler makes the best of that it can for any CPU.

use super::{Case, Work};
use crate::support::check;
use crate::support::random::Random;
use kernels::measure::reference;
use kernels::rowwise::{self, Rmsprop, Score};
use kernels::{MatrixMut, MatrixRef, Targets};

const FLOAT: usize = size_of::<f32>();

pub(super) struct SoftmaxCrossentropy {
    logits: Vec<f32>,
    classes: usize,
    labels: Vec<u8>,
    /// Ours and the loop's.
    d_logits: [Vec<f32>; 2],
    score: Score,
    loss: f32,
}

impl SoftmaxCrossentropy {
    pub(super) fn new(rows: usize, classes: usize) -> Self {
        let mut random = Random::new();
        let logit = |x: f32| 8.0 * x;
        Self {
            logits: random.exact(rows * classes).into_iter().map(logit).collect(),
            classes,
            labels: (0..rows).map(|_| random.below(classes as u64) as u8).collect(),
            d_logits: [(); 2].map(|()| vec![f32::NAN; rows * classes]),
            score: Score::default(),
            loss: f32::NAN,
        }
    }

    fn scale(&self) -> f32 {
        1.0 / self.labels.len() as f32
    }
}

impl Case for SoftmaxCrossentropy {
    fn name(&self) -> String {
        format!("softmax_crossentropy {}x{}", self.labels.len(), self.classes)
    }

    fn other_name(&self) -> &'static str {
        "scalar loop with f32::exp"
    }

    fn work(&self) -> Work {
        Work::Bytes(2 * FLOAT * self.logits.len())
    }

    fn forks(&self) -> bool {
        false
    }

    fn ours(&mut self) {
        let (rows, scale) = (self.labels.len(), self.scale());
        self.score = rowwise::softmax_crossentropy(
            MatrixRef::new(&self.logits, rows, self.classes),
            Targets::Classes(&self.labels),
            scale,
            MatrixMut::new(&mut self.d_logits[0], rows, self.classes),
        );
    }

    fn other(&mut self) {
        let scale = self.scale();
        self.loss = 0.0;
        let logits = self.logits.chunks_exact(self.classes);
        let d_logits = self.d_logits[1].chunks_exact_mut(self.classes);
        for ((logits, d_logits), &label) in logits.zip(d_logits).zip(&self.labels) {
            let max = logits.iter().fold(f32::NEG_INFINITY, |max, z| max.max(*z));
            let mut sum = 0.0;
            for (d, z) in d_logits.iter_mut().zip(logits) {
                *d = (z - max).exp();
                sum += *d;
            }
            self.loss += sum.ln() - (logits[usize::from(label)] - max);
            for d in &mut *d_logits {
                *d *= scale / sum;
            }
            d_logits[usize::from(label)] -= scale;
        }
    }

    fn check(&self) -> Result<(), String> {
        let (mut loss, mut expected) = (0.0, Vec::new());
        for (logits, &label) in self.logits.chunks_exact(self.classes).zip(&self.labels) {
            let logits: Vec<f64> = logits.iter().copied().map(f64::from).collect();
            let mut target = vec![0.0; self.classes];
            target[usize::from(label)] = 1.0;
            let (row_loss, d) = reference::softmax_crossentropy(&logits, &target);
            loss += row_loss;
            expected.extend(d.into_iter().map(|d| (d * f64::from(self.scale())) as f32));
        }
        check::close("loss", self.score.loss, loss, 1e-6 * loss)?;
        check::close("the loop's loss", self.loss.into(), loss, 1e-5 * loss)?;
        check::all_close("d_logits", &self.d_logits[0], &expected, 1e-6)?;
        check::all_close("the loop's d_logits", &self.d_logits[1], &expected, 1e-5)
    }
}

pub(super) struct RmspropStep {
    settings: Rmsprop,
    gradient: Vec<f32>,
    /// Weights and mean squares: ours, the loop's, and what the first step made of them by the oracle.
    ours: [Vec<f32>; 2],
    other: [Vec<f32>; 2],
    expected: [Vec<f32>; 2],
}

impl RmspropStep {
    pub(super) fn new(parameters: usize) -> Self {
        let mut random = Random::new();
        let settings = Rmsprop::keras2();
        let (gradient, weights) = (random.exact(parameters), random.exact(parameters));
        let mean_square: Vec<f32> = random.exact(parameters).into_iter().map(|x| x * x).collect();
        let both = || weights.iter().zip(&mean_square).zip(&gradient);
        let step = |((w, v), g): ((&f32, &f32), &f32)| {
            reference::rmsprop_step(&settings, (*w).into(), (*v).into(), (*g).into())
        };
        let expected = [
            both().map(|at| step(at).0 as f32).collect(),
            both().map(|at| step(at).1 as f32).collect(),
        ];
        let ours = [weights, mean_square];
        Self { settings, gradient, other: ours.clone(), ours, expected }
    }
}

impl Case for RmspropStep {
    fn name(&self) -> String {
        format!("rmsprop_step {}", self.gradient.len())
    }

    fn other_name(&self) -> &'static str {
        "scalar loop"
    }

    /// Weights and mean squares are read and written, gradients read.
    fn work(&self) -> Work {
        Work::Bytes(5 * FLOAT * self.gradient.len())
    }

    fn ours(&mut self) {
        let [weights, mean_square] = &mut self.ours;
        rowwise::rmsprop_step(&self.settings, weights, mean_square, &self.gradient);
    }

    fn other(&mut self) {
        let Rmsprop { learning_rate, rho, epsilon, .. } = self.settings;
        let (rate, rho, rest, epsilon) =
            (learning_rate as f32, rho as f32, (1.0 - rho) as f32, epsilon as f32);
        let [weights, mean_square] = &mut self.other;
        for ((w, v), g) in weights.iter_mut().zip(mean_square).zip(&self.gradient) {
            *v = rho * *v + rest * g * g;
            *w -= rate * g / (v.sqrt() + epsilon);
        }
    }

    fn check(&self) -> Result<(), String> {
        for (form, result) in [("", &self.ours), ("the loop's ", &self.other)] {
            for (what, (result, expected)) in
                ["weights", "mean squares"].iter().zip(result.iter().zip(&self.expected))
            {
                check::all_close(&format!("{form}{what}"), result, expected, 1e-6)?;
            }
        }
        Ok(())
    }
}

pub(super) struct BiasRelu {
    bias: Vec<f32>,
    ours: Vec<f32>,
    other: Vec<f32>,
    expected: Vec<f32>,
}

impl BiasRelu {
    pub(super) fn new(rows: usize, columns: usize) -> Self {
        let mut random = Random::new();
        let (x, bias) = (random.exact(rows * columns), random.exact(columns));
        let expected = reference::bias_relu(&wide(&x), &wide(&bias));
        Self { bias, ours: x.clone(), other: x, expected: narrow(&expected) }
    }
}

impl Case for BiasRelu {
    fn name(&self) -> String {
        format!("bias_relu {}x{}", self.ours.len() / self.bias.len(), self.bias.len())
    }

    fn other_name(&self) -> &'static str {
        "scalar loop"
    }

    fn work(&self) -> Work {
        Work::Bytes(2 * FLOAT * self.ours.len())
    }

    fn forks(&self) -> bool {
        false
    }

    fn ours(&mut self) {
        let (rows, columns) = (self.ours.len() / self.bias.len(), self.bias.len());
        rowwise::bias_relu(MatrixMut::new(&mut self.ours, rows, columns), &self.bias);
    }

    fn other(&mut self) {
        for row in self.other.chunks_exact_mut(self.bias.len()) {
            for (x, bias) in row.iter_mut().zip(&self.bias) {
                *x = (*x + bias).max(0.0);
            }
        }
    }

    fn check(&self) -> Result<(), String> {
        check::equal("x", &self.ours, &self.expected)?;
        check::equal("the loop's x", &self.other, &self.expected)
    }
}

pub(super) struct BiasReluBackward {
    activation: Vec<f32>,
    /// `d` and `d_bias`: ours, the loop's, the oracle's.
    ours: [Vec<f32>; 2],
    other: [Vec<f32>; 2],
    expected: [Vec<f32>; 2],
}

impl BiasReluBackward {
    pub(super) fn new(rows: usize, columns: usize) -> Self {
        let mut random = Random::new();
        let (activation, d) = (random.exact(rows * columns), random.exact(rows * columns));
        let (masked, sums) = reference::bias_relu_backward(&wide(&d), &wide(&activation), columns);
        let ours = [d, vec![f32::NAN; columns]];
        let expected = [narrow(&masked), narrow(&sums)];
        Self { activation, other: ours.clone(), ours, expected }
    }
}

impl Case for BiasReluBackward {
    fn name(&self) -> String {
        let [d, d_bias] = &self.ours;
        format!("bias_relu_backward {}x{}", d.len() / d_bias.len(), d_bias.len())
    }

    fn other_name(&self) -> &'static str {
        "scalar loop"
    }

    /// Gradients are read and written, activations read.
    fn work(&self) -> Work {
        Work::Bytes(3 * FLOAT * self.activation.len())
    }

    fn forks(&self) -> bool {
        false
    }

    fn ours(&mut self) {
        let [d, d_bias] = &mut self.ours;
        let (rows, columns) = (d.len() / d_bias.len(), d_bias.len());
        let activation = MatrixRef::new(&self.activation, rows, columns);
        rowwise::bias_relu_backward(MatrixMut::new(d, rows, columns), activation, d_bias);
    }

    fn other(&mut self) {
        let [d, d_bias] = &mut self.other;
        let columns = d_bias.len();
        d_bias.fill(0.0);
        let rows = d.chunks_exact_mut(columns).zip(self.activation.chunks_exact(columns));
        for (d, activation) in rows {
            for ((d, activation), sum) in d.iter_mut().zip(activation).zip(&mut *d_bias) {
                *d = if *activation > 0.0 { *d } else { 0.0 };
                *sum += *d;
            }
        }
    }

    fn check(&self) -> Result<(), String> {
        for (form, result) in [("", &self.ours), ("the loop's ", &self.other)] {
            for (what, (result, expected)) in
                ["d", "d_bias"].iter().zip(result.iter().zip(&self.expected))
            {
                check::equal(&format!("{form}{what}"), result, expected)?;
            }
        }
        Ok(())
    }
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}

/// The oracle's numbers, which are exact here, as f32.
fn narrow(values: &[f64]) -> Vec<f32> {
    values.iter().map(|&x| x as f32).collect()
}
