//! The products of a layer: forward, backward, the update and the output layer.

use kernels::dense::{self, Activation, Input, Parameters};
use kernels::measure::reference;
use kernels::rowwise::{EpsilonPlacement, Rmsprop, Score};
use kernels::{MatrixRef, Panels, Targets};
use testing::Random;

use crate::examples::{Matrix, assert_product, batch, layer, poisoned, shapes, state};

#[test]
fn forward() {
    let mut random = Random(1);
    for (rows, inputs, units) in shapes() {
        let x = Matrix::random(&mut random, rows, inputs, 0.7);
        let (kernel, bias, layer) = layer(&mut random, inputs, units);
        for sparse in [false, true] {
            for activation in [Activation::Relu, Activation::Linear] {
                let mut out = poisoned(rows, units);
                dense::forward(batch(&x, sparse).input(), &layer, activation, &mut out);
                let relu =
                    |_, _, x: f64| if activation == Activation::Relu { x.max(0.0) } else { x };
                let what = format!("{activation:?}, sparse {sparse}, k = {inputs}");
                let old = |_, j: usize| bias.values[j];
                assert_product(&what, &out, (x.view(), kernel.view()), 1.0, &old, &relu);
            }
        }
    }
}

#[test]
fn backward() {
    let mut random = Random(2);
    for (rows, inputs, units) in shapes() {
        let d = Matrix::random(&mut random, rows, units, 0.0);
        let (kernel, _, layer) = layer(&mut random, inputs, units);
        let x = Matrix::random(&mut random, rows, inputs, 0.3);
        let mask = x.panels();
        for masked in [false, true] {
            let mut d_x = poisoned(rows, inputs);
            dense::backward(&d.panels(), &layer, masked.then_some(&mask), &mut d_x);
            let finish = |i, j, d: f64| if masked && x.view().get(i, j) <= 0.0 { 0.0 } else { d };
            let product = (d.view(), kernel.view().transpose());
            assert_product(&format!("masked {masked}"), &d_x, product, 1.0, &|_, _| 0.0, &finish);
        }
    }
}

/// With learning rate and epsilon both 2^60, the step is w ← w − g: the gradient as the update itself computes it.
fn plain_descent() -> Rmsprop {
    let large = f64::from(1u32 << 30).powi(2);
    Rmsprop {
        learning_rate: large,
        rho: 0.75,
        epsilon: large,
        epsilon_placement: EpsilonPlacement::OutsideRoot,
    }
}

#[test]
fn update() {
    let mut random = Random(3);
    for (rows, inputs, units) in shapes() {
        let x = Matrix::random(&mut random, rows, inputs, 0.7);
        let d = Matrix::random(&mut random, rows, units, 0.0);
        let ones = Matrix { rows: 1, columns: rows, values: vec![1.0; rows] };
        let (kernel, bias, before) = layer(&mut random, inputs, units);
        for sparse in [false, true] {
            let mut after = before.clone();
            let before_state = state(&mut random, inputs, units);
            let mut state = before_state.clone();
            let batch = batch(&x, sparse);
            dense::update(batch.input(), &d.panels(), plain_descent(), &mut after, &mut state);
            let what = format!("sparse {sparse}");
            let same = |_, _, w| w;
            let old = |i, j| kernel.view().get(i, j);
            let product = (x.view().transpose(), d.view());
            assert_product(&what, &after.weights, product, -1.0, &old, &same);
            assert_product(
                &what,
                &after.bias,
                (ones.view(), d.view()),
                -1.0,
                &|_, j| bias.values[j],
                &same,
            );
            for i in 0..inputs {
                for j in 0..units {
                    let g = reference::sgemm_element(1.0, product.0, product.1, (0.0, 0.0), (i, j));
                    // Where the gradient is 0, the state decays all the same.
                    let decayed =
                        0.75 * f64::from(before_state.mean_square(&plain_descent(), i, j));
                    let v = decayed + 0.25 * g.value * g.value;
                    let got = f64::from(state.mean_square(&plain_descent(), i, j));
                    let tolerance =
                        0.25 * (2.0 * g.value.abs() + g.tolerance) * g.tolerance + 1e-6 * v;
                    assert!((got - v).abs() <= tolerance, "v({i}, {j}): {got} for {v}");
                }
            }
        }
    }
}

#[test]
fn output_layer() {
    let mut random = Random(4);
    for (rows, inputs, units) in shapes() {
        let x = Matrix::random(&mut random, rows, inputs, 0.5);
        let (kernel, bias, layer) = layer(&mut random, inputs, units);
        let classes: Vec<u8> = (0..rows).map(|i| (i * 7 % units) as u8).collect();
        let mut d_logits = poisoned(rows, units);
        let mut d_x = poisoned(rows, inputs);
        let mask = x.panels();
        let mut scores = vec![Score { loss: f64::NAN, correct: 99 }; rows];
        let targets = Targets::Classes(&classes);
        let below = Some((Some(&mask), &mut d_x));
        dense::output_layer(
            batch(&x, false).input(),
            &layer,
            targets,
            0.5,
            &mut d_logits,
            below,
            &mut scores,
        );
        // An evaluation asks for no gradient and has the same scores.
        let mut evaluated = vec![Score::default(); rows];
        let mut logits = poisoned(rows, units);
        dense::score(batch(&x, false).input(), &layer, targets, &mut logits, &mut evaluated);
        assert_eq!(evaluated, scores);
        for i in 0..rows {
            let logits: Vec<f64> = (0..units)
                .map(|j| {
                    let old = (1.0, bias.values[j]);
                    reference::sgemm_element(1.0, x.view(), kernel.view(), old, (i, j)).value
                })
                .collect();
            let y = usize::from(classes[i]);
            let target: Vec<f64> = (0..units).map(|j| f64::from(u8::from(j == y))).collect();
            let (loss, d) = reference::softmax_crossentropy(&logits, &target);
            assert!(
                (scores[i].loss - loss).abs() <= 1e-4 * (1.0 + loss),
                "{} for {loss}",
                scores[i].loss
            );
            let max = logits.iter().copied().fold(f64::MIN, f64::max);
            assert_eq!(scores[i].correct == 1, logits[y] == max, "row {i}: {logits:?}, class {y}");
            for (j, d) in d.iter().enumerate() {
                let got = f64::from(d_logits.get(i, j));
                assert!((got - 0.5 * d).abs() < 1e-5, "d_logits({i}, {j}): {got} for {}", 0.5 * d);
            }
        }
        let d = Matrix { rows, columns: units, values: d_logits.to_row_major() };
        let finish = |i, j, d: f64| if x.view().get(i, j) <= 0.0 { 0.0 } else { d };
        let product = (d.view(), kernel.view().transpose());
        assert_product("d_x", &d_x, product, 1.0, &|_, _| 0.0, &finish);
    }
}

/// A product over no inputs is 0: what was in the output before does not stay.
#[test]
fn sums_of_nothing_are_written() {
    let bias: Vec<f32> = (0..20).map(|j| j as f32 - 9.5).collect();
    let layer = Parameters {
        weights: Panels::zeros(0, 20),
        bias: Panels::from_matrix(MatrixRef::new(&bias, 1, 20)),
    };
    let x = Panels::zeros(3, 0);
    let mut out = poisoned(3, 20);
    dense::forward(Input::Panels(&x), &layer, Activation::Relu, &mut out);
    for i in 0..3 {
        for (j, bias) in bias.iter().enumerate() {
            assert_eq!(out.get(i, j), bias.max(0.0), "({i}, {j})");
        }
    }
    let no_units = Parameters { weights: Panels::zeros(7, 0), bias: Panels::zeros(1, 0) };
    let mut d_x = poisoned(3, 7);
    dense::backward(&Panels::zeros(3, 0), &no_units, None, &mut d_x);
    assert_eq!(d_x, Panels::zeros(3, 7));
}
