//! Multiplies matrices: C ← α·A·B + β·C, with transposes and strides, beside a naive loop.
//!
//! `cargo run --release --example sgemm`

use kernels::{MatrixMut, MatrixRef, sgemm};

/// C is M × N, and a sum has K steps.
const M: usize = 37;
const N: usize = 29;
const K: usize = 53;
/// Numbers from a row of C to the next in memory. Those behind the N-th are not touched.
const ROW_STRIDE: usize = 32;

pub(crate) fn main() {
    // Small integers: every sum is exact, so the two results must be equal.
    let a: Vec<f32> = (0..K * M).map(|i| (i * 7 % 11) as f32 - 5.0).collect();
    let b: Vec<f32> = (0..2 * K * N).map(|i| (i * 5 % 13) as f32 - 6.0).collect();
    let mut c: Vec<f32> = (0..M * ROW_STRIDE).map(|i| (i % 3) as f32).collect();
    let before = c.clone();

    // A is kept as K × M and is read transposed.
    let a_transposed = MatrixRef::new(&a, K, M).transpose();
    // B takes every other number of a K × 2·N matrix: row stride 2·N, column stride 2.
    let b_strided = MatrixRef::with_strides(&b, K, N, 2 * N, 2);
    // C has rows with a gap behind each.
    let (alpha, beta) = (2.0, -1.0);
    let into = MatrixMut::with_strides(&mut c, M, N, ROW_STRIDE, 1);
    sgemm(alpha, a_transposed, b_strided, beta, into);

    for i in 0..M {
        for j in 0..N {
            let sum: f32 = (0..K).map(|p| a[p * M + i] * b[p * 2 * N + 2 * j]).sum();
            let expected = alpha * sum + beta * before[i * ROW_STRIDE + j];
            assert_eq!(c[i * ROW_STRIDE + j], expected, "row {i}, column {j}");
        }
        let gap = i * ROW_STRIDE + N..(i + 1) * ROW_STRIDE;
        assert_eq!(c[gap.clone()], before[gap], "the gap behind row {i}");
    }
    println!("{M} x {N} numbers, each as in the naive loop");
}
