//! Trains a network on rows and labels of one's own: two numbers a row, and a class that says in which quadrants they lie.
//!
//! `cargo run --release --example own_arrays`

use model::{
    Activation, FitConfig, MatrixRef, ModelError, Network, Rmsprop, Rows, Targets, Trainer,
};

/// Rows of the data.
const ROWS: usize = 400;
/// Numbers in a row.
const COLUMNS: usize = 2;

pub(crate) fn main() -> Result<(), ModelError> {
    // Points of a 20 × 20 grid in [-1, 1]², row-major: rows × columns.
    let place = |i: usize| (i as f32 + 0.5) / 10.0 - 1.0;
    let points: Vec<f32> = (0..ROWS).flat_map(|i| [place(i % 20), place(i / 20)]).collect();
    // Class 1 where both numbers have the same sign, 0 elsewhere: no straight line parts the two.
    let labels: Vec<u8> = points.chunks(COLUMNS).map(|p| u8::from(p[0] * p[1] > 0.0)).collect();

    // Rows and targets are borrowed. Rows of bytes work as well: `Rows::bytes(&pixels, columns)`.
    let rows = Rows::floats(MatrixRef::new(&points, ROWS, COLUMNS));
    let targets = Targets::Classes(&labels);

    // 2 inputs, a hidden layer of 16 units, 2 classes.
    let network = Network::glorot_uniform(&[COLUMNS, 16, 2], Activation::Relu, 0)?;
    let optimizer = Rmsprop { learning_rate: 0.01, ..Rmsprop::keras3() };
    let mut trainer = Trainer::new(network, optimizer)?;
    let config = FitConfig { epochs: 40, batch_size: 20, ..FitConfig::default() };
    for epoch in trainer.fit(rows, targets, &config)? {
        println!("epoch {:2}  loss {:.4}  accuracy {:.4}", epoch.epoch, epoch.loss, epoch.accuracy);
    }

    // The probabilities of the classes, row-major: rows × classes.
    let probabilities = trainer.network().predict(rows)?;
    let first = &probabilities[..2];
    println!("({}, {}): class 0 {:.3}, class 1 {:.3}", points[0], points[1], first[0], first[1]);

    // The learned pattern shows in points between those that it was trained on.
    let others = [0.52, 0.48, -0.52, 0.48, -0.52, -0.48, 0.52, -0.48];
    let rows = Rows::floats(MatrixRef::new(&others, 4, COLUMNS));
    let evaluation = trainer.network().evaluate(rows, Targets::Classes(&[1, 0, 1, 0]))?;
    assert_eq!(evaluation.accuracy, 1.0, "{evaluation:?}");
    Ok(())
}
