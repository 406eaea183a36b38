//! Hints about memory that will soon be needed.

use super::lanes::Line;

/// Asks for the cache lines of what will soon be read or written.
#[inline(always)]
pub(crate) fn prefetch<T>(memory: &[T]) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let bytes = memory.as_ptr().cast::<i8>();
        let len = size_of_val(memory);
        // A step of a line from the first byte, then the last: the lines in between, wherever in its line the first is.
        let mut offset = 0;
        while offset < len {
            // SAFETY: every x86-64 has SSE; the address is one of `memory`, and a prefetch of any does no harm.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(bytes.wrapping_add(offset)) };
            offset += 64;
        }
        if len > size_of::<T>() {
            // SAFETY: as above.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(bytes.wrapping_add(len - 1)) };
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = memory;
}

/// Asks for the line that lies `ahead` lines behind `line`. It need not exist.
#[inline(always)]
pub(crate) fn prefetch_ahead(line: &Line, ahead: usize) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let address = std::ptr::from_ref(line).wrapping_add(ahead).cast();
        // SAFETY: every x86-64 has SSE, and a prefetch of any address does no harm.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(address) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (line, ahead);
}
