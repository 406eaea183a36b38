//! Bias-relu, softmax-crossentropy and the RMSprop step over flat slices, against the f64 reference.

mod support;

use kernels::measure::reference;
use kernels::rowwise::{
    Rmsprop, bias_relu, bias_relu_backward, rmsprop_step, softmax, softmax_crossentropy,
};
use kernels::{MatrixMut, MatrixRef, Targets};
use testing::Random;

#[test]
fn on_every_instruction_set() {
    support::run_all_on_every_instruction_set();
}

fn numbers(seed: u64, len: usize, scale: f32) -> Vec<f32> {
    Random(seed).numbers(len).iter().map(|x| scale * x).collect()
}

fn f64s(values: &[f32]) -> Vec<f64> {
    values.iter().map(|x| f64::from(*x)).collect()
}

const COLUMNS: [usize; 8] = [1, 2, 10, 15, 16, 17, 32, 100];

#[test]
fn bias_relu_forward_and_backward() {
    for columns in COLUMNS {
        let (rows, stride) = (7, columns + 3);
        let bias = numbers(1, columns, 1.0);
        let x = numbers(2, rows * stride, 1.0);
        let d = numbers(3, rows * stride, 1.0);
        let view = |data| MatrixRef::with_strides(data, rows, columns, stride, 1);

        let mut activation = x.clone();
        bias_relu(MatrixMut::with_strides(&mut activation, rows, columns, stride, 1), &bias);
        let expected = reference::bias_relu(&reference::values(view(&x)), &f64s(&bias));
        let got = reference::values(view(&activation));
        assert!(expected.iter().any(|x| *x > 0.0));
        for (got, expected) in got.iter().zip(&expected) {
            assert!((got - expected).abs() <= 1.2e-7, "{got} for {expected}");
        }

        let (mut d_x, mut d_bias) = (d.clone(), vec![f32::NAN; columns]);
        let d_view = MatrixMut::with_strides(&mut d_x, rows, columns, stride, 1);
        bias_relu_backward(d_view, view(&activation), &mut d_bias);
        let (masked, sums) =
            reference::bias_relu_backward(&reference::values(view(&d)), &got, columns);
        assert_eq!(reference::values(view(&d_x)), masked);
        for (got, expected) in d_bias.iter().zip(&sums) {
            assert!((f64::from(*got) - expected).abs() <= 1e-6, "{got} for {expected}");
        }
        // Between the rows nothing was touched.
        for i in 0..rows - 1 {
            let between = i * stride + columns..(i + 1) * stride;
            assert_eq!(activation[between.clone()], x[between.clone()]);
            assert_eq!(d_x[between.clone()], d[between]);
        }
    }
}

#[test]
fn softmax_and_crossentropy() {
    for classes in COLUMNS {
        let rows = 9;
        for scale in [1.0, 30.0, 1e4] {
            let logits = numbers(4, rows * classes, scale);
            let view = MatrixRef::new(&logits, rows, classes);
            let labels: Vec<u8> = (0..rows).map(|i| (i * 5 % classes) as u8).collect();
            // One-hot in the even rows, soft in the odd ones.
            let mut soft = vec![0.0; rows * classes];
            for i in 0..rows {
                soft[i * classes + usize::from(labels[i])] = if i % 2 == 0 { 1.0 } else { 0.75 };
                soft[i * classes + classes - 1] += if i % 2 == 0 { 0.0 } else { 0.25 };
            }
            let soft = MatrixRef::new(&soft, rows, classes);

            let (mut p, mut d_class, mut d_soft) = (
                vec![f32::NAN; rows * classes],
                vec![f32::NAN; rows * classes],
                vec![f32::NAN; rows * classes],
            );
            softmax(view, MatrixMut::new(&mut p, rows, classes));
            let by_class = softmax_crossentropy(
                view,
                Targets::Classes(&labels),
                0.25,
                MatrixMut::new(&mut d_class, rows, classes),
            );
            let by_distribution = softmax_crossentropy(
                view,
                Targets::Distributions(soft),
                0.25,
                MatrixMut::new(&mut d_soft, rows, classes),
            );

            let (mut loss_class, mut loss_soft, mut correct) = (0.0, 0.0, 0);
            for i in 0..rows {
                let row: Vec<f64> = f64s(&logits[i * classes..(i + 1) * classes]);
                let label = usize::from(labels[i]);
                let one_hot: Vec<f64> =
                    (0..classes).map(|j| f64::from(u8::from(j == label))).collect();
                let target: Vec<f64> = (0..classes).map(|j| f64::from(soft.get(i, j))).collect();
                let (loss, d) = reference::softmax_crossentropy(&row, &one_hot);
                let (soft_loss, d_of_soft) = reference::softmax_crossentropy(&row, &target);
                loss_class += loss;
                loss_soft += soft_loss;
                correct += usize::from(row.iter().all(|z| *z <= row[label]));
                let expected = reference::softmax(&row);
                for j in 0..classes {
                    let at = i * classes + j;
                    // Logits of 1e4 are exact to 2^-11 only after the maximum is taken off: that is part of f32.
                    assert!(
                        (f64::from(p[at]) - expected[j]).abs() < 4e-7,
                        "p = {} for {}",
                        p[at],
                        expected[j]
                    );
                    assert!((f64::from(d_class[at]) - 0.25 * d[j]).abs() < 2e-7);
                    assert!((f64::from(d_soft[at]) - 0.25 * d_of_soft[j]).abs() < 2e-7);
                }
            }
            assert!(
                (by_class.loss - loss_class).abs() <= 1e-6 * (1.0 + loss_class),
                "{scale}, {classes} classes"
            );
            assert!((by_distribution.loss - loss_soft).abs() <= 1e-6 * (1.0 + loss_soft));
            assert_eq!(by_class.correct, correct);
        }
    }
}

/// Hand-computed: with one-hot soft labels of the even rows the two kinds of targets are one.
#[test]
fn one_hot_distributions_are_classes() {
    let logits = numbers(5, 40, 3.0);
    let labels = [3, 0, 9, 7];
    let mut one_hot = [0.0; 40];
    for (i, label) in labels.iter().enumerate() {
        one_hot[i * 10 + usize::from(*label)] = 1.0;
    }
    let view = MatrixRef::new(&logits, 4, 10);
    let (mut a, mut b) = ([0.0; 40], [1.0; 40]);
    let score_a =
        softmax_crossentropy(view, Targets::Classes(&labels), 1.0, MatrixMut::new(&mut a, 4, 10));
    let distributions = Targets::Distributions(MatrixRef::new(&one_hot, 4, 10));
    let score_b = softmax_crossentropy(view, distributions, 1.0, MatrixMut::new(&mut b, 4, 10));
    assert_eq!(a, b);
    assert_eq!(score_a.correct, score_b.correct);
    assert!((score_a.loss - score_b.loss).abs() < 1e-12 && score_a.loss > 0.1);
}

#[test]
fn finite_for_any_finite_logits() {
    let extremes = [f32::MAX, f32::MIN, 0.0, -0.0, 1e-45, 1e38, -1e38, 88.0, -104.0, 3.0];
    for shift in 0..10 {
        let mut logits = extremes;
        logits.rotate_left(shift);
        for label in 0..10 {
            let mut d = [f32::NAN; 10];
            let view = MatrixRef::new(&logits, 1, 10);
            let score = softmax_crossentropy(
                view,
                Targets::Classes(&[label]),
                1.0,
                MatrixMut::new(&mut d, 1, 10),
            );
            assert!(score.loss.is_finite() && score.loss >= 0.0, "{}", score.loss);
            assert!(d.iter().all(|d| d.is_finite()), "{d:?}");
            assert!((d.iter().sum::<f32>()).abs() < 1e-6);
        }
    }
    let mut p = [f32::NAN; 3];
    softmax(MatrixRef::new(&[-3e38, -3e38, -3e38], 1, 3), MatrixMut::new(&mut p, 1, 3));
    assert!(p.iter().all(|p| (p - 1.0 / 3.0).abs() < 1e-6), "{p:?}");
}

/// ln 2 must not be lost beside logits that are 1e16 or more apart from 0.
#[test]
fn the_loss_of_large_logits_keeps_its_digits() {
    for size in [1e16_f32, -1e16, 1e30] {
        for (logits, target, loss) in [
            ([size, size], [1.0, 0.0], 2.0_f64.ln()),
            ([size, size], [0.5, 0.5], 2.0_f64.ln()),
            ([size, size], [0.125, 0.875], 2.0_f64.ln()),
            ([size.abs(), f32::NEG_INFINITY], [1.0, 0.0], 0.0),
        ] {
            let targets = Targets::Distributions(MatrixRef::new(&target, 1, 2));
            let mut d = [f32::NAN; 2];
            let view = MatrixRef::new(&logits, 1, 2);
            let score = softmax_crossentropy(view, targets, 1.0, MatrixMut::new(&mut d, 1, 2));
            assert!((score.loss - loss).abs() < 1e-6, "{} for {loss}, {logits:?}", score.loss);
        }
    }
}

/// In lanes and in what is left of a row behind them.
#[test]
fn nan_goes_through_bias_and_relu() {
    for columns in COLUMNS {
        for place in 0..columns {
            let mut x = numbers(9, columns, 1.0);
            let bias = vec![0.0; columns];
            x[place] = f32::NAN;
            bias_relu(MatrixMut::new(&mut x, 1, columns), &bias);
            for (j, x) in x.iter().enumerate() {
                assert_eq!(x.is_nan(), j == place, "{x} at {j} of {columns}");
            }
            let (mut d, mut d_bias) = (vec![1.0; columns], vec![0.0; columns]);
            let activation = MatrixRef::new(&x, 1, columns);
            bias_relu_backward(MatrixMut::new(&mut d, 1, columns), activation, &mut d_bias);
            assert_eq!((d[place], d_bias[place]), (1.0, 1.0), "not masked: {place} of {columns}");
            let (masked, _) =
                reference::bias_relu_backward(&vec![1.0; columns], &f64s(&x), columns);
            assert_eq!(f64s(&d), masked);
        }
    }
}

#[test]
fn nan_and_infinity_go_through_softmax_and_crossentropy() {
    for classes in COLUMNS {
        for value in [f32::NAN, f32::INFINITY] {
            for place in 0..classes {
                let mut logits = numbers(10, classes, 2.0);
                logits[place] = value;
                let view = MatrixRef::new(&logits, 1, classes);
                let (mut p, mut d) = (vec![0.0; classes], vec![0.0; classes]);
                softmax(view, MatrixMut::new(&mut p, 1, classes));
                assert!(p.iter().all(|p| p.is_nan()), "{p:?}");
                let one_hot: Vec<f32> = (0..classes).map(|j| f32::from(u8::from(j == 0))).collect();
                for targets in [
                    Targets::Classes(&[0]),
                    Targets::Distributions(MatrixRef::new(&one_hot, 1, classes)),
                ] {
                    let score = softmax_crossentropy(
                        view,
                        targets,
                        1.0,
                        MatrixMut::new(&mut d, 1, classes),
                    );
                    assert!(score.loss.is_nan(), "{} for {logits:?}", score.loss);
                    assert_eq!(score.correct, 0);
                    assert!(d.iter().all(|d| d.is_nan()), "{d:?}");
                }
            }
        }
    }
}

#[test]
fn nan_goes_through_rmsprop() {
    for place in 0..21 {
        let mut g = numbers(11, 21, 1.0);
        g[place] = f32::NAN;
        let (mut w, mut v) = (numbers(12, 21, 1.0), vec![0.5; 21]);
        rmsprop_step(&Rmsprop::keras2(), &mut w, &mut v, &g);
        for j in 0..21 {
            assert_eq!((w[j].is_nan(), v[j].is_nan()), (j == place, j == place), "{j}");
        }
    }
}

#[test]
fn of_equal_logits_the_first_is_the_prediction() {
    let logits = [0.5, 2.0, 2.0, 1.0];
    for (label, correct) in [(0, 0), (1, 1), (2, 0), (3, 0)] {
        let view = MatrixRef::new(&logits, 1, 4);
        let score = softmax_crossentropy(
            view,
            Targets::Classes(&[label]),
            1.0,
            MatrixMut::new(&mut [0.0; 4], 1, 4),
        );
        assert_eq!(score.correct, correct, "label {label}");
    }
}

#[test]
fn rmsprop() {
    for settings in [Rmsprop::keras2(), Rmsprop::keras3()] {
        for len in [0, 1, 15, 16, 17, 100, 200_001] {
            let mut w = numbers(6, len, 0.1);
            // From gradients that epsilon swallows to large ones.
            let g: Vec<f32> = numbers(7, len, 1.0).iter().map(|x| x.powi(9)).collect();
            let mut v: Vec<f32> = numbers(8, len, 1.0).iter().map(|x| x.abs().powi(20)).collect();
            let (before_w, before_v) = (w.clone(), v.clone());
            rmsprop_step(&settings, &mut w, &mut v, &g);
            for i in 0..len {
                let (old_w, old_v) = (f64::from(before_w[i]), f64::from(before_v[i]));
                let (new_w, new_v) =
                    reference::rmsprop_step(&settings, old_w, old_v, f64::from(g[i]));
                let step = (new_w - old_w).abs();
                assert!(
                    (f64::from(w[i]) - new_w).abs() <= 1e-6 * step + 6e-8 * old_w.abs() + 1e-12,
                    "w[{i}]"
                );
                let least = f64::from(f32::MIN_POSITIVE);
                assert!((f64::from(v[i]) - new_v).abs() <= 3e-7 * new_v + least, "v[{i}]");
                assert!(v[i] == 0.0 || v[i].is_normal(), "v[{i}] is subnormal: {:e}", v[i]);
            }
        }
    }
    // The two placements differ where gradients are small: the step is 3.2 times as long outside.
    let step = |settings| {
        let (mut w, mut v) = ([0.0], [0.0]);
        rmsprop_step(&settings, &mut w, &mut v, &[1e-4]);
        w[0].abs()
    };
    let ratio = step(Rmsprop::keras2()) / step(Rmsprop::keras3());
    assert!((3.0..11.0).contains(&ratio), "{ratio}");
}

#[test]
fn of_equal_targets_the_first_is_meant() {
    let logits = [0.5, 2.0, 1.0];
    let target = [0.1, 0.45, 0.45];
    let targets = Targets::Distributions(MatrixRef::new(&target, 1, 3));
    let view = MatrixRef::new(&logits, 1, 3);
    let score = softmax_crossentropy(view, targets, 1.0, MatrixMut::new(&mut [0.0; 3], 1, 3));
    assert_eq!(score.correct, 1);
}

/// Ten classes lie in a line of sixteen: the last six are none.
#[test]
#[should_panic(expected = "class 12 of 10")]
fn a_class_in_the_padding_is_none() {
    let view = MatrixRef::new(&[0.0; 10], 1, 10);
    softmax_crossentropy(view, Targets::Classes(&[12]), 1.0, MatrixMut::new(&mut [0.0; 10], 1, 10));
}
