//! Adam, AdamW and gradient descent with momentum: against formulas in f64, and the same bits for every form of the rows.

use model::{
    Activation, Adam, Csr, Curve, FitConfig, LayerParameters, MatrixRef, ModelError, Network,
    Optimizer, Rows, Schedule, Sgd, Targets, Trainer,
};
use testing::Random;

fn optimizers() -> Vec<Optimizer> {
    vec![
        Adam::default().into(),
        Adam { beta_2: 0.99, weight_decay: 0.3, ..Adam::adamw() }.into(),
        Sgd::default().into(),
        Sgd { momentum: 0.9, ..Sgd::default() }.into(),
        Sgd { momentum: 0.8, nesterov: true, ..Sgd::default() }.into(),
    ]
}

/// Rows of which most numbers are 0, some columns in all rows, and their classes.
fn examples(
    random: &mut Random,
    rows: usize,
    columns: usize,
    classes: usize,
) -> (Vec<f32>, Vec<u8>) {
    let x = random.with_zeros(rows * columns, 0.8);
    (x, (0..rows).map(|_| random.below(classes) as u8).collect())
}

/// A softmax layer in f64, by the book: one step a row.
fn reference(
    optimizer: &Optimizer,
    schedule: &Schedule,
    layer: &LayerParameters,
    x: &[f32],
    classes: &[u8],
) -> Vec<f64> {
    let (inputs, units) = (layer.inputs, layer.units);
    let mut w: Vec<f64> = layer.weights.iter().chain(&layer.bias).map(|w| f64::from(*w)).collect();
    let (mut m, mut v) = (vec![0.0; w.len()], vec![0.0; w.len()]);
    for (step, (row, class)) in x.chunks(inputs).zip(classes).enumerate() {
        let x: Vec<f64> = row.iter().map(|x| f64::from(*x)).chain([1.0]).collect();
        let logit =
            |j: usize| -> f64 { x.iter().enumerate().map(|(p, x)| x * w[p * units + j]).sum() };
        let powers: Vec<f64> = (0..units).map(|j| logit(j).exp()).collect();
        let sum: f64 = powers.iter().sum();
        let rate = optimizer.learning_rate() * schedule.factor(step, classes.len(), classes.len());
        for at in 0..w.len() {
            let (p, j) = (at / units, at % units);
            let g = x[p] * (powers[j] / sum - f64::from(u8::from(usize::from(*class) == j)));
            match *optimizer {
                Optimizer::Adam(adam) => {
                    let t = step as i32 + 1;
                    w[at] -= rate * adam.weight_decay * w[at];
                    m[at] = adam.beta_1 * m[at] + (1.0 - adam.beta_1) * g;
                    v[at] = adam.beta_2 * v[at] + (1.0 - adam.beta_2) * g * g;
                    let alpha =
                        rate * (1.0 - adam.beta_2.powi(t)).sqrt() / (1.0 - adam.beta_1.powi(t));
                    w[at] -= alpha * m[at] / (v[at].sqrt() + adam.epsilon);
                }
                Optimizer::Sgd(sgd) => {
                    m[at] = sgd.momentum * m[at] - rate * g;
                    w[at] += if sgd.nesterov { sgd.momentum * m[at] - rate * g } else { m[at] };
                }
                Optimizer::Rmsprop(_) => unreachable!("it has tests of its own"),
            }
        }
    }
    w
}

#[test]
fn steps_follow_the_formulas() {
    let mut random = Random(5);
    let schedules = [
        Schedule::default(),
        Schedule { warmup: 0.2, curve: Curve::Cosine },
        Schedule { warmup: 0.0, curve: Curve::Linear },
    ];
    for case in 0..9 {
        let (rows, inputs, units) = (50, 1 + random.below(60), 2 + random.below(40));
        let (x, classes) = examples(&mut random, rows, inputs, units);
        let network = Network::glorot_uniform(&[inputs, units], Activation::Relu, case).unwrap();
        let before = network.parameters().remove(0);
        for optimizer in optimizers() {
            // So large that Adam's quotients do not hang on the last bits of gradients near 0.
            let optimizer = match optimizer {
                Optimizer::Adam(adam) => Adam { epsilon: 1e-4, ..adam }.into(),
                other => other,
            };
            let schedule = schedules[case as usize % 3];
            let config = FitConfig { epochs: 1, batch_size: 1, shuffle: false, seed: 0, schedule };
            let mut trainer = Trainer::new(network.clone(), optimizer).unwrap();
            let rows = Rows::floats(MatrixRef::new(&x, rows, inputs));
            trainer.fit(rows, Targets::Classes(&classes), &config).unwrap();
            let after = trainer.network().parameters().remove(0);
            let expected = reference(&optimizer, &schedule, &before, &x, &classes);
            let mut moved = 0.0_f64;
            for (at, found) in after.weights.iter().chain(&after.bias).enumerate() {
                let difference = (f64::from(*found) - expected[at]).abs();
                assert!(difference < 1e-5, "{optimizer:?}, {at}: {found} for {}", expected[at]);
                moved = moved.max((f64::from(*found) - f64::from(before.weights[0])).abs());
            }
            assert!(moved > 1e-3, "{optimizer:?}");
        }
    }
}

#[test]
fn lists_panels_and_threads_make_no_difference() {
    let mut random = Random(6);
    for case in 0..12 {
        let (rows, inputs) = (1 + random.below(60), 1 + random.below(400));
        let (hidden, classes) = (1 + random.below(90), 2 + random.below(30));
        let (x, labels) = examples(&mut random, rows, inputs, classes);
        let starts: Vec<usize> = (0..=rows).map(|i| i * inputs).collect();
        let indices: Vec<u32> = (0..rows * inputs).map(|at| (at % inputs) as u32).collect();
        let csr = Csr::new(starts, indices, &x[..], inputs).unwrap();
        for optimizer in optimizers() {
            let config = FitConfig {
                epochs: 3,
                batch_size: 1 + case,
                seed: case as u64,
                schedule: Schedule { warmup: 0.1, curve: Curve::Cosine },
                ..FitConfig::default()
            };
            let train = |threads: usize, rows: Rows<'_>| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| {
                    let sizes = [inputs, hidden, classes];
                    let network = Network::glorot_uniform(&sizes, Activation::Relu, 1).unwrap();
                    let mut trainer = Trainer::new(network, optimizer).unwrap();
                    trainer.fit(rows, Targets::Classes(&labels), &config).unwrap();
                    trainer.into_network()
                })
            };
            let matrix = MatrixRef::new(&x, rows, inputs);
            let expected = train(1, Rows::floats(matrix));
            for threads in [1, 2, 3] {
                for rows in [Rows::floats(matrix), Rows::sparse(&csr)] {
                    assert!(train(threads, rows) == expected, "{optimizer:?}, {threads} threads");
                }
            }
        }
    }
}

#[test]
fn settings_that_make_no_steps_are_refused() {
    let fault = |optimizer: Optimizer| {
        let network = Network::glorot_uniform(&[2, 2], Activation::Relu, 0).unwrap();
        match Trainer::new(network, optimizer) {
            Err(ModelError::Settings(fault)) => fault.to_string(),
            other => panic!("{other:?}"),
        }
    };
    for (optimizer, said) in [
        (Adam { beta_1: 1.0, ..Adam::default() }.into(), "beta 1 1.0: it must be in [0, 1)"),
        (Adam { beta_2: -0.1, ..Adam::default() }.into(), "beta 2 -0.1: it must be in [0, 1)"),
        (
            Adam { epsilon: 0.0, ..Adam::default() }.into(),
            "epsilon 0.0: it must be a positive number",
        ),
        (Adam { weight_decay: -1.0, ..Adam::default() }.into(), "weight decay -1.0: it must be"),
        (Sgd { momentum: f64::NAN, ..Sgd::default() }.into(), "momentum NaN: it must be in [0, 1)"),
        (Sgd { learning_rate: 0.0, ..Sgd::default() }.into(), "learning rate 0.0: it must be"),
    ] {
        assert!(fault(optimizer).contains(said), "{}", fault(optimizer));
    }
}
