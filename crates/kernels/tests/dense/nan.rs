//! Inputs that are not a number.

use kernels::Targets;
use kernels::dense::{self, Activation, State};
use kernels::rowwise::{Rmsprop, Score};
use testing::Random;

use crate::examples::{Matrix, batch, layer, poisoned};

/// A number that is not a number reaches every output that depends on it, and none that does not.
#[test]
fn nan_goes_through_every_product() {
    let (rows, inputs, units) = (20, 300, 37);
    let mut random = Random(8);
    let (_, _, layer) = layer(&mut random, inputs, units);
    let d = Matrix::random(&mut random, rows, units, 0.0).panels();
    for (row, column) in [(0, 0), (7, 299), (19, 150)] {
        let mut x = Matrix::random(&mut random, rows, inputs, 0.7);
        x.values[row * inputs + column] = f32::NAN;
        for sparse in [false, true] {
            let batch = batch(&x, sparse);
            for activation in [Activation::Relu, Activation::Linear] {
                let mut out = poisoned(rows, units);
                dense::forward(batch.input(), &layer, activation, &mut out);
                for i in 0..rows {
                    for j in 0..units {
                        assert_eq!(out.get(i, j).is_nan(), i == row, "({i}, {j}), sparse {sparse}");
                    }
                }
            }
            let (mut trained, mut state) = (layer.clone(), State::zeros(inputs, units));
            dense::update(batch.input(), &d, Rmsprop::keras2(), &mut trained, &mut state);
            for p in 0..inputs {
                for j in 0..units {
                    let nan = (
                        trained.weights.get(p, j).is_nan(),
                        state.mean_square(&Rmsprop::keras2(), p, j).is_nan(),
                    );
                    assert_eq!(nan, (p == column, p == column), "weight ({p}, {j})");
                }
            }
        }
        // As a mask, NaN lets the gradient through; in the gradient, it reaches its row.
        let mut d_x = poisoned(rows, inputs);
        dense::backward(&d, &layer, Some(&x.panels()), &mut d_x);
        assert!(d_x.get(row, column) != 0.0);
        let mut d_nan = Matrix { rows, columns: units, values: d.to_row_major() };
        d_nan.values[row * units + 5] = f32::NAN;
        dense::backward(&d_nan.panels(), &layer, None, &mut d_x);
        for i in 0..rows {
            assert!((0..inputs).all(|p| d_x.get(i, p).is_nan() == (i == row)), "row {i}");
        }
        // Logits that are NaN: so are loss and gradient, and the padding stays out of it.
        let (mut d_logits, mut scores) = (poisoned(rows, units), vec![Score::default(); rows]);
        dense::output_layer(
            batch(&x, true).input(),
            &layer,
            Targets::Classes(&[0; 20]),
            1.0,
            &mut d_logits,
            None,
            &mut scores,
        );
        for (i, score) in scores.iter().enumerate() {
            assert_eq!(score.loss.is_nan(), i == row, "row {i}");
            assert!((0..units).all(|j| d_logits.get(i, j).is_nan() == (i == row)), "row {i}");
            assert_eq!(d_logits.panel(2)[i].0[5..], [0.0; 11], "padding of row {i}");
        }
    }
}
