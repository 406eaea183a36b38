//! Digits found in pictures of all kinds, as the networks of MNIST want them.

use std::f64::consts::TAU;

use dataset::{CentreFault, Examples, Mnist, Picture, centred};
use testing::Random;

const SIDE: usize = 28;

fn digits(count: usize) -> Examples {
    Mnist::drawn(3, count, 1).train
}

/// The digit on paper of `side × side` pixels: `times` as large, from (`top`, `left`) on, its ink between 0 and 1, as
/// `paper(row, column, ink)` sees it.
fn on_paper(
    digit: &[u8],
    times: usize,
    [top, left]: [usize; 2],
    side: usize,
    mut paper: impl FnMut(usize, usize, f64) -> f64,
) -> Picture {
    let ink = |row: usize, column: usize| {
        let inside = |at: usize, from: usize| at.checked_sub(from).map(|at| at / times);
        match (inside(row, top), inside(column, left)) {
            (Some(row), Some(column)) if row < SIDE && column < SIDE => {
                f64::from(digit[row * SIDE + column]) / 255.0
            }
            _ => 0.0,
        }
    };
    let pixels = (0..side * side).map(|i| {
        let (row, column) = (i / side, i % side);
        paper(row, column, ink(row, column)).round().clamp(0.0, 255.0) as u8
    });
    Picture::new(pixels.collect(), side, side)
}

/// Mean difference between two pictures, of 255, beside their mean.
fn difference(a: &[u8], b: &[u8]) -> f64 {
    let sum: u32 = a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
    f64::from(sum) / f64::from(b.iter().map(|&b| u32::from(b)).sum::<u32>())
}

/// As [`difference`], with the first picture moved by a pixel where that makes it less: the centre of mass is rounded.
fn least_difference(a: &[u8], b: &[u8]) -> f64 {
    let moved = |down: usize, right: usize| -> Vec<u8> {
        let from = |at: usize, shift: usize| (at + shift).checked_sub(1).filter(|&at| at < SIDE);
        let pixel = |i: usize| match (from(i / SIDE, down), from(i % SIDE, right)) {
            (Some(row), Some(column)) => a[row * SIDE + column],
            _ => 0,
        };
        (0..SIDE * SIDE).map(pixel).collect()
    };
    let all = (0..9).map(|i| difference(&moved(i / 3, i % 3), b));
    all.fold(f64::INFINITY, f64::min)
}

/// `digits` as they are found in pictures that are nothing but them.
fn in_place(digits: &Examples) -> Vec<Vec<u8>> {
    let found = |i: usize| {
        centred(&Picture::new(digits.image(i).to_vec(), SIDE, SIDE), SIDE, SIDE).unwrap()
    };
    (0..digits.len()).map(found).collect()
}

/// Whether what is found in the picture is nearer to digit `i` than to all others.
fn is_nearest_to(i: usize, picture: &Picture, digits: &[Vec<u8>]) -> bool {
    centred(picture, SIDE, SIDE).is_ok_and(|found| {
        let distances: Vec<f64> = digits.iter().map(|x| least_difference(&found, x)).collect();
        distances.iter().all(|&other| distances[i] <= other)
    })
}

#[test]
fn a_digit_on_any_paper_is_nearest_to_itself() {
    let digits = digits(60);
    let expected = in_place(&digits);
    let mut random = Random(4);
    // By the place, between 0 and 1 down and to the right, and the ink between 0 and 1.
    type Paper = fn(f64, f64, f64) -> f64;
    let papers: [(&str, f64, Paper, usize); 7] = [
        ("white on black", 0.0, |_, _, ink| 255.0 * ink, 60),
        ("black on white", 0.0, |_, _, ink| 255.0 - 255.0 * ink, 60),
        ("grey on grey", 0.0, |_, _, ink| 140.0 - 60.0 * ink, 60),
        ("falling light", 3.0, |y, x, ink| (120.0 + 90.0 * x + 30.0 * y) * (1.0 - 0.7 * ink), 57),
        (
            "a lamp",
            3.0,
            |y, x, ink| {
                (230.0 - 200.0 * ((x - 0.4).powi(2) + (y - 0.5).powi(2))) * (1.0 - 0.7 * ink)
            },
            56,
        ),
        (
            "a shadow",
            2.0,
            |y, x, ink| if x + y / 3.0 > 0.7 { 150.0 } else { 220.0 } * (1.0 - 0.7 * ink),
            50,
        ),
        (
            "a table",
            2.0,
            |y, x, ink| if y < 0.06 || x < 0.08 { 30.0 } else { 220.0 * (1.0 - 0.7 * ink) },
            57,
        ),
    ];
    for (name, noise, paper, least) in papers {
        let is_found = |&i: &usize| {
            let times = 3 + random.below(4);
            let side = 2 * SIDE * times + random.below(60);
            let corner = [0; 2].map(|_| side / 8 + random.below(side / 4));
            let place = |at: usize| at as f64 / side as f64;
            let mut noise_of = Random(i as u64);
            let picture = on_paper(digits.image(i), times, corner, side, |row, column, ink| {
                let noise = noise * f64::from(noise_of.number() + noise_of.number());
                paper(place(row), place(column), ink) + noise
            });
            is_nearest_to(i, &picture, &expected)
        };
        let found = (0..digits.len()).filter(is_found).count();
        assert!(found >= least, "{name}: {found} of {}", digits.len());
    }
}

#[test]
fn the_edge_of_a_shadow_is_no_ink() {
    let digits = digits(60);
    let expected = in_place(&digits);
    let mut random = Random(8);
    // How deep a place is in the shadow, by how far it is beside and along a line through the digit, whose side is 1.
    type Shadow = fn(f64, f64, f64) -> f64;
    let shadows: [(&str, Shadow, usize); 4] = [
        ("straight", |_, beside, _| beside, 55),
        ("round", |size, beside, along| size - (beside - size).hypot(along), 56),
        ("round, of light", |size, beside, along| (beside - size).hypot(along) - size, 55),
        ("a pencil", |size, beside, _| size / 5.0 - beside.abs(), 46),
    ];
    for (name, shadow, least) in shadows {
        let mut is_found = |&i: &usize| {
            let times = 4 + random.below(5);
            let digit = (SIDE * times) as f64;
            let side = 2 * SIDE * times + random.below(60);
            let corner = [0; 2].map(|_| random.below(side - SIDE * times));
            let mut between =
                |from: f64, to: f64| from + (to - from) * f64::from(random.number() + 1.0) / 2.0;
            let (sin, cos) = between(0.0, TAU).sin_cos();
            let [y, x] = corner.map(|corner| corner as f64 + digit * between(0.35, 0.65));
            let [size, light, soft] = [between(1.0, 3.0), between(0.35, 0.7), between(0.1, 3.0)];
            let mut noise = Random(i as u64);
            let picture = on_paper(digits.image(i), times, corner, side, |row, column, ink| {
                let [y, x] = [row as f64 - y, column as f64 - x].map(|from| from / digit);
                let depth = shadow(size, cos * x + sin * y, cos * y - sin * x) * digit;
                let shade = (depth / soft + 0.5).clamp(0.0, 1.0);
                220.0 * (1.0 - (1.0 - light) * shade) * (1.0 - 0.75 * ink)
                    + 3.0 * f64::from(noise.number() - noise.number())
            });
            is_nearest_to(i, &picture, &expected)
        };
        let found = (0..digits.len()).filter(|i| is_found(i)).count();
        assert!(found >= least, "{name}: {found} of {}", digits.len());
    }
}

#[test]
fn what_is_in_place_stays_there() {
    let digits = digits(200);
    for i in 0..digits.len() {
        let picture = Picture::new(digits.image(i).to_vec(), SIDE, SIDE);
        let once = centred(&picture, SIDE, SIDE).unwrap();
        let again = centred(&Picture::new(once.clone(), SIDE, SIDE), SIDE, SIDE).unwrap();
        assert!(difference(&again, &once) < 0.02, "digit {i}");
        // The longer side has 20 pixels, and the centre of mass is within half a pixel of 14.
        let lit = |axis: usize| {
            let at = |(p, _): (usize, &u8)| [p / SIDE, p % SIDE][axis];
            let lit = || once.iter().enumerate().filter(|&(_, &x)| x > 0).map(at);
            lit().max().unwrap() + 1 - lit().min().unwrap()
        };
        assert_eq!(lit(0).max(lit(1)), 20, "digit {i}");
        let mass: f64 = once.iter().map(|&x| f64::from(x)).sum();
        for axis in 0..2 {
            let moment = |(p, &x): (usize, &u8)| [p / SIDE, p % SIDE][axis] as f64 * f64::from(x);
            let centre = once.iter().enumerate().map(moment).sum::<f64>() / mass;
            assert!((centre - 14.0).abs() <= 0.5 + 1e-9, "digit {i}: {centre}");
        }
    }
}

#[test]
fn specks_are_no_digit() {
    let digits = digits(40);
    let mut random = Random(5);
    for i in 0..digits.len() {
        let digit = digits.image(i);
        let clean = on_paper(digit, 5, [60, 60], 260, |_, _, ink| 240.0 - 200.0 * ink);
        let expected = centred(&clean, SIDE, SIDE).unwrap();
        let mut dirty = clean.into_pixels();
        for _ in 0..6 {
            let [row, column] = [0; 2].map(|_| random.below(40));
            dirty[row * 260 + column] = 30;
            dirty[row * 260 + column + 1] = 30;
        }
        let found = centred(&Picture::new(dirty, 260, 260), SIDE, SIDE).unwrap();
        assert!(difference(&found, &expected) < 0.02, "digit {i}");
    }
}

#[test]
fn a_fine_pen_is_made_wider() {
    // A zero: a ring of a pixel or two in 200.
    let ring = |row: usize, column: usize| {
        let [y, x] = [row, column].map(|at| at as f64 - 100.0);
        ((y / 80.0).powi(2) + (x / 55.0).powi(2) - 1.0).abs() < 0.02
    };
    let pixels = (0..200 * 200).map(|i| if ring(i / 200, i % 200) { 40 } else { 220 }).collect();
    let found = centred(&Picture::new(pixels, 200, 200), SIDE, SIDE).unwrap();
    let strong = found.iter().filter(|&&x| x > 128).count();
    assert!(strong > 60, "{strong} of 784 pixels are of a stroke");
    assert!(found[14 * SIDE + 14] < 30, "the zero is filled");
}

#[test]
fn nothing_is_nothing() {
    for value in [0, 128, 255] {
        for (rows, columns) in [(1, 1), (28, 28), (300, 200)] {
            let picture = Picture::new(vec![value; rows * columns], rows, columns);
            assert_eq!(centred(&picture, SIDE, SIDE), Err(CentreFault::Blank));
        }
    }
    // Paper with noise is blank, too.
    let mut random = Random(6);
    let noise = (0..100 * 100).map(|_| 200 + random.below(8) as u8).collect();
    assert_eq!(centred(&Picture::new(noise, 100, 100), SIDE, SIDE), Err(CentreFault::Blank));
}

#[test]
fn any_picture_fills_any_field() {
    let mut random = Random(7);
    for _ in 0..2000 {
        let [rows, columns, high, wide] = [0; 4].map(|_| 1 + random.below(40));
        let share = random.pick(&[0.0, 0.02, 0.5, 0.9]);
        let pixels =
            (0..rows * columns)
                .map(|_| {
                    if f64::from(random.number()) < 2.0 * share - 1.0 { 200 } else { random.byte() }
                })
                .collect();
        if let Ok(found) = centred(&Picture::new(pixels, rows, columns), high, wide) {
            assert_eq!(found.len(), high * wide);
            assert!(found.iter().any(|&x| x > 0), "{rows} × {columns} in {high} × {wide}");
        }
    }
}
