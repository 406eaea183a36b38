//! Sixteen lanes in one AVX-512 register.

use std::arch::x86_64::*;

use super::isa::{Avx512, run_avx512};
use super::lanes::{Entry, Kernel, LANES, Line, Simd, last_index};

/// Operations on registers only. Their intrinsics need nothing but AVX-512, of which the token is the proof. What
/// touches memory stands apart, below, each with the fact that it rests on.
macro_rules! on_registers {
    ($value:expr) => {
        // SAFETY: the CPU has AVX-512 (a token exists), and no memory is touched.
        unsafe { $value }
    };
}

impl Simd for Avx512 {
    type Vector = __m512;

    /// 12 × 2 accumulators, 2 registers of B and 1 of A: 27 of 32 registers, 24 FMA for 14 loads. (16 × 1, with A broadcast
    /// inside the FMA, is 16 FMA for 17 loads: it reached 0.89 of the peak.)
    const TILE_ROWS: usize = 12;

    const TILE_PANELS: usize = 2;

    #[inline(always)]
    fn tile_rows(left: usize) -> usize {
        match left {
            // Sixteen rows are better cut 8 + 8 than 12 + 4.
            13..=23 => left.div_ceil(2),
            _ => left.min(12),
        }
    }

    #[inline(always)]
    fn call<K: Kernel>(self, part: K) -> K::Output {
        // SAFETY: the CPU has AVX-512 (a token exists).
        unsafe { run_avx512(part, self) }
    }

    #[inline(always)]
    fn splat(self, x: f32) -> Self::Vector {
        on_registers!(_mm512_set1_ps(x))
    }

    #[inline(always)]
    fn load(self, from: &[f32; LANES]) -> Self::Vector {
        // SAFETY: the CPU has AVX-512 (a token exists); sixteen numbers are there to read.
        unsafe { _mm512_loadu_ps(from.as_ptr()) }
    }

    #[inline(always)]
    fn store(self, v: Self::Vector, to: &mut [f32; LANES]) {
        // SAFETY: the CPU has AVX-512 (a token exists); sixteen numbers are there to write.
        unsafe { _mm512_storeu_ps(to.as_mut_ptr(), v) }
    }

    #[inline(always)]
    fn load_part(self, from: &[f32]) -> Self::Vector {
        // SAFETY: the CPU has AVX-512 (a token exists); the mask names only numbers of `from`, and a masked load reads no others.
        unsafe { _mm512_maskz_loadu_ps(first_lanes(from.len()), from.as_ptr()) }
    }

    #[inline(always)]
    fn store_part(self, v: Self::Vector, to: &mut [f32]) {
        // SAFETY: the CPU has AVX-512 (a token exists); the mask names only numbers of `to`, and a masked store writes no others.
        unsafe { _mm512_mask_storeu_ps(to.as_mut_ptr(), first_lanes(to.len()), v) }
    }

    #[inline(always)]
    fn load_bytes(self, from: &[u8; LANES]) -> Self::Vector {
        // SAFETY: the CPU has AVX-512 (a token exists); sixteen bytes are there to read.
        unsafe { _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128(from.as_ptr().cast()))) }
    }

    #[inline(always)]
    fn store_bytes(self, v: Self::Vector, to: &mut [u8; LANES]) {
        let bytes = on_registers!(_mm512_cvtusepi32_epi8(_mm512_cvtps_epi32(v)));
        // SAFETY: the CPU has AVX-512 (a token exists); sixteen bytes are there to write.
        unsafe { _mm_storeu_si128(to.as_mut_ptr().cast(), bytes) }
    }

    #[inline(always)]
    fn interleave_bytes(self, from: [&[u8; LANES]; 4], to: &mut [u32; LANES]) {
        self.avx2().interleave_bytes(from, to);
    }

    #[inline(always)]
    fn gather_bytes(self, table: &[u32], index: Self::Vector) -> [Self::Vector; 4] {
        let last = last_index(table);
        let index = on_registers!({
            let index = _mm512_cvttps_epi32(index);
            _mm512_min_epu32(index, _mm512_set1_epi32(last))
        });
        // SAFETY: the CPU has AVX-512 (a token exists); no index, as an unsigned number, is above the last of the table.
        let words = unsafe { _mm512_i32gather_epi32::<4>(index, table.as_ptr().cast()) };
        on_registers!({
            let low = _mm512_set1_epi32(0xff);
            [
                _mm512_cvtepi32_ps(_mm512_and_si512(words, low)),
                _mm512_cvtepi32_ps(_mm512_and_si512(_mm512_srli_epi32::<8>(words), low)),
                _mm512_cvtepi32_ps(_mm512_and_si512(_mm512_srli_epi32::<16>(words), low)),
                _mm512_cvtepi32_ps(_mm512_srli_epi32::<24>(words)),
            ]
        })
    }

    #[inline(always)]
    fn non_zeros(self, v: Self::Vector) -> u32 {
        on_registers!(_mm512_cmp_ps_mask::<_CMP_NEQ_UQ>(v, _mm512_setzero_ps())).into()
    }

    #[inline(always)]
    fn equals(self, a: Self::Vector, b: Self::Vector) -> u32 {
        on_registers!(_mm512_cmp_ps_mask::<_CMP_EQ_OQ>(a, b)).into()
    }

    #[inline(always)]
    fn list_non_zeros(self, v: Self::Vector, first: u32, to: &mut [Entry; LANES]) -> usize {
        let mask = self.non_zeros(v);
        let [low, high] = on_registers!({
            let lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
            let indices = _mm512_add_epi32(_mm512_set1_epi32(first as i32), lanes);
            let indices = _mm512_maskz_compress_epi32(mask as __mmask16, indices);
            let values = _mm512_maskz_compress_epi32(mask as __mmask16, _mm512_castps_si512(v));
            // Lane 2i takes index i, lane 2i + 1 value i, which is lane 16 + i of the two.
            let pairs = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            let rest = _mm512_add_epi32(pairs, _mm512_set1_epi32(8));
            [pairs, rest].map(|pairs| _mm512_permutex2var_epi32(indices, pairs, values))
        });
        let to = to.as_mut_ptr().cast::<__m512i>();
        // SAFETY: the CPU has AVX-512 (a token exists); sixteen entries of eight bytes are there to write, and an entry is four
        // bytes of index and four of value, in that order (`repr(C)`).
        unsafe {
            _mm512_storeu_si512(to, low);
            _mm512_storeu_si512(to.add(1), high);
        }
        mask.count_ones() as usize
    }

    #[inline(always)]
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        on_registers!(_mm512_add_ps(a, b))
    }

    #[inline(always)]
    fn sub(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        on_registers!(_mm512_sub_ps(a, b))
    }

    #[inline(always)]
    fn mul(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        on_registers!(_mm512_mul_ps(a, b))
    }

    #[inline(always)]
    fn div(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        on_registers!(_mm512_div_ps(a, b))
    }

    #[inline(always)]
    fn sqrt(self, a: Self::Vector) -> Self::Vector {
        on_registers!(_mm512_sqrt_ps(a))
    }

    #[inline(always)]
    fn max(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        on_registers!(_mm512_max_ps(a, b))
    }

    #[inline(always)]
    fn min(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        on_registers!(_mm512_min_ps(a, b))
    }

    #[inline(always)]
    fn mul_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector {
        on_registers!(_mm512_fmadd_ps(a, b, c))
    }

    #[inline(always)]
    fn where_positive(self, condition: Self::Vector, value: Self::Vector) -> Self::Vector {
        on_registers!({
            let mask = _mm512_cmp_ps_mask::<_CMP_NLE_UQ>(condition, _mm512_setzero_ps());
            _mm512_maskz_mov_ps(mask, value)
        })
    }

    #[inline(always)]
    fn without_subnormals(self, value: Self::Vector) -> Self::Vector {
        on_registers!({
            let least = _mm512_set1_ps(f32::MIN_POSITIVE);
            _mm512_maskz_mov_ps(_mm512_cmp_ps_mask::<_CMP_NLT_UQ>(value, least), value)
        })
    }

    #[inline(always)]
    fn round(self, a: Self::Vector) -> Self::Vector {
        on_registers!(_mm512_roundscale_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(a))
    }

    #[inline(always)]
    fn truncate(self, a: Self::Vector) -> Self::Vector {
        on_registers!(_mm512_cvtepi32_ps(_mm512_cvttps_epi32(a)))
    }

    #[inline(always)]
    fn transpose(self, from: [&[f32; LANES]; LANES], to: &mut [Line; LANES]) {
        // It is bound by shuffles, of which AVX-512 has no more than AVX2.
        self.avx2().transpose(from, to);
    }

    #[inline(always)]
    fn sums(self, v: [Self::Vector; LANES]) -> Self::Vector {
        let zero = self.splat(0.0);
        let (mut pairs, mut fours, mut eights) = ([zero; 8], [zero; 4], [zero; 2]);
        for (i, pair) in pairs.iter_mut().enumerate() {
            let (a, b) = (v[2 * i], v[2 * i + 1]);
            *pair =
                on_registers!(_mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b)));
        }
        for (i, four) in fours.iter_mut().enumerate() {
            *four = on_registers!({
                let (a, b) = (_mm512_castps_pd(pairs[2 * i]), _mm512_castps_pd(pairs[2 * i + 1]));
                let (low, high) = (_mm512_unpacklo_pd(a, b), _mm512_unpackhi_pd(a, b));
                _mm512_add_ps(_mm512_castpd_ps(low), _mm512_castpd_ps(high))
            });
        }
        // Every second quarter of both, and the others.
        let add_quarters = |a, b| {
            on_registers!({
                let (even, odd) = (
                    _mm512_shuffle_f32x4::<0b10_00_10_00>(a, b),
                    _mm512_shuffle_f32x4::<0b11_01_11_01>(a, b),
                );
                _mm512_add_ps(even, odd)
            })
        };
        for (i, eight) in eights.iter_mut().enumerate() {
            *eight = add_quarters(fours[2 * i], fours[2 * i + 1]);
        }
        add_quarters(eights[0], eights[1])
    }

    #[inline(always)]
    fn exp2_of_integer(self, n: Self::Vector) -> Self::Vector {
        on_registers!({
            let exponent = _mm512_add_epi32(_mm512_cvtps_epi32(n), _mm512_set1_epi32(127));
            _mm512_castsi512_ps(_mm512_slli_epi32::<23>(exponent))
        })
    }
}

/// A mask of the first `count` lanes.
#[inline(always)]
fn first_lanes(count: usize) -> __mmask16 {
    assert!(count <= LANES);
    ((1u32 << count) - 1) as __mmask16
}
