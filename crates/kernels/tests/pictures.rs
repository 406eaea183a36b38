//! Pictures drawn anew, against an f64 reference that knows neither tables nor lanes, and against what has to come out exactly.

mod support;

use kernels::pictures::{Placement, Stream, Warp};
use testing::Random;

#[test]
fn on_every_instruction_set() {
    support::run_all_on_every_instruction_set();
}

const SIZES: [[usize; 2]; 14] = [
    [1, 1],
    [1, 40],
    [40, 1],
    [2, 3],
    [15, 15],
    [16, 16],
    [17, 14],
    [14, 17],
    [28, 28],
    [30, 33],
    [31, 48],
    [20, 100],
    [100, 20],
    [64, 64],
];

fn draw(warp: &Warp, from: &[u8], placement: &(impl Fn(usize) -> Placement + Sync)) -> Vec<u8> {
    let mut to = vec![77; from.len()];
    warp.draw(from, &mut to, &|i, _| placement(i));
    to
}

fn random_placement(stream: Stream) -> Placement {
    let number = |i| stream.number(i) as f32;
    Placement {
        matrix: [[1.0 + 0.3 * number(0), number(1)], [number(2), 1.0 + 0.3 * number(3)]],
        shift: [3.0 * number(4), 3.0 * number(5)],
        stream,
    }
}

#[test]
fn the_identity_gives_the_same_bytes() {
    for [rows, columns] in SIZES {
        let from = Random(1).bytes(5 * rows * columns);
        for warp in [Warp::affine(rows, columns), Warp::elastic(rows, columns, 0.0, 4.0)] {
            let to = draw(&warp.unwrap(), &from, &|_| Placement::IDENTITY);
            assert!(to == from, "{rows}×{columns}");
        }
    }
}

#[test]
fn a_shift_by_whole_pixels_moves_bytes_and_brings_in_black() {
    for [rows, columns] in SIZES {
        let from = Random(2).bytes(rows * columns);
        for (down, right) in [(0, 1), (-1, 0), (2, -3), (-20, 5), (1000, 0)] {
            let shift = [right as f32, down as f32];
            let to = draw(&Warp::affine(rows, columns).unwrap(), &from, &|_| Placement {
                shift,
                ..Placement::IDENTITY
            });
            for (i, grey) in to.iter().enumerate() {
                let (y, x) = ((i / columns) as isize + down, (i % columns) as isize + right);
                let inside = (0..rows as isize).contains(&y) && (0..columns as isize).contains(&x);
                let expected = if inside { from[y as usize * columns + x as usize] } else { 0 };
                assert_eq!(*grey, expected, "{rows}×{columns}, {shift:?}, pixel {i}");
            }
        }
    }
}

#[test]
fn a_quarter_turn_of_a_square_moves_bytes() {
    for side in [1, 2, 13, 16, 28, 35] {
        let from = Random(3).bytes(side * side);
        let matrix = [[0.0, -1.0], [1.0, 0.0]];
        let to = draw(&Warp::affine(side, side).unwrap(), &from, &|_| Placement {
            matrix,
            ..Placement::IDENTITY
        });
        for y in 0..side {
            for x in 0..side {
                assert_eq!(to[y * side + x], from[x * side + side - 1 - y], "{side}: {y}, {x}");
            }
        }
    }
}

/// The displacement of x and y at each pixel, by the formula.
fn displacements(
    [rows, columns]: [usize; 2],
    deviation: f64,
    sigma: f64,
    stream: Stream,
) -> [Vec<f64>; 2] {
    let points = |length: usize| ((length - 1) as f64 / sigma).ceil() as usize + 1;
    let bells = |length: usize| -> Vec<Vec<f64>> {
        let points = points(length);
        let bell = |i: usize| {
            let from_middle = i as f64 - (length - 1) as f64 / 2.0;
            let distance = |g: usize| from_middle - (g as f64 - (points - 1) as f64 / 2.0) * sigma;
            let mut nearest: Vec<usize> = (0..points).collect();
            // Of two just as far, the left one.
            nearest.sort_by(|a, b| {
                (distance(*a).abs() - 1e-9 * distance(*a).signum())
                    .total_cmp(&(distance(*b).abs() - 1e-9 * distance(*b).signum()))
            });
            let mut weights = vec![0.0; points];
            for g in nearest.into_iter().take(8) {
                weights[g] = (-distance(g).powi(2) / (2.0 * sigma * sigma)).exp();
            }
            let length = weights.iter().map(|w| w * w).sum::<f64>().sqrt();
            weights.iter().map(|w| w / length).collect()
        };
        (0..length).map(bell).collect()
    };
    let (u, v) = (bells(rows), bells(columns));
    let per_row = points(columns).next_multiple_of(8);
    let noise = |shift: u32, g: usize, h: usize| {
        let bits = stream.word(16 + (g * per_row + h) as u32) >> shift & 0xfff;
        (f64::from(bits) - 2047.5) / (4095.0 * 4097.0 / 12.0_f64).sqrt()
    };
    [20, 0].map(|shift| {
        let mut field = Vec::new();
        for u in &u {
            for v in &v {
                let mut sum = 0.0;
                for (g, u) in u.iter().enumerate() {
                    for (h, v) in v.iter().enumerate() {
                        sum += u * v * noise(shift, g, h);
                    }
                }
                field.push(deviation * sum);
            }
        }
        field
    })
}

/// The drawing of the f64 reference.
fn reference(
    from: &[u8],
    [rows, columns]: [usize; 2],
    placement: Placement,
    [d_x, d_y]: &[Vec<f64>; 2],
) -> Vec<f64> {
    let grey = |y: f64, x: f64| {
        let inside = (0.0..rows as f64).contains(&y) && (0.0..columns as f64).contains(&x);
        if inside { f64::from(from[y as usize * columns + x as usize]) } else { 0.0 }
    };
    let (middle_y, middle_x) = ((rows - 1) as f64 / 2.0, (columns - 1) as f64 / 2.0);
    let pixel = |i: usize| {
        let p = [(i % columns) as f64 - middle_x, (i / columns) as f64 - middle_y];
        let place = |axis: usize| {
            let [by_x, by_y] = placement.matrix[axis].map(f64::from);
            by_x * p[0] + by_y * p[1] + f64::from(placement.shift[axis])
        };
        let (x, y) = (place(0) + d_x[i] + middle_x, place(1) + d_y[i] + middle_y);
        let (left, top) = (x.floor(), y.floor());
        let (right, down) = (x - left, y - top);
        let upper = grey(top, left) * (1.0 - right) + grey(top, left + 1.0) * right;
        let lower = grey(top + 1.0, left) * (1.0 - right) + grey(top + 1.0, left + 1.0) * right;
        upper * (1.0 - down) + lower * down
    };
    (0..from.len()).map(pixel).collect()
}

#[test]
fn agrees_with_the_reference_at_any_size() {
    let mut random = Random(4);
    let mut sizes = SIZES.to_vec();
    sizes.extend((0..60).map(|_| [1 + random.below(45), 1 + random.below(45)]));
    for [rows, columns] in sizes {
        let from = random.bytes(rows * columns);
        let placement = random_placement(Stream::new(random.bits().into(), 1, 2));
        let (deviation, sigma) = (2.0 * f64::from(random.number().abs()), random.pick(&[1.5, 4.0]));
        for bent in [false, true] {
            let (warp, displaced) = if bent {
                (
                    Warp::elastic(rows, columns, deviation, sigma).unwrap(),
                    displacements([rows, columns], deviation, sigma, placement.stream),
                )
            } else {
                let still = vec![0.0; rows * columns];
                (Warp::affine(rows, columns).unwrap(), [still.clone(), still])
            };
            let to = draw(&warp, &from, &|_| placement);
            let expected = reference(&from, [rows, columns], placement, &displaced);
            for (i, (grey, expected)) in to.iter().zip(expected).enumerate() {
                // Places to half of 1/256 along each axis, a grey to a half; and 12 bits of displacement.
                assert!(
                    (f64::from(*grey) - expected).abs() < if bent { 2.5 } else { 1.6 },
                    "{rows}×{columns}, bent: {bent}, pixel {i}: {grey} for {expected}"
                );
            }
        }
    }
}

#[test]
fn displacements_have_the_stated_deviation_and_smoothness() {
    // In a picture that gets brighter by 8 with each pixel, a displacement is an eighth of the difference in grey.
    let (side, count) = (28, 3000);
    for axis in 0..2 {
        let place = |i: usize| if axis == 0 { i % side } else { i / side % side };
        let from: Vec<u8> = (0..count * side * side).map(|i| 8 * place(i) as u8 + 16).collect();
        let warp = Warp::elastic(side, side, 1.25, 4.0).unwrap();
        let to = draw(&warp, &from, &|i| Placement {
            stream: Stream::new(5, axis, i as u64),
            ..Placement::IDENTITY
        });
        let displacement = |picture: usize, y: usize, x: usize| {
            let i = (picture * side + y) * side + x;
            (f64::from(to[i]) - f64::from(from[i])) / 8.0
        };
        // Along each axis, and from one to the other: pixels that are so far apart resemble each other so much.
        for (down, right) in [(0, 0), (4, 0), (0, 4), (0, 8), (8, 0), (4, 4), (12, 0)] {
            let (mut products, mut pairs) = (0.0, 0.0);
            for picture in 0..count {
                for (y, x) in [(8, 8), (8, 9), (9, 8), (10, 10)] {
                    products +=
                        displacement(picture, y, x) * displacement(picture, y + down, x + right);
                    pairs += 1.0;
                }
            }
            let distance = (down * down + right * right) as f64;
            let expected = 1.25 * 1.25 * (-distance / (4.0 * 16.0)).exp();
            let found: f64 = products / pairs;
            assert!(
                (found - expected).abs() < 0.12,
                "{axis}: {down}, {right}: {found}, {expected}"
            );
        }
    }
}

/// One number for all bytes (FNV-1a).
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// On each instruction set, since all tests run there; and in years to come.
#[test]
fn the_same_bytes_everywhere() {
    let mut fingerprints = Vec::new();
    for [rows, columns] in [[28, 28], [9, 9], [33, 65]] {
        let from = Random(6).bytes(300 * rows * columns);
        let warp = Warp::elastic(rows, columns, 1.3, 3.0).unwrap();
        let placement = |i| random_placement(Stream::new(9, 8, i as u64));
        let bytes = [1, 2, 3].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| draw(&warp, &from, &placement))
        });
        assert!(bytes[0] == bytes[1] && bytes[0] == bytes[2], "{rows}×{columns}: threads");
        fingerprints.push(fingerprint(&bytes[0]));
    }
    let expected = [0x4503_3e4a_fcc1_907f, 0x59d6_a463_6ffc_f59b, 0xaadf_31f3_7ffb_a1be];
    assert_eq!(fingerprints, expected, "{fingerprints:x?}");
}

#[test]
fn places_that_are_none_do_no_harm() {
    let from = Random(7).bytes(28 * 28);
    for number in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, -1e9] {
        for warp in [Warp::affine(28, 28), Warp::elastic(28, 28, 1.0, 4.0)] {
            let warp = warp.unwrap();
            let placement = Placement { shift: [number, 0.0], ..Placement::IDENTITY };
            draw(&warp, &from, &|_| placement);
            draw(&warp, &from, &|_| Placement { matrix: [[number; 2]; 2], ..placement });
        }
    }
}

#[test]
fn sizes_and_strengths_out_of_range_are_none() {
    assert!(Warp::affine(0, 5).is_none() && Warp::affine(5, 0).is_none());
    assert!(Warp::affine(5000, 5000).is_none() && Warp::affine(1, 20_000).is_none());
    assert!(Warp::affine(usize::MAX, usize::MAX).is_none());
    assert!(Warp::elastic(28, 28, f64::NAN, 4.0).is_none());
    assert!(Warp::elastic(28, 28, -1.0, 4.0).is_none());
    assert!(Warp::elastic(28, 28, 1.0, 0.0).is_none());
}
