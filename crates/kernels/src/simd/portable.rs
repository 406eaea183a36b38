//! Sixteen lanes in plain Rust: the compiler makes of them what the target's baseline has.

use super::isa::Portable;
use super::lanes::{Entry, LANES, Line, Simd};

#[inline(always)]
fn lanes(f: impl Fn(usize) -> f32) -> [f32; LANES] {
    std::array::from_fn(f)
}

impl Simd for Portable {
    type Vector = [f32; LANES];

    const TILE_ROWS: usize = 2;

    const TILE_PANELS: usize = 1;

    #[inline(always)]
    fn tile_rows(left: usize) -> usize {
        left.min(2)
    }

    #[inline(always)]
    fn splat(self, x: f32) -> Self::Vector {
        [x; LANES]
    }

    #[inline(always)]
    fn load(self, from: &[f32; LANES]) -> Self::Vector {
        *from
    }

    #[inline(always)]
    fn store(self, v: Self::Vector, to: &mut [f32; LANES]) {
        *to = v;
    }

    #[inline(always)]
    fn load_part(self, from: &[f32]) -> Self::Vector {
        let mut v = [0.0; LANES];
        v[..from.len()].copy_from_slice(from);
        v
    }

    #[inline(always)]
    fn store_part(self, v: Self::Vector, to: &mut [f32]) {
        to.copy_from_slice(&v[..to.len()]);
    }

    #[inline(always)]
    fn load_bytes(self, from: &[u8; LANES]) -> Self::Vector {
        lanes(|i| from[i].into())
    }

    /// Without an FMA, what a product leaves is lost.
    #[inline(always)]
    fn div_255(self, b: Self::Vector) -> Self::Vector {
        lanes(|i| b[i] / 255.0)
    }

    #[inline(always)]
    fn non_zeros(self, v: Self::Vector) -> u32 {
        v.iter().enumerate().fold(0, |mask, (i, x)| mask | u32::from(*x != 0.0) << i)
    }

    #[inline(always)]
    fn equals(self, a: Self::Vector, b: Self::Vector) -> u32 {
        (0..LANES).fold(0, |mask, i| mask | u32::from(a[i] == b[i]) << i)
    }

    /// Each lane is written as an entry, but only a non-zero moves the place of the next: no branch depends on a number, which
    /// no predictor could foresee.
    #[inline(always)]
    fn list_non_zeros(self, v: Self::Vector, first: u32, to: &mut [Entry; LANES]) -> usize {
        let mut count = 0;
        for (i, value) in v.into_iter().enumerate() {
            to[count] = Entry { index: first.wrapping_add(i as u32), value };
            count += usize::from(value != 0.0);
        }
        count
    }

    #[inline(always)]
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        lanes(|i| a[i] + b[i])
    }

    #[inline(always)]
    fn sub(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        lanes(|i| a[i] - b[i])
    }

    #[inline(always)]
    fn mul(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        lanes(|i| a[i] * b[i])
    }

    #[inline(always)]
    fn div(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        lanes(|i| a[i] / b[i])
    }

    #[inline(always)]
    fn sqrt(self, a: Self::Vector) -> Self::Vector {
        lanes(|i| a[i].sqrt())
    }

    #[inline(always)]
    fn max(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        lanes(|i| if a[i] > b[i] { a[i] } else { b[i] })
    }

    #[inline(always)]
    fn min(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        lanes(|i| if a[i] < b[i] { a[i] } else { b[i] })
    }

    /// Two roundings: without the instruction, `f32::mul_add` is a slow call into a library.
    #[inline(always)]
    fn mul_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector {
        lanes(|i| a[i] * b[i] + c[i])
    }

    #[inline(always)]
    fn where_positive(self, condition: Self::Vector, value: Self::Vector) -> Self::Vector {
        lanes(|i| if condition[i] <= 0.0 { 0.0 } else { value[i] })
    }

    #[inline(always)]
    fn without_subnormals(self, value: Self::Vector) -> Self::Vector {
        lanes(|i| if value[i] < f32::MIN_POSITIVE { 0.0 } else { value[i] })
    }

    #[inline(always)]
    fn round(self, a: Self::Vector) -> Self::Vector {
        // Adding 1.5·2^23 leaves no bits behind the point; the addition rounds to nearest even.
        const MAGIC: f32 = 12_582_912.0;
        lanes(|i| (a[i] + MAGIC) - MAGIC)
    }

    #[inline(always)]
    fn transpose(self, from: [&[f32; LANES]; LANES], to: &mut [Line; LANES]) {
        for (i, line) in to.iter_mut().enumerate() {
            *line = Line(std::array::from_fn(|j| from[j][i]));
        }
    }

    #[inline(always)]
    fn sums(self, v: [Self::Vector; LANES]) -> Self::Vector {
        lanes(|i| {
            let four = |q: usize| {
                let v = &v[i][4 * q..];
                (v[0] + v[2]) + (v[1] + v[3])
            };
            (four(0) + four(1)) + (four(2) + four(3))
        })
    }

    #[inline(always)]
    fn exp2_of_integer(self, n: Self::Vector) -> Self::Vector {
        lanes(|i| f32::from_bits(((n[i] as i32 + 127) << 23) as u32))
    }
}
