//! Working memory that each thread needs before a training begins.

use super::backward::transposed_lines;
use super::layer::Parameters;
use crate::scratch::with_scratch;

/// Makes the scratch memory that steps of a network of these layers need, on every thread of the current pool:
/// a thread that first gets work in the middle of a training should not allocate then.
pub fn prepare_threads(layers: &[Parameters]) {
    let lines = layers.iter().map(transposed_lines).max().unwrap_or(0);
    rayon::broadcast(|_| with_scratch(lines, |_| ()));
}
