//! Working memory that each thread needs before a training begins.

use super::backward::transposed_lines;
use super::layer::Parameters;
use crate::scratch::with_scratch;
use crate::simd::Line;

/// Makes the scratch memory that steps of a network of these layers need, on every thread of the current pool:
/// a thread that first gets work in the middle of a training should not allocate then.
pub fn prepare_threads(layers: &[Parameters]) {
    rayon::broadcast(|_| with_scratch(scratch_lines(layers), |_| ()));
}

/// Bytes of the scratch memory that [`prepare_threads`] makes, on all threads together.
pub fn scratch_bytes(layers: &[Parameters]) -> usize {
    scratch_lines(layers) * size_of::<Line>() * rayon::current_num_threads()
}

fn scratch_lines(layers: &[Parameters]) -> usize {
    layers.iter().map(transposed_lines).max().unwrap_or(0)
}
