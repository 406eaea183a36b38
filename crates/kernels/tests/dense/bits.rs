//! Bits that depend neither on the number of threads nor on the path that a layer takes.

use kernels::Targets;
use kernels::dense::{self, Activation, Input, State};
use kernels::rowwise::{Rmsprop, Score};
use testing::Random;

use crate::examples::{Matrix, batch, layer, poisoned, shapes, state};

#[test]
fn same_bits_at_every_number_of_threads() {
    let (rows, inputs, units) = (150, 400, 300);
    let mut random = Random(5);
    let x = Matrix::random(&mut random, rows, inputs, 0.8);
    let (_, _, first) = layer(&mut random, inputs, units);
    let (_, _, output) = layer(&mut random, units, 10);
    let classes: Vec<u8> = (0..rows).map(|i| (i % 10) as u8).collect();
    for sparse in [false, true] {
        let batch = batch(&x, sparse);
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let (mut hidden, mut d_hidden) = (poisoned(rows, units), poisoned(rows, units));
                let (mut d_logits, mut scores) = (poisoned(rows, 10), vec![Score::default(); rows]);
                dense::forward(batch.input(), &first, Activation::Relu, &mut hidden);
                dense::output_layer(
                    Input::Panels(&hidden),
                    &output,
                    Targets::Classes(&classes),
                    0.01,
                    &mut d_logits,
                    Some((Some(&hidden), &mut d_hidden)),
                    &mut scores,
                );
                let (mut trained, mut state) = (first.clone(), State::zeros(inputs, units));
                dense::update(
                    batch.input(),
                    &d_hidden,
                    Rmsprop::keras2(),
                    &mut trained,
                    &mut state,
                );
                let mut d_x = poisoned(rows, inputs);
                dense::backward(&d_hidden, &first, None, &mut d_x);
                (hidden, d_logits, trained, state, d_x, scores)
            })
        };
        let one = run(1);
        assert!(one.2 != first, "a step changes the layer");
        for threads in [2, 3, 4] {
            assert!(run(threads) == one, "{threads} threads, sparse {sparse}");
        }
    }
}

/// One panel wide and long: the parts are runs of rows, not panels.
#[test]
fn parts_by_rows_have_the_same_bits() {
    let (rows, long) = (520, 700);
    let mut random = Random(7);
    let x = Matrix::random(&mut random, rows, long, 0.8);
    let d = Matrix::random(&mut random, rows, 10, 0.0).panels();
    let d_long = Matrix::random(&mut random, rows, long, 0.0).panels();
    let (_, _, narrow) = layer(&mut random, long, 10);
    let (_, _, wide) = layer(&mut random, 10, long);
    for sparse in [false, true] {
        let batch = batch(&x, sparse);
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let mut out = poisoned(rows, 10);
                dense::forward(batch.input(), &narrow, Activation::Relu, &mut out);
                let (mut trained, mut state) = (narrow.clone(), State::zeros(long, 10));
                dense::update(batch.input(), &d, Rmsprop::keras3(), &mut trained, &mut state);
                let mut d_x = poisoned(rows, 10);
                dense::backward(&d_long, &wide, Some(&out), &mut d_x);
                (out, trained, state, d_x)
            })
        };
        let one = run(1);
        for threads in [2, 3, 4] {
            assert!(run(threads) == one, "{threads} threads, sparse {sparse}");
        }
    }
}

/// Which path a layer takes cannot be seen in its results.
#[test]
fn sparse_and_dense_agree_to_the_bit() {
    let mut random = Random(6);
    for (rows, inputs, units) in shapes() {
        let x = Matrix::random(&mut random, rows, inputs, 0.6);
        let d = Matrix::random(&mut random, rows, units, 0.0).panels();
        let (_, _, layer) = layer(&mut random, inputs, units);
        let before = state(&mut random, inputs, units);
        let run = |sparse| {
            let batch = batch(&x, sparse);
            let mut out = poisoned(rows, units);
            dense::forward(batch.input(), &layer, Activation::Relu, &mut out);
            let (mut trained, mut state) = (layer.clone(), before.clone());
            dense::update(batch.input(), &d, Rmsprop::keras2(), &mut trained, &mut state);
            (out, trained, state)
        };
        assert!(run(true) == run(false), "{rows} x {inputs} to {units}");
    }
}
