//! Large pages for large matrices.
//!
//! A layer of a hundred thousand inputs is read a line here and a line there. In pages of 4 KiB each line is in a page of its own, and a
//! CPU keeps the addresses of some 1,500 pages at hand. In pages of 2 MiB it keeps those of a whole layer. An epoch over
//! 50,000 features took 5 to 10 % less time with them, one over 1,000,000 features 15 to 20 % (2026-11-25, Xeon, 2 threads).

use crate::simd::Line;

/// Memory below this size is left as it is.
const WORTH_ASKING: usize = 4 << 20;

/// Asks the system to keep the memory of `lines`, which need not be initialized, in large pages. Where it does not, all stays as it is.
pub(super) fn ask_for(lines: &mut [std::mem::MaybeUninit<Line>]) {
    if size_of_val(lines) < WORTH_ASKING {
        return;
    }
    #[cfg(target_os = "linux")]
    {
        const PAGE: usize = 4096;
        let (start, bytes) = (lines.as_mut_ptr().cast::<u8>(), size_of_val(lines));
        let skipped = start.align_offset(PAGE);
        // SAFETY: the range lies within `lines`, whole pages of it, and the advice changes no contents.
        let refused = unsafe {
            libc::madvise(
                start.wrapping_add(skipped).cast(),
                (bytes - skipped) / PAGE * PAGE,
                libc::MADV_HUGEPAGE,
            )
        };
        // A system without large pages refuses. It is only slower.
        let _ = refused;
    }
}
