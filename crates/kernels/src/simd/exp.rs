//! `e^x` for sixteen lanes.
//!
//! `x = n·ln 2 + r` with an integer n and |r| ≤ ln 2 / 2. Then `e^x = 2^n · e^r`: the power of two is an exponent
//! field, `e^r` a polynomial of degree 6. n·ln 2 is subtracted in two parts (Cody and Waite), so that r keeps all
//! its bits. The coefficients are Cephes' (`expf`); the last two operations are `r² · p(r) + r + 1`.
//!
//! The relative error is below 2⁻²³, one unit in the last place, for x in [[`LOWEST`], [`HIGHEST`]]. Below, the result is 0
//! (e^x is no normal number there), −∞ included; above, it is e^[`HIGHEST`]; NaN gives NaN.

use super::lanes::Simd;

/// Below this, e^x is less than the smallest normal number, 2⁻¹²⁶.
pub(crate) const LOWEST: f32 = -87.336_54;

/// e^88.376 is 2^127.5, the largest power that the exponent field takes.
pub(crate) const HIGHEST: f32 = 88.376_26;

const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;

#[inline(always)]
pub(crate) fn exp<S: Simd>(simd: S, x: S::Vector) -> S::Vector {
    let splat = |c| simd.splat(c);
    // `x` last, so that NaN stays NaN. The integer that is made of it is any, and `r` is NaN again.
    let bounded = simd.min(splat(HIGHEST), simd.max(splat(LOWEST), x));
    let n = simd.round(simd.mul(bounded, splat(std::f32::consts::LOG2_E)));
    let r = simd.mul_add(n, splat(-LN_2_HIGH), bounded);
    let r = simd.mul_add(n, splat(-LN_2_LOW), r);
    let mut p = splat(1.987_569_2e-4);
    for c in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        p = simd.mul_add(p, r, splat(c));
    }
    let e_r = simd.add(simd.mul_add(simd.mul(r, r), p, r), splat(1.0));
    let value = simd.mul(e_r, simd.exp2_of_integer(n));
    simd.where_positive(simd.sub(x, splat(LOWEST.next_down())), value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{Isa, Kernel, LANES};

    /// Measured: 0.7 · 2⁻²³ with FMA, 1.0 · 2⁻²³ without.
    const MAX_RELATIVE_ERROR: f64 = 1.2e-7;

    struct Exp([f32; LANES]);

    impl Kernel for Exp {
        type Output = [f32; LANES];

        #[inline(always)]
        fn run<S: Simd>(self, simd: S) -> Self::Output {
            let mut result = [0.0; LANES];
            simd.store(exp(simd, simd.load(&self.0)), &mut result);
            result
        }
    }

    #[test]
    fn relative_error_stays_under_the_stated_bound() {
        for isa in Isa::available() {
            let mut worst = (0.0_f64, 0.0_f32);
            let steps = 3_000_000;
            for i in (0..steps).step_by(LANES) {
                let x: [f32; LANES] = std::array::from_fn(|j| {
                    let t = (i + j) as f32 / steps as f32;
                    (LOWEST + t * (HIGHEST - LOWEST)).clamp(LOWEST, HIGHEST)
                });
                for (x, y) in x.into_iter().zip(isa.run(Exp(x))) {
                    let exact = f64::from(x).exp();
                    let error = ((f64::from(y) - exact) / exact).abs();
                    if error > worst.0 {
                        worst = (error, x);
                    }
                }
            }
            assert!(worst.0 < MAX_RELATIVE_ERROR, "{}: {:e} at {}", isa.name(), worst.0, worst.1);
            assert!(worst.0 > 1e-9, "an f32 result cannot be this exact: {:e}", worst.0);
        }
    }

    #[test]
    fn edges() {
        for isa in Isa::available() {
            let mut x = [0.0; LANES];
            x[1] = f32::NEG_INFINITY;
            x[2] = LOWEST.next_down();
            x[3] = -1e30;
            x[4] = LOWEST;
            x[5] = -0.0;
            x[6] = f32::MIN_POSITIVE;
            x[7] = f32::INFINITY;
            let y = isa.run(Exp(x));
            assert_eq!((y[0], y[5], y[6]), (1.0, 1.0, 1.0), "{}", isa.name());
            assert_eq!((y[1], y[2], y[3]), (0.0, 0.0, 0.0), "{}", isa.name());
            assert!(y[4] >= f32::MIN_POSITIVE && y[4] < 1.2e-38, "{}: {:e}", isa.name(), y[4]);
            assert!(y[7].is_finite() && y[7] > 2e38, "{}: {:e}", isa.name(), y[7]);
        }
    }
}
