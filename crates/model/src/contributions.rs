//! How much each number of a row adds to the class that a network reads in it.

use kernels::{LANES, Panels};

use crate::Network;

/// Says what each number of a row adds to the logit of a class, compared with the other classes.
///
/// The measure is the number times the gradient of the difference between two logits, that of the class and that of another
/// one, or the mean of all. Around a row, a network of ReLUs is linear: these products and a part that comes from the biases
/// sum up to the difference exactly.
///
/// ```
/// use model::{Activation, Contributions, LayerParameters, Network};
///
/// let activation = Activation::Softmax;
/// let layer = LayerParameters { inputs: 3, units: 2, activation, weights: vec![1.0, 0.0, 0.0, 2.0, 4.0, 4.0], bias: vec![0.0; 2] };
/// let network = Network::from_parameters(&[layer])?;
/// // Column 0 speaks for class 0, column 1 for class 1, column 2 for both alike.
/// let found = Contributions::new(&network).of(&[0, 1, 2], &[3.0, 1.0, 1.0], 0, Some(1));
/// assert_eq!(found, [3.0, -2.0, 0.0]);
/// # Ok::<(), model::ModelError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Contributions<'a> {
    network: &'a Network,
    /// For each input of the output layer, the mean of its weights.
    means: Vec<f32>,
}

impl<'a> Contributions<'a> {
    /// Of the numbers in the rows that `network` reads.
    pub fn new(network: &'a Network) -> Self {
        let weights = &network.output_layer().weights;
        let classes = network.classes() as f64;
        let mean = |i| {
            let sum = weights.row(i).flatten().map(|&weight| f64::from(weight)).sum::<f64>();
            (sum / classes) as f32
        };
        Self { network, means: (0..weights.rows()).map(mean).collect() }
    }

    /// For each non-zero of a row, given by its columns and values, what it adds to the logit of `class` in comparison with
    /// that of the class `against`, or with the mean of all logits.
    ///
    /// # Panics
    /// If a column is no input of the network, a class is none of it, or there are not as many columns as values.
    pub fn of(
        &self,
        columns: &[u32],
        values: &[f32],
        class: usize,
        against: Option<usize>,
    ) -> Vec<f32> {
        assert_eq!(columns.len(), values.len(), "columns and values of a row");
        let output = &self.network.output_layer().weights;
        // The gradient of the difference with respect to what the output layer takes.
        let slope = |i: usize| match against {
            Some(other) => output.get(i, class) - output.get(i, other),
            None => output.get(i, class) - self.means[i],
        };
        let hidden = self.network.hidden_layers();
        let Some(first) = hidden.first() else {
            let all = columns.iter().zip(values);
            return all.map(|(&column, value)| value * slope(column as usize)).collect();
        };
        let active = self.active(columns, values);
        let mut gradient: Vec<f32> = (0..output.rows()).map(slope).collect();
        for (layer, active) in hidden.iter().zip(&active).rev() {
            gradient
                .iter_mut()
                .zip(active)
                .filter(|(_, active)| !**active)
                .for_each(|(g, _)| *g = 0.0);
            if !std::ptr::eq(layer, first) {
                gradient = (0..layer.inputs()).map(|i| dot(&layer.weights, i, &gradient)).collect();
            }
        }
        let all = columns.iter().zip(values);
        all.map(|(&j, value)| value * dot(&first.weights, j as usize, &gradient)).collect()
    }

    /// For each hidden layer, which of its units pass on what they get.
    fn active(&self, columns: &[u32], values: &[f32]) -> Vec<Vec<bool>> {
        let (mut all, mut input) = (Vec::new(), Vec::new());
        for (l, (layer, activation)) in
            self.network.hidden_layers().iter().zip(self.network.activations()).enumerate()
        {
            let mut sums: Vec<f32> = layer.bias.row(0).flatten().copied().collect();
            if l == 0 {
                let row = columns.iter().zip(values);
                row.for_each(|(&j, &x)| add(&layer.weights, j as usize, x, &mut sums));
            } else {
                let row = input.iter().enumerate().filter(|(_, x)| **x != 0.0);
                row.for_each(|(j, &x)| add(&layer.weights, j, x, &mut sums));
            }
            let is_linear = activation == crate::Activation::Linear;
            let active: Vec<bool> = sums.iter().map(|&sum| is_linear || sum > 0.0).collect();
            sums.iter_mut().zip(&active).filter(|(_, a)| !**a).for_each(|(sum, _)| *sum = 0.0);
            input = sums;
            all.push(active);
        }
        all
    }
}

/// The product of row `i` with a vector.
fn dot(weights: &Panels, i: usize, vector: &[f32]) -> f32 {
    let mut sums = [0.0; LANES];
    for (weights, vector) in weights.row(i).zip(vector.chunks(LANES)) {
        for ((sum, weight), x) in sums.iter_mut().zip(weights).zip(vector) {
            *sum += weight * x;
        }
    }
    sums.iter().sum()
}

/// Adds `x` times row `i`.
fn add(weights: &Panels, i: usize, x: f32, sums: &mut [f32]) {
    for (weights, sums) in weights.row(i).zip(sums.chunks_mut(LANES)) {
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += x * weight;
        }
    }
}
