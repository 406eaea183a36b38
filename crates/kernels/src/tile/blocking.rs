//! Block sizes: a product is cut so that numbers which are used again are still in a cache. Each size stands beside its
//! arithmetic.
//!
//! A block of B (`KC × NC`) is packed once, a block of A (`MC × KC`) once for it. Then the panels of B of a tile's width meet
//! each tile of rows of A, and both stream from L2, A for each panel and B's panels for each tile: seven bytes for each
//! AVX-512 FMA. B comes from L3 once for each block of A. What must stay small is the number of visits to C.

use crate::simd::LANES;

/// Steps of k in a block. Each block reads and writes C once. Rows of C that are a power of two apart evict one another from
/// every cache, so fewer visits are better. Of 512, 768, 1024, 1536 and 2048, the sizes from 1024 on were fastest: 1024³ by 3 %, 2048³ and
/// 10000 × 784 × 512 by 2 % over 512 (2026-11-24, Zen 4).
pub(crate) const KC: usize = 1024;

/// Rows of A in a block: 96 × 1024 × 4 B = 384 KiB of a 512 KiB L2, in whole tiles of 12 and of 6 rows. From 96 to 288 there was
/// no difference above 1 % (2026-11-24, Zen 4, whose L2 has 1 MiB).
pub(crate) const MC: usize = 96;

/// Columns of B in a block: 1024 × 1024 × 4 B = 4 MiB, a share of L3 that leaves room for other threads'. Of 512, 1024 and 2048
/// it was fastest at 2048³, by 1 % (2026-11-24, Zen 4).
pub(crate) const NC: usize = 1024;

/// Lines of a packed B that is near enough to be gone through for every tile of rows: 256 KiB, half of an L2.
pub(crate) const NEAR_LINES: usize = 4096;

/// From this many steps of k on, a tile asks for its part of C while its sums are made: by the end it has arrived.
/// At ten steps the asking itself cost more than it saved: 128 × 10 × 512 went from 58 to 50 GFLOP/s with it.
pub(crate) const PREFETCH_STEPS: usize = 64;

/// Cuts `len` into the fewest blocks of at most `limit`, near equal, all but the last a multiple of
/// [`LANES`]: `(first, length)` of each. 784 steps are 400 + 384 with a limit of 400, not 400 + 400 with a stub.
///
/// The cuts follow from the length alone, so the order of every sum does too. No steps are one empty block: its sums
/// are 0, and whoever waits for them is written.
pub(crate) fn blocks(len: usize, limit: usize) -> impl Iterator<Item = (usize, usize)> {
    let count = len.div_ceil(limit).max(1);
    let block = len.div_ceil(count).next_multiple_of(LANES).max(1);
    (0..len.max(1)).step_by(block).map(move |first| (first, block.min(len - first)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cover_the_length_once_and_stay_under_the_limit() {
        for limit in [LANES, KC, MC] {
            for len in [0, 1, 15, 16, 17, limit - 1, limit, limit + 1, 3 * limit + 5] {
                let mut end = 0;
                for (first, block) in blocks(len, limit) {
                    assert_eq!(first, end);
                    assert!(block > 0 || len == 0, "an empty block of {len}");
                    assert!(block <= limit, "{block} of {len}, limit {limit}");
                    end += block;
                }
                assert_eq!(end, len);
                assert!(blocks(len, limit).count() > 0, "no block of {len}");
            }
        }
    }
}
