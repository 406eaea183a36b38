//! The promises of `sgemm`, over products that nobody picked by hand: any shape, any strides, any factors give
//! the same bits at any number of threads and on AVX2 and AVX-512, and are what the f64 reference says.
//!
//! Which kernel computes a product must follow from the whole of it. Were it chosen anew for each part, a part with few
//! columns would add in another order than the whole. The shapes are drawn so that parts like that come up often: two
//! sides of a few dozen, and a third that makes the product worth cutting.

use kernels::measure::reference;
use kernels::sgemm::sgemm_on;
use kernels::{Isa, MatrixMut, MatrixRef};
use rayon::{ThreadPool, ThreadPoolBuilder};
use testing::Random;

const CASES: usize = 3000;
const THREADS: [usize; 4] = [2, 3, 4, 7];
/// Multiply-adds of a case: enough to be cut for seven threads, few enough for thousands of cases.
const WORK: usize = 2_000_000;
/// Elements of a case that are compared with the reference.
const COMPARED: usize = 8;

/// How a matrix lies in a slice.
#[derive(Clone, Copy, Debug)]
struct Layout {
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl Layout {
    /// Rows or columns contiguous, with or without padding; now and then neither is.
    fn random(random: &mut Random, rows: usize, columns: usize) -> Self {
        let padding = random.pick(&[0, 0, 1, 5, 16]);
        let step = if random.below(12) == 0 { 2 } else { 1 };
        let (row_stride, column_stride) = if random.below(2) == 0 {
            (step * columns + padding, step)
        } else {
            (step, step * rows + padding)
        };
        Self { rows, columns, row_stride, column_stride }
    }

    fn len(self) -> usize {
        (self.rows - 1) * self.row_stride + (self.columns - 1) * self.column_stride + 1
    }

    fn view(self, data: &[f32]) -> MatrixRef<'_> {
        let Self { rows, columns, row_stride, column_stride } = self;
        MatrixRef::with_strides(data, rows, columns, row_stride, column_stride)
    }

    fn view_mut(self, data: &mut [f32]) -> MatrixMut<'_> {
        let Self { rows, columns, row_stride, column_stride } = self;
        MatrixMut::with_strides(data, rows, columns, row_stride, column_stride)
    }
}

/// `C ← α·A·B + β·C`.
#[derive(Debug)]
struct Product {
    alpha: f32,
    a: Layout,
    b: Layout,
    beta: f32,
    c: Layout,
}

impl Product {
    fn random(random: &mut Random) -> Self {
        let few = 1 + random.below(70);
        let most = random.pick(&[16, 70, 300]);
        let some = 1 + random.below(most);
        let rest = (WORK / (few * some)).clamp(1, 6000);
        let many = 1 + rest / 2 + random.below(rest);
        let [m, k, n] = random.pick(&[
            [few, many, some],
            [few, many, some],
            [many, few, some],
            [few, some, many],
        ]);
        Self {
            alpha: random.pick(&[1.0, 1.0, -2.0, 0.7]),
            beta: random.pick(&[0.0, 0.0, 1.0, 0.3, -1.5]),
            a: Layout::random(random, m, k),
            b: Layout::random(random, k, n),
            c: Layout::random(random, m, n),
        }
    }

    fn compute(&self, isa: Isa, pool: &ThreadPool, a: &[f32], b: &[f32], c: &[f32]) -> Vec<f32> {
        let mut c = c.to_vec();
        pool.install(|| {
            let (a, b, c) = (self.a.view(a), self.b.view(b), self.c.view_mut(&mut c));
            sgemm_on(isa, self.alpha, a, b, self.beta, c);
        });
        c
    }
}

/// NaN may have any bits: only that it is one counts.
fn bits(numbers: &[f32]) -> Vec<u32> {
    numbers.iter().map(|x| if x.is_nan() { f32::NAN.to_bits() } else { x.to_bits() }).collect()
}

#[test]
fn same_bits_at_any_number_of_threads_and_near_the_reference() {
    let pool = |threads| ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let (one_thread, pools) = (pool(1), THREADS.map(|threads| (threads, pool(threads))));
    let mut random = Random(20_261_125);
    for case in 0..CASES {
        let product = Product::random(&mut random);
        let Product { alpha, beta, .. } = product;
        let (a, b) = (random.numbers(product.a.len()), random.numbers(product.b.len()));
        // Without β, C must not be read. Between its elements nothing may be written: NaN stays NaN.
        let mut old = vec![f32::NAN; product.c.len()];
        if beta != 0.0 {
            for i in 0..product.c.rows {
                for j in 0..product.c.columns {
                    old[i * product.c.row_stride + j * product.c.column_stride] = random.number();
                }
            }
        }
        let mut with_fma = None;
        for isa in Isa::available() {
            let c = product.compute(isa, &one_thread, &a, &b, &old);
            let expected = bits(&c);
            // Two of the numbers of threads for each case, so that there can be more cases.
            for (threads, pool) in [&pools[case % 2], &pools[2 + case / 2 % 2]] {
                let c = product.compute(isa, pool, &a, &b, &old);
                assert!(
                    bits(&c) == expected,
                    "case {case}, {} threads on {}: {product:?}",
                    threads,
                    isa.name()
                );
            }
            // Each element of the portable sums is rounded twice a step.
            if isa.short_name() != "portable" {
                let first = with_fma.get_or_insert_with(|| expected.clone());
                assert!(*first == expected, "case {case}: {} differs: {product:?}", isa.name());
            }
            let (a, b, c, old) =
                (product.a.view(&a), product.b.view(&b), product.c.view(&c), product.c.view(&old));
            for _ in 0..COMPARED {
                let (i, j) = (random.below(product.c.rows), random.below(product.c.columns));
                let exact = reference::sgemm_element(alpha, a, b, (beta, old.get(i, j)), (i, j));
                let got = f64::from(c.get(i, j));
                assert!(
                    (got - exact.value).abs() <= exact.tolerance,
                    "case {case} on {}, ({i}, {j}): {got} for {}: {product:?}",
                    isa.name(),
                    exact.value
                );
            }
        }
    }
}
