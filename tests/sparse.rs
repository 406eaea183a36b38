//! Networks over sparse rows of many features: what a run of steps gives, over shapes that nobody picked by hand.

use model::{
    Activation, Csr, EpsilonPlacement, FitConfig, MatrixRef, Network, Rmsprop, Rows, Targets,
    Trainer,
};
use testing::Random;

/// Rows of which a few columns are not zero, and their classes.
struct Examples {
    csr: Csr<'static>,
    classes: Vec<u16>,
}

impl Examples {
    /// Columns come in any order and more than once; low ones are more frequent.
    fn random(random: &mut Random, rows: usize, columns: usize, classes: usize) -> Self {
        let (mut starts, mut indices, mut values) = (vec![0], Vec::new(), Vec::new());
        for _ in 0..rows {
            for _ in 0..random.below(12) {
                let most = 1 + random.below(columns);
                indices.push(random.below(most) as u32);
                values.push(random.number());
            }
            starts.push(values.len());
        }
        let csr = Csr::new(starts, indices, values, columns).unwrap();
        let classes = (0..rows).map(|_| random.below(classes) as u16).collect();
        Self { csr, classes }
    }

    /// The same rows with their zeros, row-major.
    fn dense(&self) -> Vec<f32> {
        let mut dense = vec![0.0; self.csr.rows() * self.csr.columns()];
        for (i, row) in dense.chunks_mut(self.csr.columns()).enumerate() {
            let (indices, values) = self.csr.row(i);
            for (index, value) in indices.iter().zip(values) {
                row[*index as usize] = *value;
            }
        }
        dense
    }
}

fn in_pool<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

#[test]
fn sparse_rows_train_evaluate_and_predict_as_dense_ones_do_at_any_number_of_threads() {
    let mut random = Random(11);
    for case in 0..40 {
        let columns = 1 + random.below([8, 300, 6000][case % 3]);
        let (rows, classes) = (1 + random.below(90), 2 + random.below(700));
        let hidden = 1 + random.below(90);
        let examples = Examples::random(&mut random, rows, columns, classes);
        let config = FitConfig {
            epochs: 3,
            batch_size: 1 + random.below(40),
            shuffle: true,
            seed: case as u64,
            ..FitConfig::default()
        };
        let run = |rows: Rows<'_>| {
            let sizes = [columns, hidden, classes];
            let network = Network::glorot_uniform(&sizes, Activation::Relu, 5).unwrap();
            let mut trainer = Trainer::new(network, Rmsprop::keras3()).unwrap();
            let targets = Targets::WideClasses(&examples.classes);
            let history = trainer.fit(rows, targets, &config).unwrap();
            let losses: Vec<u64> = history.iter().map(|epoch| epoch.loss.to_bits()).collect();
            let evaluation = trainer.network().evaluate(rows, targets).unwrap();
            let probabilities = trainer.network().predict(rows).unwrap();
            (trainer.into_network(), losses, evaluation, probabilities)
        };
        let dense = examples.dense();
        let matrix = MatrixRef::new(&dense, rows, columns);
        let expected = in_pool(1, || run(Rows::floats(matrix)));
        let said = format!("case {case}: {rows} x {columns}, {hidden}, {classes}");
        assert!(expected.3.iter().all(|p| *p > 0.0), "{said}");
        for threads in [1, 2, 3] {
            let sparse = in_pool(threads, || run(Rows::sparse(&examples.csr)));
            assert!(sparse == expected, "{said}, {threads} threads");
        }
    }
}

/// A network without hidden layers, in f64, by the book: every mean square decays in every step.
fn reference(examples: &Examples, before: &[f64], classes: usize, optimizer: &Rmsprop) -> Vec<f64> {
    let (dense, columns) = (examples.dense(), examples.csr.columns());
    let (mut w, mut v) = (before.to_vec(), vec![0.0; before.len()]);
    for (row, class) in dense.chunks(columns).zip(&examples.classes) {
        let logit = |j: usize| -> f64 {
            (0..columns).map(|p| f64::from(row[p]) * w[p * classes + j]).sum()
        };
        let powers: Vec<f64> = (0..classes).map(|j| logit(j).exp()).collect();
        let sum: f64 = powers.iter().sum();
        for (p, x) in row.iter().enumerate() {
            for (j, power) in powers.iter().enumerate() {
                let target = f64::from(u8::from(usize::from(*class) == j));
                let g = f64::from(*x) * (power / sum - target);
                let at = p * classes + j;
                v[at] = optimizer.rho * v[at] + (1.0 - optimizer.rho) * g * g;
                w[at] -= optimizer.learning_rate * g / (v[at] + optimizer.epsilon).sqrt();
            }
        }
    }
    w
}

/// The decay that is put off for features at rest comes to the same, within rounding, as decay in every step.
#[test]
fn features_at_rest_for_many_steps_follow_the_reference() {
    let mut random = Random(23);
    for case in 0..12 {
        let (rows, columns, classes) = (60, 1 + random.below(400), 2 + random.below(5));
        let examples = Examples::random(&mut random, rows, columns, classes);
        let network = Network::glorot_uniform(&[columns, classes], Activation::Relu, case).unwrap();
        let before: Vec<f64> =
            network.parameters()[0].weights.iter().map(|w| f64::from(*w)).collect();
        let optimizer = Rmsprop { epsilon: 1e-3, ..Rmsprop::keras3() };
        assert_eq!(optimizer.epsilon_placement, EpsilonPlacement::InsideRoot);
        let mut trainer = Trainer::new(network, optimizer).unwrap();
        let config =
            FitConfig { epochs: 1, batch_size: 1, shuffle: false, seed: 0, ..FitConfig::default() };
        let targets = Targets::WideClasses(&examples.classes);
        trainer.fit(Rows::sparse(&examples.csr), targets, &config).unwrap();
        let after = &trainer.network().parameters()[0];
        let expected = reference_with_bias(&examples, &before, classes, &optimizer);
        let mut moved = 0;
        for (at, (found, expected)) in after.weights.iter().zip(&expected).enumerate() {
            let difference = (f64::from(*found) - expected).abs();
            assert!(difference < 2e-5, "case {case}, weight {at}: {found} for {expected}");
            moved += usize::from((expected - before[at]).abs() > 1e-4);
        }
        assert!(moved > classes, "weights moved: {moved}");
    }
}

/// [`reference`] with a bias: a feature of 1 in every row, whose weights begin at 0.
fn reference_with_bias(
    examples: &Examples,
    before: &[f64],
    classes: usize,
    optimizer: &Rmsprop,
) -> Vec<f64> {
    let columns = examples.csr.columns();
    let (mut starts, mut indices, mut values) = (vec![0], Vec::new(), Vec::new());
    for i in 0..examples.csr.rows() {
        let (of_row, values_of_row) = examples.csr.row(i);
        indices.extend(of_row.iter().copied().chain([columns as u32]));
        values.extend(values_of_row.iter().copied().chain([1.0]));
        starts.push(values.len());
    }
    let csr = Csr::new(starts, indices, values, columns + 1).unwrap();
    let with_bias = Examples { csr, classes: examples.classes.clone() };
    let before = [before, &vec![0.0; classes]].concat();
    let mut after = reference(&with_bias, &before, classes, optimizer);
    after.truncate(columns * classes);
    after
}
