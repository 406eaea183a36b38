//! Training a network on pictures, as a bench times it.

use crate::support::check::close;
use crate::support::pictures::Pictures;
use kernels::measure::reference::{self, Layer};
use model::{Activation, FitConfig, Network, Rmsprop, Trainer};

/// A network in training.
pub(crate) struct Training<'a> {
    trainer: Trainer,
    pictures: Pictures<'a>,
    config: FitConfig,
}

impl<'a> Training<'a> {
    /// With RMSprop as the example has it. `sizes` is inputs, units of each hidden layer, classes.
    pub(crate) fn new(sizes: &[usize], pictures: Pictures<'a>, batch_size: usize) -> Self {
        let trainer = Trainer::new(network(sizes), Rmsprop::keras2()).expect("Keras's settings");
        let config =
            FitConfig { epochs: 1, batch_size, shuffle: true, seed: SEED, ..FitConfig::default() };
        Self { trainer, pictures, config }
    }

    /// One pass over the pictures, from shuffling to the report; gives the mean loss.
    pub(crate) fn epoch(&mut self) -> f64 {
        let Self { trainer, pictures, config } = self;
        let (rows, targets) = (pictures.rows(), pictures.targets());
        let history = trainer.fit(rows, targets, config);
        history.expect("pictures that fit the network")[0].loss
    }
}

const SEED: u64 = 42;

/// A network of these sizes with ReLU, not yet trained.
pub(crate) fn network(sizes: &[usize]) -> Network {
    Network::glorot_uniform(sizes, Activation::Relu, SEED).expect("sizes of a network")
}

/// Floating-point operations of training on one row, those with zeros included: three products a layer (output,
/// gradient of the weights, gradient of the input), of which the first layer needs no gradient of its input.
pub(crate) fn training_flops(sizes: &[usize]) -> f64 {
    2.0 * prediction_flops(sizes) + (prediction_flops(sizes) - prediction_flops(&sizes[..2]))
}

/// Floating-point operations of a prediction for one row.
pub(crate) fn prediction_flops(sizes: &[usize]) -> f64 {
    sizes.windows(2).map(|layer| (2 * layer[0] * layer[1]) as f64).sum()
}

/// Few, for the oracle's sake.
const CHECKED_ROWS: usize = 8;

/// The cost of [`check`].
pub(crate) fn check_flops(sizes: &[usize]) -> f64 {
    CHECKED_ROWS as f64 * training_flops(sizes)
}

/// Whether a network predicts, evaluates and learns as it should: its predictions and losses are the oracle's, and a
/// small step lowers the loss.
pub(crate) fn check(sizes: &[usize], pictures: Pictures<'_>) -> Result<(), String> {
    let pictures = pictures.first(CHECKED_ROWS);
    let (rows, targets) = (pictures.rows(), pictures.targets());
    let fault = |error: model::ModelError| error.to_string();
    let network = network(sizes);
    let expected = oracle_loss(&network, pictures);
    let tolerance = 2e-6 * expected;

    let classes = network.classes();
    let probabilities = network.predict(rows).map_err(fault)?;
    let of_label = |(row, &label): (&[f32], &u8)| -f64::from(row[usize::from(label)]).ln();
    let losses = probabilities.chunks_exact(classes).zip(pictures.labels).map(of_label);
    let loss = losses.sum::<f64>() / CHECKED_ROWS as f64;
    close("the loss of what is predicted", loss, expected, tolerance)?;

    let loss = network.evaluate(rows, targets).map_err(fault)?.loss;
    close("the loss that is evaluated", loss, expected, tolerance)?;

    // So small that the loss changes almost as its gradient says.
    let gently = Rmsprop { learning_rate: 1e-6, ..Rmsprop::keras2() };
    let mut trainer = Trainer::new(network, gently).map_err(fault)?;
    let config = FitConfig {
        epochs: 2,
        batch_size: CHECKED_ROWS,
        shuffle: false,
        seed: 0,
        ..FitConfig::default()
    };
    let history = trainer.fit(rows, targets, &config).map_err(fault)?;
    close("the loss of the first step", history[0].loss, expected, tolerance)?;
    if history[1].loss >= history[0].loss {
        return Err(format!("a step leads from {} up to {}", history[0].loss, history[1].loss));
    }
    Ok(())
}

fn oracle_loss(network: &Network, pictures: Pictures<'_>) -> f64 {
    let wide = |values: Vec<f32>| values.into_iter().map(f64::from).collect();
    let layer = |layer: model::LayerParameters| Layer {
        relu: layer.activation == Activation::Relu,
        weights: wide(layer.weights),
        bias: wide(layer.bias),
    };
    let layers: Vec<Layer> = network.parameters().into_iter().map(layer).collect();
    let x: Vec<f64> = pictures.pixels.iter().map(|&pixel| f64::from(pixel) / 255.0).collect();
    let mut targets = vec![0.0; pictures.len() * network.classes()];
    for (i, &label) in pictures.labels.iter().enumerate() {
        targets[i * network.classes() + usize::from(label)] = 1.0;
    }
    reference::loss(&layers, &x, &targets, pictures.len())
}
