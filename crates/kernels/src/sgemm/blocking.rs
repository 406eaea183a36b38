//! How a product is cut so that what is used again is still in a cache, and what each cut rests on.
//!
//! A block of B (`KC × NC`) is packed once, a block of A (`MC × KC`) once for it. Then each panel of B meets each
//! tile of rows of A. So the panel of B stays in L1 (it is read for every tile), A stays in L2 (it is
//! read for every panel), B comes from L3 once for each block of A.

use crate::simd::LANES;

/// Steps of k in a block. A panel of B is KC lines, 32 KiB: the whole of an L1, but it is gone through in order, and fewer
/// blocks are fewer visits to C. Of 256, 384 and 512, the last was fastest: 1024³ by 5 % and 3 % (2026-11-23, Zen 4).
pub(crate) const KC: usize = 512;

/// Rows of A in a block: 144 × 512 × 4 B = 288 KiB of a 512 KiB L2, in whole tiles of 12 and of 6 rows.
pub(crate) const MC: usize = 144;

/// Columns of B in a block: 512 × 2,048 × 4 B = 4 MiB, a share of L3 that leaves room for another thread's.
pub(crate) const NC: usize = 2048;

/// Lines of a packed B that is near enough to be gone through for every tile of rows: 256 KiB, half of an L2.
pub(crate) const NEAR_LINES: usize = 4096;

/// From this many steps of k on, a tile asks for its part of C before it begins: by the end it has arrived.
/// At ten steps the asking itself cost more than it saved: 128 × 10 × 512 went from 58 to 50 GFLOP/s with it.
pub(crate) const PREFETCH_STEPS: usize = 64;

/// Cuts `len` into the fewest pieces of at most `limit`, near equal, all but the last a multiple of
/// [`LANES`]: 784 steps are 400 + 384 with a limit of 400, not 400 + 400 with a stub.
///
/// The cuts follow from the length alone, so the order of every sum does too.
pub(crate) fn pieces(len: usize, limit: usize) -> impl Iterator<Item = (usize, usize)> {
    let count = len.div_ceil(limit).max(1);
    let piece = len.div_ceil(count).next_multiple_of(LANES).max(1);
    (0..len).step_by(piece).map(move |from| (from, piece.min(len - from)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_the_length_once_and_stay_under_the_limit() {
        for limit in [LANES, KC, MC] {
            for len in [0, 1, 15, 16, 17, limit - 1, limit, limit + 1, 3 * limit + 5] {
                let mut end = 0;
                for (from, piece) in pieces(len, limit) {
                    assert_eq!(from, end);
                    assert!(piece > 0 && piece <= limit, "{piece} of {len}, limit {limit}");
                    end += piece;
                }
                assert_eq!(end, len);
            }
        }
    }
}
