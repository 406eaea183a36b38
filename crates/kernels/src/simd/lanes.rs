//! Sixteen `f32` lanes, and the operations on them that an instruction set must have.
//!
//! A kernel is written once, over `Simd`, and compiled for every instruction set by `Isa::run`.
//! Sixteen lanes are one cache line, one AVX-512 register or two AVX registers. Since every instruction set
//! has the same lanes and every kernel the same order of operations, AVX2 and AVX-512 give the same bits.

/// Lanes of a vector: `f32`s in a cache line.
pub const LANES: usize = 16;

/// Sixteen numbers on a cache line of their own.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct Line(pub [f32; LANES]);

impl Line {
    /// Sixteen zeros.
    pub const ZERO: Line = Line([0.0; LANES]);
}

/// An index and a number: what a list of non-zeros consists of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub(crate) struct Entry {
    /// Column index in a list of a row, row index in a list of a column.
    pub(crate) index: u32,
    /// The number.
    pub(crate) value: f32,
}

/// The lane operations of one instruction set. All are IEEE 754 single precision, rounded to nearest.
///
/// The methods are `inline(always)`: they become instructions only inside [`crate::Isa::run`].
pub(crate) trait Simd: Copy + Send + Sync {
    /// Sixteen lanes.
    type Vector: Copy;

    /// The most rows of a tile of C for which the registers hold the tile beside a row of B.
    const TILE_ROWS: usize;

    /// Panels that a tile of C is wide: 1 or 2.
    const TILE_PANELS: usize;

    /// The rows of the next tile where `left` (not 0) are still to do: at most [`Simd::TILE_ROWS`], and such that no
    /// tile is much smaller than it need be.
    fn tile_rows(left: usize) -> usize;

    /// Runs a part of a kernel as a function of its own, compiled for this instruction set like the whole.
    fn call<K: Kernel>(self, part: K) -> K::Output;

    fn splat(self, x: f32) -> Self::Vector;
    fn load(self, from: &[f32; LANES]) -> Self::Vector;
    fn store(self, v: Self::Vector, to: &mut [f32; LANES]);
    /// As many lanes as there are numbers, at most sixteen; the others are 0.
    fn load_part(self, from: &[f32]) -> Self::Vector;
    /// As many lanes as there is room for, at most sixteen.
    fn store_part(self, v: Self::Vector, to: &mut [f32]);
    /// Sixteen bytes as whole numbers.
    fn load_bytes(self, from: &[u8; LANES]) -> Self::Vector;
    /// `b / 255` for whole numbers b from 0 to 255, rounded once. A division takes four times as long as a product, one for what
    /// the product leaves, and their sum; which gives the quotient, rounded, for all 256 (tested).
    #[inline(always)]
    fn div_255(self, b: Self::Vector) -> Self::Vector {
        let (reciprocal, quotient) =
            (self.splat(1.0 / 255.0), self.mul(b, self.splat(1.0 / 255.0)));
        let rest = self.mul_add(quotient, self.splat(-255.0), b);
        self.mul_add(rest, reciprocal, quotient)
    }
    /// Numbers in −0.5 ..= 255 to the nearest whole one, ties to even, as bytes.
    fn store_bytes(self, v: Self::Vector, to: &mut [u8; LANES]);
    /// Word i is made of the bytes i of the four, the first in its lowest byte.
    fn interleave_bytes(self, from: [&[u8; LANES]; 4], to: &mut [u32; LANES]);
    /// Lane i: the four bytes, the lowest first, of the word of `table` whose index lane i is, as whole numbers. Indices are
    /// whole numbers from 0 to 2²⁴; what lies behind the table's end reads its last word.
    ///
    /// # Panics
    /// If the table is empty.
    fn gather_bytes(self, table: &[u32], index: Self::Vector) -> [Self::Vector; 4];
    /// Bit i says whether lane i is not 0. NaN is not.
    fn non_zeros(self, v: Self::Vector) -> u32;
    /// Bit i says whether lane i of both is the same number. NaN is none.
    fn equals(self, a: Self::Vector, b: Self::Vector) -> u32;
    /// Lists the lanes that are not 0, ascending: lane i has the index `first + i`. Gives their number; the entries behind
    /// them may be overwritten, too.
    fn list_non_zeros(self, v: Self::Vector, first: u32, to: &mut [Entry; LANES]) -> usize;
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    fn sub(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    fn mul(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    fn div(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    fn sqrt(self, a: Self::Vector) -> Self::Vector;
    /// The larger; `b` where one of the two is NaN.
    fn max(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// The smaller; `b` where one of the two is NaN.
    fn min(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// `a·b + c`, rounded once where the instruction set can, twice where not.
    fn mul_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
    /// Zero where `condition <= 0`, `value` elsewhere: where `condition` is positive, and where it is NaN.
    fn where_positive(self, condition: Self::Vector, value: Self::Vector) -> Self::Vector;
    /// `value`, but 0 where it is a positive number below 2⁻¹²⁶, the smallest normal one; NaN stays.
    fn without_subnormals(self, value: Self::Vector) -> Self::Vector;
    /// To the nearest integer, ties to even. For |a| < 2^22.
    fn round(self, a: Self::Vector) -> Self::Vector;
    /// Without what is behind the point, for |a| < 2^31.
    fn truncate(self, a: Self::Vector) -> Self::Vector;
    /// `to[i][j] = from[j][i]`.
    fn transpose(self, from: [&[f32; LANES]; LANES], to: &mut [Line; LANES]);
    /// Lane i is the sum of the lanes of `v[i]`: of each four neighbours (0 + 2) + (1 + 3), of those (0 + 1) + (2 + 3).
    fn sums(self, v: [Self::Vector; LANES]) -> Self::Vector;
    /// `2^n` for integers n in −126 ..= 127; some finite number for NaN.
    fn exp2_of_integer(self, n: Self::Vector) -> Self::Vector;

    /// The sum of the lanes: halves are added until one is left, on every instruction set.
    #[inline(always)]
    fn sum(self, v: Self::Vector) -> f32 {
        self.fold(v, |a, b| a + b)
    }

    /// The largest lane.
    #[inline(always)]
    fn max_lane(self, v: Self::Vector) -> f32 {
        self.fold(v, f32::max)
    }

    #[inline(always)]
    fn fold(self, v: Self::Vector, f: impl Fn(f32, f32) -> f32) -> f32 {
        let mut lanes = [0.0; LANES];
        self.store(v, &mut lanes);
        let mut half = LANES / 2;
        while half > 0 {
            for i in 0..half {
                lanes[i] = f(lanes[i], lanes[i + half]);
            }
            half /= 2;
        }
        lanes[0]
    }
}

/// The index of a table's last word, as the gathers of [`Simd::gather_bytes`] compare it.
///
/// # Panics
/// If the table is empty.
#[inline(always)]
pub(super) fn last_index(table: &[u32]) -> i32 {
    assert!(!table.is_empty(), "a table without words");
    // A longer table is read up to there.
    (table.len() - 1).min(i32::MAX as usize) as i32
}

/// Work that is written over [`Simd`] and compiled for each instruction set.
///
/// No vector operation may stand in a closure that is handed to something not `inline(always)`: it would be
/// compiled without the instruction set, a call for each operation.
pub(crate) trait Kernel {
    /// Its result.
    type Output;

    /// The work. Implementations are `inline(always)`: that is what gives them the instruction set.
    fn run<S: Simd>(self, simd: S) -> Self::Output;
}
