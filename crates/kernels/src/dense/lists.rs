//! The two products of a layer over lists of non-zeros.
//!
//! A product with zero adds nothing, so skipping it is the same arithmetic: each output is one chain of FMAs in
//! the order of k, as in the dense microkernel, less the steps that would add zero. The two agree to the bit.
//!
//! Both products multiply a list by lines: for each non-zero, its value times one line of a panel is added to a sum that
//! stays in registers.
//!
//! ```text
//! forward:  for each segment of columns of X                     (1)
//!             for each row of X
//!               for each non-zero (p, x) of the row's segment:   sums of P panels += x · W[p]   (2)
//!
//! update:   for each column p of X that is not empty
//!             for each non-zero (i, x) of the column:            sums of P panels += x · D[i]   (2)
//!             the optimizer's step of W[p] with these sums
//! ```
//!
//! 1. The lines of W should come from L1. A segment is a run of columns of X, so of rows of W, that fits there for a group of
//!    panels. Between segments the sums wait in the output.
//! 2. Each value and index that is loaded should serve several lines. So `GROUP` panels go side by side; their sums are
//!    also the independent chains of additions that keep the FMA units busy.

use std::slice;

use super::layer::Activation;
use super::non_zeros::{ColumnLists, RowLists};
use crate::simd::{Entry, Line, Simd, prefetch};

/// Panels side by side: 4 lines for one broadcast, and 4 chains of AVX-512 FMAs (8 of AVX2) to fill a latency of 4. What is left goes by
/// pairs, then one by one.
pub(super) const GROUP: usize = 4;

/// From how many inputs on a layer's weights are asked for ahead of time: those of a group take 1 MiB then, about as much as a
/// second-level cache keeps of them.
pub(super) const FAR: usize = 4096;

/// Entries between asking for a line of weights and using it.
const ENTRIES_AHEAD: usize = 32;

/// `acc[t] += Σ value · panels[t][index]` over a list. With `AHEAD`, the lines of what comes [`ENTRIES_AHEAD`] later in `after`, which
/// begins with the list, are asked for.
#[inline(always)]
fn add_list<S: Simd, const P: usize, const AHEAD: bool>(
    simd: S,
    acc: &mut [S::Vector; P],
    list: &[Entry],
    after: &[Entry],
    panels: [&[Line]; P],
) {
    // Of one length, so that one comparison checks an index for all.
    let len = panels[0].len();
    let mut lines: [&[Line]; P] = [&[]; P];
    for t in 0..P {
        lines[t] = &panels[t][..len];
    }
    for (n, entry) in list.iter().enumerate() {
        if AHEAD && let Some(next) = after.get(n + ENTRIES_AHEAD) {
            for lines in lines {
                // Behind the last list there may be entries of an earlier batch.
                prefetch(lines.get(next.index as usize).map_or(&[], slice::from_ref));
            }
        }
        let value = simd.splat(entry.value);
        for t in 0..P {
            acc[t] = simd.mul_add(value, simd.load(&lines[t][entry.index as usize].0), acc[t]);
        }
    }
}

/// `out[t][r] ← activation(Σ_p X(r, p) · w[t][p] + bias[t])`: rows of X times P panels.
#[inline(always)]
pub(super) fn rows_times<S: Simd, const P: usize, const AHEAD: bool>(
    simd: S,
    x: RowLists<'_>,
    w: [&[Line]; P],
    bias: [&[Line]; P],
    activation: Activation,
    out: &mut [&mut [Line]; P],
) {
    for s in 0..x.segments() {
        for r in 0..out[0].len() {
            let mut acc = [simd.splat(0.0); P];
            if s > 0 {
                for t in 0..P {
                    acc[t] = simd.load(&out[t][r].0);
                }
            }
            let (list, after) = x.segment_and_after(r, s);
            add_list::<S, P, AHEAD>(simd, &mut acc, list, after, w);
            for t in 0..P {
                if s + 1 == x.segments() {
                    acc[t] = activation.of(simd, simd.add(acc[t], simd.load(&bias[t][0].0)));
                }
                simd.store(acc[t], &mut out[t][r].0);
            }
        }
    }
}

/// `Σ_i X(i, p) · d[t][i]`: the `k`-th listed column p of X times P panels.
#[inline(always)]
pub(super) fn column_times<S: Simd, const P: usize>(
    simd: S,
    x: ColumnLists<'_>,
    k: usize,
    d: [&[Line]; P],
) -> [S::Vector; P] {
    let mut acc = [simd.splat(0.0); P];
    add_list::<S, P, false>(simd, &mut acc, x.list(k), &[], d);
    acc
}
