//! Sums that go on in the next block of k.

use crate::simd::{Line, Simd};
use crate::tile::microkernel::Sums;

/// The sums that a tile starts from: 0, or those that earlier blocks of k left in `lines`. So a sum is one chain of additions,
/// and the cuts of k don't change it.
#[inline(always)]
pub(super) fn start<S: Simd, const M: usize, const P: usize>(
    simd: S,
    add: bool,
    lines: &[&mut [Line]; P],
    i: usize,
) -> Sums<S::Vector, M, P> {
    let mut acc = [[simd.splat(0.0); P]; M];
    if add {
        for (r, acc) in acc.iter_mut().enumerate() {
            for (acc, lines) in acc.iter_mut().zip(lines) {
                *acc = simd.load(&lines[i + r].0);
            }
        }
    }
    acc
}
