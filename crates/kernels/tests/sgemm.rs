//! sgemm against the f64 reference: every instruction set, sizes around every block constant, all transposes, padded
//! rows, C poisoned with NaN, guard bands around it.

use kernels::measure::reference;
use kernels::sgemm::sgemm_on;
use kernels::{Isa, MatrixMut, MatrixRef};
use testing::Random;

/// Numbers in [−1, 1), or small integers where `exact`, so that sums are exact.
struct Numbers {
    random: Random,
    exact: bool,
}

impl Numbers {
    fn next(&mut self) -> f32 {
        if self.exact { self.random.small_integer() } else { self.random.number() }
    }

    fn fill(&mut self, len: usize) -> Vec<f32> {
        (0..len).map(|_| self.next()).collect()
    }
}

#[derive(Clone, Copy, Debug)]
struct Case {
    m: usize,
    k: usize,
    n: usize,
    transposed: [bool; 3],
    padding: usize,
    alpha: f32,
    beta: f32,
    exact: bool,
}

/// A view of `rows × columns`, stored transposed or not, each stored row followed by `padding` numbers.
fn strides(rows: usize, columns: usize, transposed: bool, padding: usize) -> (usize, usize, usize) {
    let (stored_rows, stored_columns) = if transposed { (columns, rows) } else { (rows, columns) };
    let stride = stored_columns + padding;
    let (row_stride, column_stride) = if transposed { (1, stride) } else { (stride, 1) };
    (stored_rows * stride, row_stride, column_stride)
}

const GUARD: usize = 24;
const GUARD_VALUE: f32 = 12_345.678;

fn check(isa: Isa, case: Case) {
    let Case { m, k, n, transposed, padding, alpha, beta, exact } = case;
    let mut numbers = Numbers { random: Random((m * 31 + k * 7 + n) as u64), exact };
    let (a_len, a_rs, a_cs) = strides(m, k, transposed[0], padding);
    let (b_len, b_rs, b_cs) = strides(k, n, transposed[1], padding);
    let (c_len, c_rs, c_cs) = strides(m, n, transposed[2], padding);
    // With α = 0 neither A nor B may be read.
    let operand = |numbers: &mut Numbers, len| {
        if alpha == 0.0 { vec![f32::NAN; len] } else { numbers.fill(len) }
    };
    let a = operand(&mut numbers, a_len);
    let b = operand(&mut numbers, b_len);
    let a = MatrixRef::with_strides(&a, m, k, a_rs, a_cs);
    let b = MatrixRef::with_strides(&b, k, n, b_rs, b_cs);

    // Guard numbers everywhere; then, inside the matrix, what C holds: NaN where it must not matter.
    let mut c = vec![GUARD_VALUE; GUARD + c_len + GUARD];
    let mut inside = vec![false; c.len()];
    let mut old = vec![0.0; m * n];
    for i in 0..m {
        for j in 0..n {
            let place = GUARD + i * c_rs + j * c_cs;
            inside[place] = true;
            old[i * n + j] = if beta == 0.0 { f32::NAN } else { numbers.next() };
            c[place] = old[i * n + j];
        }
    }
    sgemm_on(isa, alpha, a, b, beta, MatrixMut::with_strides(&mut c[GUARD..], m, n, c_rs, c_cs));

    let mut worst = (0.0_f64, String::new());
    for i in 0..m {
        for j in 0..n {
            let expected = reference::sgemm_element(alpha, a, b, (beta, old[i * n + j]), (i, j));
            let got = f64::from(c[GUARD + i * c_rs + j * c_cs]);
            let error = (got - expected.value).abs();
            let tolerance = if exact { 0.0 } else { expected.tolerance };
            let excess = if error <= tolerance { 0.0 } else { error / tolerance };
            if excess > worst.0 || got.is_nan() {
                worst = (
                    f64::INFINITY.min(excess),
                    format!("({i}, {j}): {got} for {}", expected.value),
                );
                if got.is_nan() {
                    worst.0 = f64::INFINITY;
                }
            }
        }
    }
    assert!(
        worst.1.is_empty(),
        "{} {case:?}: {} times the tolerance at {}",
        isa.name(),
        worst.0,
        worst.1
    );
    for (place, value) in c.iter().enumerate() {
        assert!(
            inside[place] || *value == GUARD_VALUE,
            "{} {case:?}: wrote at {place}",
            isa.name()
        );
    }
}

const PLAIN: Case = Case {
    m: 0,
    k: 0,
    n: 0,
    transposed: [false; 3],
    padding: 0,
    alpha: 1.0,
    beta: 0.0,
    exact: true,
};

#[test]
fn all_small_sizes() {
    for isa in Isa::available() {
        for m in (0..=18).chain([31, 33]) {
            for k in [0, 1, 2, 15, 16, 17, 33] {
                for n in (0..=18).chain([31, 33]) {
                    check(isa, Case { m, k, n, ..PLAIN });
                }
            }
        }
    }
}

/// Every α with every β: with β = 0 C is NaN, with α = 0 A and B are.
const FACTORS: [(f32, f32); 9] = [
    (1.0, 0.0),
    (-2.0, 0.0),
    (1.0, 1.0),
    (0.5, 1.0),
    (1.0, -0.5),
    (-2.0, 0.5),
    (0.0, 0.0),
    (0.0, 1.0),
    (0.0, 2.0),
];

#[test]
fn all_transposes_paddings_and_factors() {
    for isa in Isa::available() {
        for bits in 0..8 {
            let transposed = [bits & 1 != 0, bits & 2 != 0, bits & 4 != 0];
            for padding in [0, 1, 5] {
                for (alpha, beta) in FACTORS {
                    for (m, k, n) in
                        [(7, 5, 9), (33, 17, 20), (16, 48, 32), (1, 40, 50), (50, 40, 1)]
                    {
                        check(isa, Case { m, k, n, transposed, padding, alpha, beta, exact: true });
                        check(
                            isa,
                            Case { m, k, n, transposed, padding, alpha, beta, exact: false },
                        );
                    }
                }
            }
        }
    }
}

/// Few columns and long sums: dot products, up to a limit of columns.
#[test]
fn few_columns() {
    for isa in Isa::available() {
        for exact in [true, false] {
            for n in 1..=14 {
                for (m, k, padding) in [(1, 255, 0), (2, 256, 3), (5, 257, 0), (4, 783, 1)] {
                    let case = Case { m, k, n, padding, exact, ..PLAIN };
                    check(isa, case);
                    check(isa, Case { transposed: [false, true, true], ..case });
                    check(isa, Case { alpha: -0.5, beta: 2.0, ..case });
                    check(
                        isa,
                        Case { transposed: [true, false, true], alpha: 2.0, beta: 1.0, ..case },
                    );
                }
            }
        }
    }
}

/// Sums of several blocks of k, on every path: β belongs to the first block only, α to all.
#[test]
fn factors_over_several_blocks_of_k() {
    for isa in Isa::available() {
        for (alpha, beta) in FACTORS {
            for (m, n) in [(5, 40), (40, 5), (40, 14), (30, 40)] {
                for bits in 0..8 {
                    let transposed = [bits & 1 != 0, bits & 2 != 0, bits & 4 != 0];
                    check(isa, Case { m, k: 2100, n, transposed, alpha, beta, ..PLAIN });
                }
            }
        }
    }
}

/// A packed block of B above 4,096 lines: it is gone through panel by panel, not row by row.
#[test]
fn a_large_block_of_b() {
    for isa in Isa::available() {
        for bits in 0..8 {
            let transposed = [bits & 1 != 0, bits & 2 != 0, bits & 4 != 0];
            for (m, k, n) in [(40, 700, 130), (110, 1000, 71)] {
                for (alpha, beta) in [(1.0, 0.0), (-0.5, 2.0)] {
                    let case = Case { m, k, n, transposed, alpha, beta, ..PLAIN };
                    check(isa, case);
                }
            }
        }
    }
}

/// Just under, at and over the blocks of k (1,024), rows (96) and columns (1,024), integers and real numbers.
#[test]
fn sizes_around_the_blocks() {
    for isa in Isa::available() {
        for exact in [true, false] {
            for k in [1023, 1024, 1025, 2049] {
                check(isa, Case { m: 19, k, n: 35, exact, beta: 1.0, ..PLAIN });
                check(
                    isa,
                    Case { m: 19, k, n: 10, exact, transposed: [true, true, false], ..PLAIN },
                );
            }
            for m in [95, 96, 97, 200] {
                check(isa, Case { m, k: 21, n: 18, exact, ..PLAIN });
                check(
                    isa,
                    Case { m, k: 21, n: 18, exact, transposed: [true, false, false], ..PLAIN },
                );
            }
            for n in [1023, 1024, 1025, 2050] {
                check(isa, Case { m: 9, k: 18, n, exact, ..PLAIN });
            }
        }
    }
}

#[test]
fn same_bits_at_every_number_of_threads() {
    // The last: its parts have so few rows that they could go another way than the whole.
    for (m, k, n) in [(300, 400, 260), (300, 400, 10), (24, 20_000, 10)] {
        let mut numbers = Numbers { random: Random(1), exact: false };
        let (a, b) = (numbers.fill(m * k), numbers.fill(k * n));
        for isa in Isa::available() {
            let with_threads = |threads: usize| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                let mut c = vec![f32::NAN; m * n];
                pool.install(|| {
                    let (a, b) = (MatrixRef::new(&a, m, k), MatrixRef::new(&b, k, n));
                    sgemm_on(isa, 0.7, a, b, 0.0, MatrixMut::new(&mut c, m, n));
                });
                c.into_iter().map(f32::to_bits).collect::<Vec<_>>()
            };
            let one = with_threads(1);
            for threads in [2, 3, 4, 7] {
                assert!(
                    with_threads(threads) == one,
                    "{m} x {k} x {n}: {threads} threads on {}",
                    isa.name()
                );
            }
        }
    }
}

#[test]
fn views_are_checked_where_they_are_made() {
    let panics =
        |f: &dyn Fn() -> usize| std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)).is_err();
    let data = [0.0; 12];
    let read = |rows, columns, row_stride, column_stride| {
        panics(&|| MatrixRef::with_strides(&data, rows, columns, row_stride, column_stride).rows())
    };
    assert!(!read(3, 4, 4, 1));
    assert!(read(3, 5, 5, 1));
    assert!(read(3, 4, 5, 1));
    assert!(read(2, 2, usize::MAX, 1));
    assert!(!read(0, 2, usize::MAX, 1));
    let write = |rows, columns, row_stride, column_stride| {
        panics(&|| {
            let mut data = [0.0; 12];
            MatrixMut::with_strides(&mut data, rows, columns, row_stride, column_stride).rows()
        })
    };
    assert!(!write(3, 4, 4, 1));
    assert!(!write(3, 4, 1, 3));
    assert!(write(3, 4, 5, 1));
    // Two elements in one place.
    assert!(write(3, 4, 1, 1));
    assert!(write(2, 2, 0, 0));
    assert!(write(3, 4, 3, 1));
    assert!(write(1, 4, 1, 0));
    assert!(!write(1, 4, 1, 3) && write(1, 4, 1, 4));
    let a = MatrixRef::new(&data, 3, 4);
    for (i, j) in [(3, 0), (0, 4)] {
        assert!(panics(&|| a.get(i, j) as usize), "({i}, {j})");
        assert!(panics(&|| *MatrixMut::new(&mut [0.0; 12], 3, 4).at(i, j) as usize), "({i}, {j})");
    }
    assert!(panics(&|| a.block(1, 0, 3, 4).rows()) && panics(&|| a.block(0, 1, 3, 4).rows()));
    assert!(panics(&|| MatrixMut::new(&mut [0.0; 12], 3, 4).split_at_row(4).0.rows()));
    assert!(panics(&|| MatrixMut::new(&mut [0.0; 12], 3, 4).split_at_column(5).0.rows()));
    assert!(panics(&|| {
        sgemm_on(Isa::active(), 1.0, a, a, 0.0, MatrixMut::new(&mut [0.0; 16], 4, 4));
        0
    }));
}
