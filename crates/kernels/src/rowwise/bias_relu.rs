//! Bias and ReLU over row-major matrices, forward and backward, each in one pass.
//!
//! A network does not call these: there, bias and ReLU belong to the last visit to a tile ([`crate::dense`]).
//! NaN goes through both.
//! They are for those who bring a product of their own, and the unfused form that benches compare with.

use crate::layout::{MatrixMut, MatrixRef};
use crate::simd::{Isa, Kernel, LANES, Simd};

/// `x ← max(x + bias, 0)` for each row of `x` (rows × columns); `bias` has a number a column.
///
/// # Panics
/// If `bias` has another length, or the columns of `x` are not contiguous.
#[track_caller]
pub fn bias_relu(mut x: MatrixMut<'_>, bias: &[f32]) {
    assert_eq!(x.columns(), bias.len(), "a bias for each column");
    for i in 0..x.rows() {
        Isa::active().run(Forward { x: x.row_part(i, 0, bias.len()), bias });
    }
}

/// Backward: `d ← 0` where `activation ≤ 0`, and `d_bias ←` the column sums of that.
/// `activation` is what [`bias_relu`] gave; `d` has its shape, `d_bias` a number a column.
///
/// # Panics
/// If shapes differ, or the columns of `d` or `activation` are not contiguous.
#[track_caller]
pub fn bias_relu_backward(mut d: MatrixMut<'_>, activation: MatrixRef<'_>, d_bias: &mut [f32]) {
    assert_eq!((d.rows(), d.columns()), (activation.rows(), activation.columns()), "shape");
    assert_eq!(d.columns(), d_bias.len(), "a bias for each column");
    d_bias.fill(0.0);
    for i in 0..d.rows() {
        let activation = activation.row(i).expect("contiguous columns");
        let d = d.row_part(i, 0, d_bias.len());
        Isa::active().run(Backward { d, activation, d_bias });
    }
}

struct Forward<'a> {
    x: &'a mut [f32],
    bias: &'a [f32],
}

impl Kernel for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let (x, x_rest) = self.x.as_chunks_mut::<LANES>();
        let (bias, bias_rest) = self.bias.as_chunks::<LANES>();
        for (x, bias) in x.iter_mut().zip(bias) {
            // The order of the two lets NaN through.
            simd.store(simd.max(simd.splat(0.0), simd.add(simd.load(x), simd.load(bias))), x);
        }
        for (x, bias) in x_rest.iter_mut().zip(bias_rest) {
            let sum = *x + bias;
            *x = if sum <= 0.0 { 0.0 } else { sum };
        }
    }
}

struct Backward<'a> {
    d: &'a mut [f32],
    activation: &'a [f32],
    d_bias: &'a mut [f32],
}

impl Kernel for Backward<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let (d, d_rest) = self.d.as_chunks_mut::<LANES>();
        let (activation, activation_rest) = self.activation.as_chunks::<LANES>();
        let (d_bias, d_bias_rest) = self.d_bias.as_chunks_mut::<LANES>();
        for ((d, activation), d_bias) in d.iter_mut().zip(activation).zip(d_bias) {
            let masked = simd.where_positive(simd.load(activation), simd.load(d));
            simd.store(masked, d);
            simd.store(simd.add(simd.load(d_bias), masked), d_bias);
        }
        for ((d, activation), d_bias) in d_rest.iter_mut().zip(activation_rest).zip(d_bias_rest) {
            *d = if *activation <= 0.0 { 0.0 } else { *d };
            *d_bias += *d;
        }
    }
}
