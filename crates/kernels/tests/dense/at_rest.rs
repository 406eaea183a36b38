//! Inputs that are zero in all rows of a batch, for which an update does nothing yet.

use kernels::dense::{self, Batch, Input, Parameters, Selection, State};
use kernels::measure::reference;
use kernels::rowwise::Rmsprop;
use kernels::{MatrixRef, Panels, Rows};
use testing::Random;

use crate::examples::{Matrix, batch, layer, state};

/// Steps in which most inputs are at rest: the state is what it would be with a decay in every step, for lists and for
/// panels the same to the bit, and no number in it is subnormal.
#[test]
fn inputs_at_rest_are_caught_up_with() {
    let (rows, inputs, units, steps) = (5, 70, 37, 400);
    for optimizer in [Rmsprop::keras2(), Rmsprop { rho: 0.5, ..Rmsprop::keras3() }] {
        let mut random = Random(9);
        let (_, _, first) = layer(&mut random, inputs, units);
        let start = state(&mut random, inputs, units);
        let expected = |p, j| f64::from(start.mean_square(&optimizer, p, j));
        // Each with what the roundings of its gradients can make of it.
        let mut expected: Vec<(f64, f64)> =
            (0..inputs * units).map(|at| (expected(at / units, at % units), 0.0)).collect();
        let mut forms = [true, false].map(|sparse| (sparse, first.clone(), start.clone()));
        for step in 0..steps {
            // Input p is touched about every (p + 1)-th step, the last third never.
            let mut x = Matrix::random(&mut random, rows, inputs, 0.5);
            for i in 0..rows {
                for p in (0..inputs).filter(|p| step % (p + 1) != 0 || *p > 45) {
                    x.values[i * inputs + p] = if p % 2 == 0 { 0.0 } else { -0.0 };
                }
            }
            let d = Matrix::random(&mut random, rows, units, 0.0);
            for (sparse, layer, state) in &mut forms {
                let batch = batch(&x, *sparse);
                dense::update(batch.input(), &d.panels(), optimizer, layer, state);
            }
            let rho = optimizer.rho;
            for (at, (v, error)) in expected.iter_mut().enumerate() {
                let (x, d, at) = (x.view().transpose(), d.view(), (at / units, at % units));
                let g = reference::sgemm_element(1.0, x, d, (0.0, 0.0), at);
                *v = rho * *v + (1.0 - rho) * g.value * g.value;
                let of_square = (2.0 * g.value.abs() + g.tolerance) * g.tolerance;
                *error = rho * *error + (1.0 - rho) * of_square;
            }
        }
        let [(_, layer, state), (_, panels_layer, panels_state)] = &forms;
        assert!(layer == panels_layer && state == panels_state, "lists and panels differ");
        let mut at_rest = 0;
        for (at, (v, error)) in expected.iter().enumerate() {
            let (p, j) = (at / units, at % units);
            let got = state.mean_square(&optimizer, p, j);
            let tolerance = error + 1e-5 * v + f64::from(f32::MIN_POSITIVE);
            assert!((f64::from(got) - v).abs() <= tolerance, "v({p}, {j}): {got:e} for {v:e}");
            assert!(got == 0.0 || got.is_normal(), "v({p}, {j}) is subnormal: {got:e}");
            if p > 45 {
                at_rest += 1;
                assert_eq!(layer.weights.get(p, j), first.weights.get(p, j), "({p}, {j}) moved");
            }
        }
        assert_eq!(at_rest, 24 * units);
    }
}

/// Inputs at rest in some steps, in none in others: a step on panels that are no batch catches up with all of them.
#[test]
fn batches_and_panels_may_take_turns() {
    let (rows, inputs, units) = (6, 40, 20);
    let mut random = Random(11);
    let (_, _, first) = layer(&mut random, inputs, units);
    let start = state(&mut random, inputs, units);
    let (mut by_turns, mut all_panels) = ((first.clone(), start.clone()), (first, start));
    for step in 0..30 {
        let x = Matrix::random(&mut random, rows, inputs, 0.9);
        let d = Matrix::random(&mut random, rows, units, 0.0).panels();
        let (panels, batch) = (x.panels(), batch(&x, step % 2 == 0));
        let turn = if step % 3 == 0 { Input::Panels(&panels) } else { batch.input() };
        for (input, (layer, state)) in
            [(turn, &mut by_turns), (Input::Panels(&panels), &mut all_panels)]
        {
            dense::update(input, &d, Rmsprop::keras2(), layer, state);
        }
    }
    // A power of ρ is rounded once, a decay in each step every time.
    for p in 0..inputs {
        for j in 0..units {
            let v = [&by_turns, &all_panels].map(|s| s.1.mean_square(&Rmsprop::keras2(), p, j));
            assert!((v[0] - v[1]).abs() <= 1e-5 * v[1], "v({p}, {j}): {} and {}", v[0], v[1]);
        }
    }
}

/// Its lists have no columns, from which all inputs would seem to be at rest.
#[test]
#[should_panic(expected = "a batch for inference is not made for an update")]
fn a_batch_for_inference_is_not_trained_on() {
    let x = [1.0, 0.0, 0.0, 0.0];
    let mut batch = Batch::for_inference(4);
    batch.gather(&Rows::floats(MatrixRef::new(&x, 1, 4)), None, &Selection::Range(0..1));
    assert!(batch.is_listed());
    let (mut layer, mut state) = (Parameters::zeros(4, 2), State::zeros(4, 2));
    dense::update(batch.input(), &Panels::zeros(1, 2), Rmsprop::keras2(), &mut layer, &mut state);
}
