//! The machine's own limit, for benches: what its FMA units do when nothing else is asked of them.

use std::hint::black_box;
use std::time::Instant;

use crate::simd::{Isa, Kernel, LANES, Simd};

/// Chains of FMAs that don't wait for one another: more than latency × units on any core so far.
const CHAINS: usize = 12;

struct Chains {
    steps: usize,
}

impl Kernel for Chains {
    /// Something to keep, and the chains.
    type Output = (f32, usize);

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> (f32, usize) {
        // Under AVX2 a vector is two registers: six chains of two then, to stay inside sixteen registers.
        let mut acc = [simd.splat(1.0); CHAINS];
        let chains = if S::TILE_PANELS == 2 { CHAINS } else { CHAINS / 2 };
        let (a, b) = (simd.splat(black_box(0.999_9)), simd.splat(black_box(1e-4)));
        for _ in 0..self.steps {
            for acc in &mut acc[..chains] {
                *acc = simd.mul_add(*acc, a, b);
            }
        }
        (acc.into_iter().map(|v| simd.sum(v)).sum(), chains)
    }
}

/// GFLOP/s of independent FMAs on the calling thread, the best of several runs of about a millisecond.
/// Meaningful where [`Isa::active`] has fused multiply-add.
pub fn fma_gflops() -> f64 {
    let steps = 100_000;
    let mut best = 0.0_f64;
    for _ in 0..10 {
        let start = Instant::now();
        let (_, chains) = black_box(Isa::active().run(Chains { steps }));
        let seconds = start.elapsed().as_secs_f64();
        best = best.max((2 * LANES * chains * steps) as f64 / seconds / 1e9);
    }
    best
}
