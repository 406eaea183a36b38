//! Sixteen lanes in plain Rust: the compiler makes of them what the target's baseline has.

use super::isa::{Portable, run_portable};
use super::lanes::{Entry, Kernel, LANES, Line, Simd, last_index};

#[inline(always)]
fn lanes(f: impl Fn(usize) -> f32) -> [f32; LANES] {
    // A loop, not `array::from_fn`: in a large kernel the compiler leaves that a call for each lane.
    let mut lanes = [0.0; LANES];
    for (i, lane) in lanes.iter_mut().enumerate() {
        *lane = f(i);
    }
    lanes
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
    fn call<K: Kernel>(self, part: K) -> K::Output {
        run_portable(part, self)
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

    #[inline(always)]
    fn store_bytes(self, v: Self::Vector, to: &mut [u8; LANES]) {
        // As `round` does it; the whole number is what the sum has in its lowest bits.
        *to = std::array::from_fn(|i| (v[i] + 12_582_912.0).to_bits() as u8);
    }

    #[inline(always)]
    fn interleave_bytes(self, [a, b, c, d]: [&[u8; LANES]; 4], to: &mut [u32; LANES]) {
        for (i, word) in to.iter_mut().enumerate() {
            *word = u32::from_le_bytes([a[i], b[i], c[i], d[i]]);
        }
    }

    #[inline(always)]
    fn gather_bytes(self, table: &[u32], index: Self::Vector) -> [Self::Vector; 4] {
        let last = last_index(table) as usize;
        let words: [u32; LANES] = std::array::from_fn(|i| table[(index[i] as usize).min(last)]);
        [0, 8, 16, 24].map(|shift| lanes(|i| (words[i] >> shift & 0xff) as f32))
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
    fn truncate(self, a: Self::Vector) -> Self::Vector {
        lanes(|i| a[i] as i32 as f32)
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
