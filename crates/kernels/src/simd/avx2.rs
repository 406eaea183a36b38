//! Sixteen lanes in two AVX registers.

use std::arch::x86_64::*;

use super::isa::{Avx2, run_avx2};
use super::lanes::{Entry, Kernel, LANES, Line, Simd, last_index};

/// Both halves by one expression over registers only. Its intrinsics need nothing but AVX2 and FMA, of which the token is
/// the proof. What touches memory stands apart, each with the fact that it rests on.
macro_rules! halves {
    (|$i:ident| $value:expr) => {{
        // SAFETY: the CPU has AVX2 and FMA (a token exists), and no memory is touched.
        let (a, b) = unsafe {
            (
                {
                    let $i = 0;
                    $value
                },
                {
                    let $i = 1;
                    $value
                },
            )
        };
        [a, b]
    }};
}

impl Simd for Avx2 {
    type Vector = [__m256; 2];

    /// 6 × 2 accumulators, 2 registers of B and 1 of A: 15 of 16 registers, 12 FMA for 8 loads.
    const TILE_ROWS: usize = 6;

    const TILE_PANELS: usize = 1;

    #[inline(always)]
    fn tile_rows(left: usize) -> usize {
        match left {
            // Seven rows are better cut 4 + 3 than 6 + 1.
            7 | 8 => 4,
            9 | 10 => 5,
            _ => left.min(6),
        }
    }

    #[inline(always)]
    fn call<K: Kernel>(self, part: K) -> K::Output {
        // SAFETY: the CPU has AVX2 and FMA (a token exists).
        unsafe { run_avx2(part, self) }
    }

    #[inline(always)]
    fn splat(self, x: f32) -> Self::Vector {
        halves!(|_i| _mm256_set1_ps(x))
    }

    #[inline(always)]
    fn load(self, from: &[f32; LANES]) -> Self::Vector {
        let from = from.as_ptr();
        // SAFETY: the CPU has AVX2 (a token exists); sixteen numbers are there to read.
        unsafe { [_mm256_loadu_ps(from), _mm256_loadu_ps(from.add(8))] }
    }

    #[inline(always)]
    fn store(self, v: Self::Vector, to: &mut [f32; LANES]) {
        let to = to.as_mut_ptr();
        // SAFETY: the CPU has AVX2 (a token exists); sixteen numbers are there to write.
        unsafe {
            _mm256_storeu_ps(to, v[0]);
            _mm256_storeu_ps(to.add(8), v[1]);
        }
    }

    #[inline(always)]
    fn load_part(self, from: &[f32]) -> Self::Vector {
        let (masks, from) = (self.first_lanes(from.len()), from.as_ptr());
        // SAFETY: the CPU has AVX2 (a token exists); the masks name only numbers of `from`, and a masked load reads no
        // others: of eight numbers or fewer, the second half reads nothing, wherever its address lies.
        unsafe {
            [_mm256_maskload_ps(from, masks[0]), _mm256_maskload_ps(from.wrapping_add(8), masks[1])]
        }
    }

    #[inline(always)]
    fn store_part(self, v: Self::Vector, to: &mut [f32]) {
        let (masks, to) = (self.first_lanes(to.len()), to.as_mut_ptr());
        // SAFETY: the CPU has AVX2 (a token exists); the masks name only numbers of `to`, and a masked store writes no
        // others: of eight numbers or fewer, the second half writes nothing, wherever its address lies.
        unsafe {
            _mm256_maskstore_ps(to, masks[0], v[0]);
            _mm256_maskstore_ps(to.wrapping_add(8), masks[1], v[1]);
        }
    }

    #[inline(always)]
    fn load_bytes(self, from: &[u8; LANES]) -> Self::Vector {
        // SAFETY: the CPU has AVX2 (a token exists); sixteen bytes are there to read.
        let bytes = unsafe { _mm_loadu_si128(from.as_ptr().cast()) };
        let [low, high] = halves!(|i| if i == 0 { bytes } else { _mm_srli_si128::<8>(bytes) });
        let halves = [low, high];
        halves!(|i| _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(halves[i])))
    }

    #[inline(always)]
    fn store_bytes(self, v: Self::Vector, to: &mut [u8; LANES]) {
        let [low, high] = halves!(|i| {
            let numbers = _mm256_cvtps_epi32(v[i]);
            _mm_packs_epi32(_mm256_castsi256_si128(numbers), _mm256_extracti128_si256::<1>(numbers))
        });
        // SAFETY: the CPU has AVX2 (a token exists); sixteen bytes are there to write.
        unsafe { _mm_storeu_si128(to.as_mut_ptr().cast(), _mm_packus_epi16(low, high)) }
    }

    #[inline(always)]
    fn interleave_bytes(self, from: [&[u8; LANES]; 4], to: &mut [u32; LANES]) {
        let [a, b, c, d] = [from[0].as_ptr(), from[1].as_ptr(), from[2].as_ptr(), from[3].as_ptr()];
        let to = to.as_mut_ptr().cast::<__m128i>();
        // SAFETY: every x86-64 has SSE2; sixteen bytes are there to read in each of four places, and sixteen words to write.
        unsafe {
            let (a, b) = (_mm_loadu_si128(a.cast()), _mm_loadu_si128(b.cast()));
            let (c, d) = (_mm_loadu_si128(c.cast()), _mm_loadu_si128(d.cast()));
            let (low, high) = (_mm_unpacklo_epi8(a, b), _mm_unpacklo_epi8(c, d));
            _mm_storeu_si128(to, _mm_unpacklo_epi16(low, high));
            _mm_storeu_si128(to.add(1), _mm_unpackhi_epi16(low, high));
            let (low, high) = (_mm_unpackhi_epi8(a, b), _mm_unpackhi_epi8(c, d));
            _mm_storeu_si128(to.add(2), _mm_unpacklo_epi16(low, high));
            _mm_storeu_si128(to.add(3), _mm_unpackhi_epi16(low, high));
        }
    }

    #[inline(always)]
    fn gather_bytes(self, table: &[u32], index: Self::Vector) -> [Self::Vector; 4] {
        let last = last_index(table);
        let index = halves!(|i| {
            let index = _mm256_cvttps_epi32(index[i]);
            _mm256_min_epu32(index, _mm256_set1_epi32(last))
        });
        let table = table.as_ptr().cast();
        // SAFETY: the CPU has AVX2 (a token exists); no index, as an unsigned number, is above the last of the table.
        let words = unsafe {
            [
                _mm256_i32gather_epi32::<4>(table, index[0]),
                _mm256_i32gather_epi32::<4>(table, index[1]),
            ]
        };
        let low = halves!(|_i| _mm256_set1_epi32(0xff));
        [
            halves!(|i| _mm256_cvtepi32_ps(_mm256_and_si256(words[i], low[i]))),
            halves!(|i| {
                _mm256_cvtepi32_ps(_mm256_and_si256(_mm256_srli_epi32::<8>(words[i]), low[i]))
            }),
            halves!(|i| {
                _mm256_cvtepi32_ps(_mm256_and_si256(_mm256_srli_epi32::<16>(words[i]), low[i]))
            }),
            halves!(|i| _mm256_cvtepi32_ps(_mm256_srli_epi32::<24>(words[i]))),
        ]
    }

    #[inline(always)]
    fn non_zeros(self, v: Self::Vector) -> u32 {
        let [low, high] = halves!(|i| {
            let mask = _mm256_cmp_ps::<_CMP_NEQ_UQ>(v[i], _mm256_setzero_ps());
            _mm256_movemask_ps(mask) as u32
        });
        low | high << 8
    }

    #[inline(always)]
    fn equals(self, a: Self::Vector, b: Self::Vector) -> u32 {
        let [low, high] =
            halves!(|i| _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_EQ_OQ>(a[i], b[i])) as u32);
        low | high << 8
    }

    #[inline(always)]
    fn list_non_zeros(self, v: Self::Vector, first: u32, to: &mut [Entry; LANES]) -> usize {
        let mask = self.non_zeros(v);
        let mut count = 0;
        for (half, v) in v.into_iter().enumerate() {
            let mask = (mask >> (8 * half)) & 0xff;
            let first = (first as usize + 8 * half) as i32;
            let to: &mut [Entry; 8] = to[count..].first_chunk_mut().expect("at most eight before");
            let order = SET_BITS_FIRST[mask as usize].as_ptr();
            let to = to.as_mut_ptr().cast::<__m256i>();
            // SAFETY: the CPU has AVX2 (a token exists); eight bytes of the table are there to read and eight entries of eight
            // bytes to write, and an entry is four bytes of index and four of value, in that order (`repr(C)`).
            unsafe {
                let order = _mm256_cvtepu8_epi32(_mm_loadl_epi64(order.cast()));
                let indices = _mm256_add_epi32(order, _mm256_set1_epi32(first));
                let values = _mm256_permutevar8x32_epi32(_mm256_castps_si256(v), order);
                let (even, odd) = (
                    _mm256_unpacklo_epi32(indices, values),
                    _mm256_unpackhi_epi32(indices, values),
                );
                _mm256_storeu_si256(to, _mm256_permute2x128_si256::<0x20>(even, odd));
                _mm256_storeu_si256(to.add(1), _mm256_permute2x128_si256::<0x31>(even, odd));
            }
            count += mask.count_ones() as usize;
        }
        count
    }

    #[inline(always)]
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        halves!(|i| _mm256_add_ps(a[i], b[i]))
    }

    #[inline(always)]
    fn sub(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        halves!(|i| _mm256_sub_ps(a[i], b[i]))
    }

    #[inline(always)]
    fn mul(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        halves!(|i| _mm256_mul_ps(a[i], b[i]))
    }

    #[inline(always)]
    fn div(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        halves!(|i| _mm256_div_ps(a[i], b[i]))
    }

    #[inline(always)]
    fn sqrt(self, a: Self::Vector) -> Self::Vector {
        halves!(|i| _mm256_sqrt_ps(a[i]))
    }

    #[inline(always)]
    fn max(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        halves!(|i| _mm256_max_ps(a[i], b[i]))
    }

    #[inline(always)]
    fn min(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        halves!(|i| _mm256_min_ps(a[i], b[i]))
    }

    #[inline(always)]
    fn mul_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector {
        halves!(|i| _mm256_fmadd_ps(a[i], b[i], c[i]))
    }

    #[inline(always)]
    fn where_positive(self, condition: Self::Vector, value: Self::Vector) -> Self::Vector {
        halves!(|i| {
            let mask = _mm256_cmp_ps::<_CMP_NLE_UQ>(condition[i], _mm256_setzero_ps());
            _mm256_and_ps(mask, value[i])
        })
    }

    #[inline(always)]
    fn without_subnormals(self, value: Self::Vector) -> Self::Vector {
        halves!(|i| {
            let least = _mm256_set1_ps(f32::MIN_POSITIVE);
            _mm256_and_ps(_mm256_cmp_ps::<_CMP_NLT_UQ>(value[i], least), value[i])
        })
    }

    #[inline(always)]
    fn round(self, a: Self::Vector) -> Self::Vector {
        halves!(|i| _mm256_round_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(a[i]))
    }

    #[inline(always)]
    fn truncate(self, a: Self::Vector) -> Self::Vector {
        halves!(|i| _mm256_round_ps::<{ _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC }>(a[i]))
    }

    #[inline(always)]
    fn transpose(self, from: [&[f32; LANES]; LANES], to: &mut [Line; LANES]) {
        // SAFETY: the token is the proof of AVX2.
        unsafe { transpose(from, to) }
    }

    #[inline(always)]
    fn sums(self, v: [Self::Vector; LANES]) -> Self::Vector {
        let zero = self.splat(0.0);
        let (mut pairs, mut fours) = ([zero; 8], [zero; 4]);
        for (i, pair) in pairs.iter_mut().enumerate() {
            let (a, b) = (v[2 * i], v[2 * i + 1]);
            *pair = halves!(|h| _mm256_add_ps(
                _mm256_unpacklo_ps(a[h], b[h]),
                _mm256_unpackhi_ps(a[h], b[h])
            ));
        }
        for (i, four) in fours.iter_mut().enumerate() {
            *four = halves!(|h| {
                let a = _mm256_castps_pd(pairs[2 * i][h]);
                let b = _mm256_castps_pd(pairs[2 * i + 1][h]);
                let (low, high) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
                _mm256_add_ps(_mm256_castpd_ps(low), _mm256_castpd_ps(high))
            });
        }
        // Of vectors 8h to 8h + 7: quarters 0 + 1 of each, and 2 + 3.
        let mut eights = [zero; 2];
        for (h, eight) in eights.iter_mut().enumerate() {
            let (a, b) = (fours[2 * h], fours[2 * h + 1]);
            *eight = halves!(|q| _mm256_add_ps(
                _mm256_permute2f128_ps::<0x20>(a[q], b[q]),
                _mm256_permute2f128_ps::<0x31>(a[q], b[q])
            ));
        }
        halves!(|h| _mm256_add_ps(eights[h][0], eights[h][1]))
    }

    #[inline(always)]
    fn exp2_of_integer(self, n: Self::Vector) -> Self::Vector {
        halves!(|i| {
            let exponent = _mm256_add_epi32(_mm256_cvtps_epi32(n[i]), _mm256_set1_epi32(127));
            _mm256_castsi256_ps(_mm256_slli_epi32::<23>(exponent))
        })
    }
}

/// For each mask of eight bits: the numbers of the bits that are set, ascending, then 0s.
static SET_BITS_FIRST: [[u8; 8]; 256] = {
    let mut table = [[0; 8]; 256];
    let mut mask = 0;
    while mask < 256 {
        let (mut bit, mut count) = (0, 0);
        while bit < 8 {
            if mask >> bit & 1 == 1 {
                table[mask][count] = bit as u8;
                count += 1;
            }
            bit += 1;
        }
        mask += 1;
    }
    table
};

impl Avx2 {
    /// Masks of the first `count` lanes.
    #[inline(always)]
    fn first_lanes(self, count: usize) -> [__m256i; 2] {
        static ONES_THEN_ZEROS: [i32; 2 * LANES] = {
            let mut lanes = [0; 2 * LANES];
            let mut i = 0;
            while i < LANES {
                lanes[i] = -1;
                i += 1;
            }
            lanes
        };
        let window = ONES_THEN_ZEROS[LANES - count..][..LANES].as_ptr();
        // SAFETY: the CPU has AVX2 (a token exists); sixteen numbers are there to read.
        unsafe { [_mm256_loadu_si256(window.cast()), _mm256_loadu_si256(window.add(8).cast())] }
    }
}

/// `to[i][j] = from[j][i]`, in four blocks of 8 × 8.
#[target_feature(enable = "avx2,fma")]
#[inline]
fn transpose(from: [&[f32; LANES]; LANES], to: &mut [Line; LANES]) {
    for (row, column) in [(0, 0), (0, 8), (8, 0), (8, 8)] {
        // SAFETY: column is 0 or 8, and a row has sixteen numbers.
        let r: [__m256; 8] =
            std::array::from_fn(|i| unsafe { _mm256_loadu_ps(from[row + i].as_ptr().add(column)) });
        // Pairs of rows interleaved, then pairs of pairs: each half holds four rows of one column.
        let pairs: [__m256; 8] = std::array::from_fn(|i| {
            let (a, b) = (r[i / 2 * 2], r[i / 2 * 2 + 1]);
            if i % 2 == 0 { _mm256_unpacklo_ps(a, b) } else { _mm256_unpackhi_ps(a, b) }
        });
        let fours: [__m256; 8] = std::array::from_fn(|i| {
            let (a, b) = (pairs[i / 4 * 4 + i % 4 / 2], pairs[i / 4 * 4 + i % 4 / 2 + 2]);
            if i % 2 == 0 {
                _mm256_shuffle_ps::<0b01_00_01_00>(a, b)
            } else {
                _mm256_shuffle_ps::<0b11_10_11_10>(a, b)
            }
        });
        for i in 0..8 {
            let (a, b) = (fours[i % 4], fours[i % 4 + 4]);
            let v = if i < 4 {
                _mm256_permute2f128_ps::<0x20>(a, b)
            } else {
                _mm256_permute2f128_ps::<0x31>(a, b)
            };
            // SAFETY: row is 0 or 8, and a line has sixteen numbers.
            unsafe { _mm256_storeu_ps(to[column + i].0.as_mut_ptr().add(row), v) };
        }
    }
}
