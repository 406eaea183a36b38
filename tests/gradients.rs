//! The gradients of whole networks, as a training step really uses them, against central differences of the f64 reference.

use kernels::measure::reference::{Layer, loss};
use kernels::{Csr, MatrixRef, Rows, Targets};
use model::{Activation, EpsilonPlacement, FitConfig, LayerParameters, Network, Rmsprop, Trainer};
use testing::Random;

/// With learning rate and epsilon both 2^60 RMSprop's step is `w ← w − g`: what a step takes off a parameter is the
/// gradient, by the very code that trains.
fn plain_descent() -> Rmsprop {
    let large = f64::from(1u32 << 30).powi(2);
    Rmsprop {
        learning_rate: large,
        rho: 0.9,
        epsilon: large,
        epsilon_placement: EpsilonPlacement::OutsideRoot,
    }
}

fn reference_layers(layers: &[LayerParameters]) -> Vec<Layer> {
    let f64s = |values: &[f32]| values.iter().map(|x| f64::from(*x)).collect();
    let layer = |layer: &LayerParameters| Layer {
        weights: f64s(&layer.weights),
        bias: f64s(&layer.bias),
        relu: layer.activation == Activation::Relu,
    };
    layers.iter().map(layer).collect()
}

/// Every parameter of a network of these sizes, on rows of which a share is zero.
fn check(sizes: &[usize], hidden: Activation, zeros: f64, soft_targets: bool) {
    let hidden = vec![hidden; sizes.len() - 2];
    check_each(sizes, &hidden, zeros, soft_targets);
}

/// The same, with an activation for each hidden layer.
fn check_each(sizes: &[usize], hidden: &[Activation], zeros: f64, soft_targets: bool) {
    let rows = 21;
    let mut random = Random(sizes.len() as u64);
    let (inputs, classes) = (sizes[0], sizes[sizes.len() - 1]);
    let mut layers = Network::glorot_uniform(sizes, Activation::Relu, 3).unwrap().parameters();
    for (layer, activation) in layers.iter_mut().zip(hidden) {
        layer.activation = *activation;
    }
    for bias in layers.iter_mut().flat_map(|layer| &mut layer.bias) {
        *bias = random.number() / 4.0;
    }
    let network = Network::from_parameters(&layers).unwrap();
    let x = random.with_zeros(rows * inputs, zeros);
    let labels: Vec<u8> = (0..rows).map(|i| (i * 3 % classes) as u8).collect();
    let mut distributions = vec![0.0_f32; rows * classes];
    for (i, label) in labels.iter().enumerate() {
        distributions[i * classes + usize::from(*label)] += if soft_targets { 0.75 } else { 1.0 };
        distributions[i * classes + i % classes] += if soft_targets { 0.25 } else { 0.0 };
    }
    let targets = if soft_targets {
        Targets::Distributions(MatrixRef::new(&distributions, rows, classes))
    } else {
        Targets::Classes(&labels)
    };

    let mut trainer = Trainer::new(network.clone(), plain_descent()).unwrap();
    let config =
        FitConfig { epochs: 1, batch_size: rows, shuffle: false, seed: 0, ..FitConfig::default() };
    let floats = Rows::floats(MatrixRef::new(&x, rows, inputs));
    let history = trainer.fit(floats, targets, &config).unwrap();
    // Sparse rows give the same gradients to the bit.
    let starts: Vec<usize> = (0..=rows).map(|i| i * inputs).collect();
    let indices: Vec<u32> = (0..rows * inputs).map(|at| (at % inputs) as u32).collect();
    let csr = Csr::new(starts, indices, &x[..], inputs).unwrap();
    let mut on_sparse_rows = Trainer::new(network, plain_descent()).unwrap();
    on_sparse_rows.fit(Rows::sparse(&csr), targets, &config).unwrap();
    assert_eq!(on_sparse_rows.network(), trainer.network());
    let after = trainer.network().parameters();

    let x: Vec<f64> = x.into_iter().map(f64::from).collect();
    let targets: Vec<f64> = distributions.into_iter().map(f64::from).collect();
    let mut reference = reference_layers(&layers);
    let exact = loss(&reference, &x, &targets, rows);
    assert!((history[0].loss - exact).abs() < 1e-6 * exact, "loss {} for {exact}", history[0].loss);

    for l in 0..layers.len() {
        for (group, count) in [("weights", layers[l].weights.len()), ("bias", layers[l].bias.len())]
        {
            let mut largest = 0.0_f64;
            for i in 0..count {
                let h = 1e-6;
                let mut moved = |by: f64| {
                    let layer = &mut reference[l];
                    let parameter =
                        if group == "weights" { &mut layer.weights[i] } else { &mut layer.bias[i] };
                    let old = *parameter;
                    *parameter += by;
                    let loss = loss(&reference, &x, &targets, rows);
                    let layer = &mut reference[l];
                    *(if group == "weights" {
                        &mut layer.weights[i]
                    } else {
                        &mut layer.bias[i]
                    }) = old;
                    loss
                };
                let difference = (moved(h) - moved(-h)) / (2.0 * h);
                let values = |layer: &LayerParameters| {
                    f64::from(if group == "weights" { layer.weights[i] } else { layer.bias[i] })
                };
                let (before, after) = (values(&layers[l]), values(&after[l]));
                let gradient = before - after;
                // The loss of f32: in w − g by the size of w, in the sums by the size of their terms (about 1).
                let tolerance =
                    1.2e-7 * before.abs().max(after.abs()) + 1e-6 * difference.abs() + 3e-7;
                assert!(
                    (gradient - difference).abs() < tolerance,
                    "{sizes:?} layer {l} {group}[{i}]: {gradient:e} for {difference:e}"
                );
                largest = largest.max(difference.abs());
            }
            assert!(
                largest > 1e-3,
                "{sizes:?} layer {l} {group}: no gradient worth checking ({largest:e})"
            );
        }
    }
}

#[test]
fn one_layer() {
    check(&[20, 5], Activation::Relu, 0.0, false);
    check(&[37, 17], Activation::Relu, 0.8, false);
}

#[test]
fn two_layers() {
    check(&[20, 18, 5], Activation::Relu, 0.0, false);
    check(&[20, 18, 5], Activation::Relu, 0.8, false);
    check(&[33, 7, 10], Activation::Linear, 0.5, true);
}

#[test]
fn three_layers() {
    check(&[20, 18, 33, 5], Activation::Relu, 0.0, false);
    check(&[20, 18, 9, 19], Activation::Relu, 0.8, true);
    check(&[16, 16, 16, 16], Activation::Linear, 0.3, false);
}

/// Hidden layers of one width: a mask of another layer would fit, too.
#[test]
fn four_and_five_layers() {
    use Activation::{Linear, Relu};
    check(&[20, 17, 17, 17, 5], Relu, 0.5, false);
    check_each(&[20, 17, 17, 17, 5], &[Relu, Linear, Relu], 0.5, false);
    check_each(&[20, 17, 17, 17, 17, 5], &[Linear, Relu, Relu, Linear], 0.0, true);
}
