//! Working memory that each thread keeps.

use std::cell::RefCell;

use crate::simd::Line;

thread_local! {
    /// Buffers that were needed at the same time: for a packed block of B and one of A, say.
    static BUFFERS: RefCell<Vec<Vec<Line>>> = const { RefCell::new(Vec::new()) };
}

/// Runs `body` on a buffer of `lines` lines of any content. The buffers are kept: nothing is
/// allocated once they have grown. Nested calls get buffers of their own.
pub(crate) fn with_scratch<R>(lines: usize, body: impl FnOnce(&mut [Line]) -> R) -> R {
    let mut buffer = BUFFERS.with_borrow_mut(Vec::pop).unwrap_or_default();
    if buffer.len() < lines {
        buffer.resize(lines, Line::ZERO);
    }
    let result = body(&mut buffer[..lines]);
    BUFFERS.with_borrow_mut(|buffers| buffers.push(buffer));
    result
}
