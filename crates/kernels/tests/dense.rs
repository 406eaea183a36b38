//! The products of a dense layer against the f64 reference: dense and sparse inputs, sizes around every block constant,
//! outputs poisoned with NaN. One test runs all others once more on each instruction set that this CPU has.

mod support;

use kernels::dense::{self, Activation, Batch, Input, Parameters, Selection, State};
use kernels::measure::reference;
use kernels::rowwise::{EpsilonPlacement, Rmsprop, Score};
use kernels::{Isa, MatrixRef, Panels, Rows, Targets};
use support::Random;

#[test]
fn on_every_instruction_set() {
    if let Some(asked) = std::env::var_os("KERNELS_ISA") {
        // One of the runs below.
        assert_eq!(asked, Isa::active().short_name());
        return;
    }
    let mut ran = 0;
    for isa in Isa::available() {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .env("KERNELS_ISA", isa.short_name())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains(" passed"), "{}:\n{text}", isa.name());
        ran += 1;
    }
    assert!(ran >= 1);
}

struct Numbers(Random);

impl Numbers {
    fn next(&mut self) -> f32 {
        self.0.number()
    }

    /// `rows × columns`, a share of them exactly zero.
    fn matrix(&mut self, rows: usize, columns: usize, zeros: f32) -> Matrix {
        let mut value = || {
            let x = self.next();
            if (self.next() + 1.0) / 2.0 < zeros { 0.0 } else { x }
        };
        Matrix { rows, columns, values: (0..rows * columns).map(|_| value()).collect() }
    }
}

#[derive(Clone, Debug)]
struct Matrix {
    rows: usize,
    columns: usize,
    values: Vec<f32>,
}

impl Matrix {
    fn view(&self) -> MatrixRef<'_> {
        MatrixRef::new(&self.values, self.rows, self.columns)
    }

    fn panels(&self) -> Panels {
        Panels::from_matrix(self.view())
    }
}

fn poisoned(rows: usize, columns: usize) -> Panels {
    Matrix { rows, columns, values: vec![f32::NAN; rows * columns] }.panels()
}

/// Every element of `got` is what the reference says of `a · b + old`, after `finish`; its padding is zero.
fn assert_product(
    what: &str,
    got: &Panels,
    (a, b): (MatrixRef<'_>, MatrixRef<'_>),
    sign: f32,
    old: &dyn Fn(usize, usize) -> f32,
    finish: &dyn Fn(usize, usize, f64) -> f64,
) {
    assert_eq!((got.rows(), got.columns()), (a.rows(), b.columns()), "{what}");
    for i in 0..a.rows() {
        for j in 0..b.columns() {
            let expected = reference::sgemm_element(sign, a, b, (1.0, old(i, j)), (i, j));
            let (value, got) = (finish(i, j, expected.value), f64::from(got.get(i, j)));
            assert!(
                (got - value).abs() <= expected.tolerance + f64::from(f32::MIN_POSITIVE),
                "{what}, ({i}, {j}) of {} x {}: {got} for {value}, tolerance {:e}",
                a.rows(),
                b.columns(),
                expected.tolerance
            );
        }
    }
    let padding = got.panels() * 16 - got.columns();
    if padding > 0 {
        for line in got.panel(got.panels() - 1) {
            assert!(
                line.0[16 - padding..].iter().all(|x| *x == 0.0),
                "{what}: padding is not zero"
            );
        }
    }
}

/// x in the form asked for. The threshold is what decides, so each form can be had from any x.
fn batch(x: &Matrix, sparse: bool) -> Batch {
    let mut batch = Batch::listing_below(if sparse { 1.0 } else { -1.0 }, x.columns);
    batch.gather(&Rows::floats(x.view()), None, &Selection::Range(0..x.rows));
    // A batch of zeros is sparse under any threshold.
    assert!(batch.is_listed() == sparse || x.values.iter().all(|x| *x == 0.0));
    batch
}

fn shapes() -> Vec<(usize, usize, usize)> {
    let mut shapes = vec![
        (128, 784, 64),
        (2, 2049, 17),
        (130, 1023, 16),
        (5, 1024, 33),
        (40, 1025, 20),
        (64, 20, 1030),
    ];
    for rows in [1, 5, 6, 7, 15, 16, 17, 33] {
        for inputs in [1, 15, 16, 17, 50] {
            for units in [1, 10, 16, 17, 35] {
                shapes.push((rows, inputs, units));
            }
        }
    }
    shapes
}

/// A state as a training leaves it: positive, of very different sizes.
fn state(numbers: &mut Numbers, inputs: usize, units: usize) -> State {
    let mut squares = |rows, columns| {
        let mut matrix = numbers.matrix(rows, columns, 0.1);
        matrix.values.iter_mut().for_each(|x| *x = x.powi(8));
        matrix.panels()
    };
    State::new(Parameters { weights: squares(inputs, units), bias: squares(1, units) })
}

fn layer(numbers: &mut Numbers, inputs: usize, units: usize) -> (Matrix, Matrix, Parameters) {
    let (kernel, bias) = (numbers.matrix(inputs, units, 0.0), numbers.matrix(1, units, 0.0));
    let parameters = Parameters { weights: kernel.panels(), bias: bias.panels() };
    (kernel, bias, parameters)
}

#[test]
fn forward() {
    let mut numbers = Numbers(Random(1));
    for (rows, inputs, units) in shapes() {
        let x = numbers.matrix(rows, inputs, 0.7);
        let (kernel, bias, layer) = layer(&mut numbers, inputs, units);
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
    let mut numbers = Numbers(Random(2));
    for (rows, inputs, units) in shapes() {
        let d = numbers.matrix(rows, units, 0.0);
        let (kernel, _, layer) = layer(&mut numbers, inputs, units);
        let x = numbers.matrix(rows, inputs, 0.3);
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
    let mut numbers = Numbers(Random(3));
    for (rows, inputs, units) in shapes() {
        let x = numbers.matrix(rows, inputs, 0.7);
        let d = numbers.matrix(rows, units, 0.0);
        let ones = Matrix { rows: 1, columns: rows, values: vec![1.0; rows] };
        let (kernel, bias, before) = layer(&mut numbers, inputs, units);
        for sparse in [false, true] {
            let mut after = before.clone();
            let before_state = state(&mut numbers, inputs, units);
            let mut state = before_state.clone();
            let batch = batch(&x, sparse);
            dense::update(batch.input(), &d.panels(), &plain_descent(), &mut after, &mut state);
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
    let mut numbers = Numbers(Random(4));
    for (rows, inputs, units) in shapes() {
        let x = numbers.matrix(rows, inputs, 0.5);
        let (kernel, bias, layer) = layer(&mut numbers, inputs, units);
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

#[test]
fn same_bits_at_every_number_of_threads() {
    let (rows, inputs, units) = (150, 400, 300);
    let mut numbers = Numbers(Random(5));
    let x = numbers.matrix(rows, inputs, 0.8);
    let (_, _, first) = layer(&mut numbers, inputs, units);
    let (_, _, output) = layer(&mut numbers, units, 10);
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
                    &Rmsprop::keras2(),
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
    let mut numbers = Numbers(Random(7));
    let x = numbers.matrix(rows, long, 0.8);
    let d = numbers.matrix(rows, 10, 0.0).panels();
    let d_long = numbers.matrix(rows, long, 0.0).panels();
    let (_, _, narrow) = layer(&mut numbers, long, 10);
    let (_, _, wide) = layer(&mut numbers, 10, long);
    for sparse in [false, true] {
        let batch = batch(&x, sparse);
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let mut out = poisoned(rows, 10);
                dense::forward(batch.input(), &narrow, Activation::Relu, &mut out);
                let (mut trained, mut state) = (narrow.clone(), State::zeros(long, 10));
                dense::update(batch.input(), &d, &Rmsprop::keras3(), &mut trained, &mut state);
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

/// Padding is zero however the numbers come in, and after the rows change.
#[test]
fn panels_pad_with_zeros() {
    let values = vec![1.0; 7 * 40 * 2];
    let strides = [(40, 1), (1, 7), (80, 2)];
    for (row_stride, column_stride) in strides {
        for columns in [1, 10, 16, 17, 40] {
            let matrix = MatrixRef::with_strides(&values, 7, columns, row_stride, column_stride);
            let mut panels = poisoned(7, columns);
            panels.copy_from(matrix);
            let identical = Panels::from_matrix(matrix);
            assert!(panels == identical, "what was there before does not matter");
            let last = panels.panel(panels.panels() - 1);
            let used = columns - (panels.panels() - 1) * 16;
            for line in last {
                assert_eq!(line.0[..used], vec![1.0; used]);
                assert_eq!(line.0[used..], vec![0.0; 16 - used], "{columns} columns");
            }
        }
    }
    let mut panels = poisoned(3, 20);
    panels.set_rows(9);
    assert_eq!(panels, Panels::zeros(9, 20));
}

/// Steps in which most inputs are at rest: the state is what it would be with a decay in every step, for lists and for
/// panels the same to the bit, and no number in it is subnormal.
#[test]
fn inputs_at_rest_are_caught_up_with() {
    let (rows, inputs, units, steps) = (5, 70, 37, 400);
    for optimizer in [Rmsprop::keras2(), Rmsprop { rho: 0.5, ..Rmsprop::keras3() }] {
        let mut numbers = Numbers(Random(9));
        let (_, _, first) = layer(&mut numbers, inputs, units);
        let start = state(&mut numbers, inputs, units);
        let expected = |p, j| f64::from(start.mean_square(&optimizer, p, j));
        // Each with what the roundings of its gradients can make of it.
        let mut expected: Vec<(f64, f64)> =
            (0..inputs * units).map(|at| (expected(at / units, at % units), 0.0)).collect();
        let mut forms = [true, false].map(|sparse| (sparse, first.clone(), start.clone()));
        for step in 0..steps {
            // Input p is touched about every (p + 1)-th step, the last third never.
            let mut x = numbers.matrix(rows, inputs, 0.5);
            for i in 0..rows {
                for p in (0..inputs).filter(|p| step % (p + 1) != 0 || *p > 45) {
                    x.values[i * inputs + p] = if p % 2 == 0 { 0.0 } else { -0.0 };
                }
            }
            let d = numbers.matrix(rows, units, 0.0);
            for (sparse, layer, state) in &mut forms {
                let batch = batch(&x, *sparse);
                dense::update(batch.input(), &d.panels(), &optimizer, layer, state);
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

/// Which path a layer takes cannot be seen in its results.
#[test]
fn sparse_and_dense_agree_to_the_bit() {
    let mut numbers = Numbers(Random(6));
    for (rows, inputs, units) in shapes() {
        let x = numbers.matrix(rows, inputs, 0.6);
        let d = numbers.matrix(rows, units, 0.0).panels();
        let (_, _, layer) = layer(&mut numbers, inputs, units);
        let before = state(&mut numbers, inputs, units);
        let run = |sparse| {
            let batch = batch(&x, sparse);
            let mut out = poisoned(rows, units);
            dense::forward(batch.input(), &layer, Activation::Relu, &mut out);
            let (mut trained, mut state) = (layer.clone(), before.clone());
            dense::update(batch.input(), &d, &Rmsprop::keras2(), &mut trained, &mut state);
            (out, trained, state)
        };
        assert!(run(true) == run(false), "{rows} x {inputs} to {units}");
    }
}

#[test]
fn a_batch_lists_or_fills_by_its_density() {
    let bytes: Vec<u8> =
        (0..40 * 21).map(|i| if i % 5 == 0 { (i % 251) as u8 + 1 } else { 0 }).collect();
    let rows = Rows::bytes(&bytes, 21);
    let order = [3, 39, 0, 7];
    let mut out = [poisoned(4, 21), poisoned(4, 21)];
    // The identity as a layer shows what the batch holds.
    let identity: Vec<f32> = (0..21 * 21).map(|i| f32::from(u8::from(i % 22 == 0))).collect();
    let layer = Parameters {
        weights: Panels::from_matrix(MatrixRef::new(&identity, 21, 21)),
        bias: Panels::zeros(1, 21),
    };
    for (threshold, sparse) in [(0.25, true), (0.15, false)] {
        let mut batch = Batch::listing_below(threshold, 21);
        batch.gather(&rows, None, &Selection::Indices(&order));
        assert_eq!(batch.is_listed(), sparse, "a fifth of the bytes, threshold {threshold}");
        let out = &mut out[usize::from(sparse)];
        dense::forward(batch.input(), &layer, Activation::Linear, out);
        for (i, row) in order.iter().enumerate() {
            for j in 0..21 {
                let byte = bytes[*row as usize * 21 + j];
                assert_eq!(out.get(i, j), f32::from(byte) / 255.0, "({i}, {j})");
            }
        }
    }
}

/// Wherever in its word of eight a lit pixel is, alone or not: the last one, too.
#[test]
fn every_lit_byte_is_listed() {
    for columns in [8, 16, 21, 264, 272, 784] {
        let layer = Parameters {
            weights: Matrix {
                rows: columns,
                columns: 1,
                values: (0..columns).map(|j| (j + 1) as f32).collect(),
            }
            .panels(),
            bias: Panels::zeros(1, 1),
        };
        let mut batch = Batch::listing_below(1.0, columns);
        // Row j has one lit pixel, j.
        let bytes: Vec<u8> =
            (0..columns * columns).map(|i| u8::from(i % (columns + 1) == 0) * 255).collect();
        let rows = Rows::bytes(&bytes, columns);
        batch.gather(&rows, None, &Selection::Range(0..columns));
        assert!(batch.is_listed());
        let mut out = poisoned(columns, 1);
        dense::forward(batch.input(), &layer, Activation::Linear, &mut out);
        for j in 0..columns {
            assert_eq!(out.get(j, 0), (j + 1) as f32, "pixel {j} of {columns}");
        }
    }
}

/// A number that is not a number reaches every output that depends on it, and none that does not.
#[test]
fn nan_goes_through_every_product() {
    let (rows, inputs, units) = (20, 300, 37);
    let mut numbers = Numbers(Random(8));
    let (_, _, layer) = layer(&mut numbers, inputs, units);
    let d = numbers.matrix(rows, units, 0.0).panels();
    for (row, column) in [(0, 0), (7, 299), (19, 150)] {
        let mut x = numbers.matrix(rows, inputs, 0.7);
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
            dense::update(batch.input(), &d, &Rmsprop::keras2(), &mut trained, &mut state);
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

/// Whichever rows a batch takes, in whichever order: each brings its own target.
#[test]
fn targets_come_with_their_rows() {
    let bytes: Vec<u8> = (0..30 * 7).map(|i| (i * 11 % 256) as u8).collect();
    let labels: Vec<u8> = (0..30).map(|i| i * 7 % 10).collect();
    let soft: Vec<f32> = (0..30 * 4).map(|i| i as f32).collect();
    let (rows, soft) = (Rows::bytes(&bytes, 7), MatrixRef::new(&soft, 30, 4));
    let mut batch = Batch::new(7);
    for selection in
        [Selection::Indices(&[29, 0, 3, 3]), Selection::Range(20..25), Selection::Indices(&[])]
    {
        let indices: Vec<usize> = match &selection {
            Selection::Range(range) => range.clone().collect(),
            Selection::Indices(indices) => indices.iter().map(|i| *i as usize).collect(),
        };
        batch.gather(&rows, Some(&Targets::Distributions(soft)), &selection);
        let Targets::Distributions(gathered) = batch.targets() else { panic!("distributions") };
        assert_eq!((gathered.rows(), gathered.columns()), (indices.len(), 4));
        for (i, index) in indices.iter().enumerate() {
            assert!((0..4).all(|j| gathered.get(i, j) == soft.get(*index, j)), "row {i}");
        }
        batch.gather(&rows, Some(&Targets::Classes(&labels)), &selection);
        let Targets::WideClasses(gathered) = batch.targets() else { panic!("classes") };
        assert_eq!(gathered, indices.iter().map(|i| u16::from(labels[*i])).collect::<Vec<u16>>());
        batch.gather(&rows, None, &selection);
        assert!(batch.targets().is_empty() && batch.rows() == indices.len());
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
    dense::update(batch.input(), &Panels::zeros(1, 2), &Rmsprop::keras2(), &mut layer, &mut state);
}

/// Inputs at rest in some steps, in none in others: a step on panels that are no batch catches up with all of them.
#[test]
fn batches_and_panels_may_take_turns() {
    let (rows, inputs, units) = (6, 40, 20);
    let mut numbers = Numbers(Random(11));
    let (_, _, first) = layer(&mut numbers, inputs, units);
    let start = state(&mut numbers, inputs, units);
    let (mut by_turns, mut all_panels) = ((first.clone(), start.clone()), (first, start));
    for step in 0..30 {
        let x = numbers.matrix(rows, inputs, 0.9);
        let d = numbers.matrix(rows, units, 0.0).panels();
        let (panels, batch) = (x.panels(), batch(&x, step % 2 == 0));
        let turn = if step % 3 == 0 { Input::Panels(&panels) } else { batch.input() };
        for (input, (layer, state)) in
            [(turn, &mut by_turns), (Input::Panels(&panels), &mut all_panels)]
        {
            dense::update(input, &d, &Rmsprop::keras2(), layer, state);
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
