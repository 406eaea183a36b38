//! Hints about memory that will soon be needed.

use super::lanes::Line;

/// Asks for the cache lines of what will soon be read or written.
#[inline(always)]
pub(crate) fn prefetch<T>(memory: &[T]) {
    let bytes = memory.as_ptr().cast::<u8>();
    let len = size_of_val(memory);
    // A step of a line from the first byte, then the last: the lines in between, wherever in its line the first is.
    let mut offset = 0;
    while offset < len {
        ask(bytes.wrapping_add(offset));
        offset += size_of::<Line>();
    }
    if len > size_of::<T>() {
        ask(bytes.wrapping_add(len - 1));
    }
}

/// Asks for the line that lies `ahead` lines behind `line`. It need not exist.
#[inline(always)]
pub(crate) fn prefetch_ahead(line: &Line, ahead: usize) {
    ask(std::ptr::from_ref(line).wrapping_add(ahead).cast());
}

/// Asks for the cache line of an address.
#[inline(always)]
fn ask(address: *const u8) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: every x86-64 has SSE, and a prefetch of any address does no harm.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(address.cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}
