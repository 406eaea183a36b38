//! The innermost loops of every product: a tile of sums in registers, and how long runs are cut for the caches.
//!
//! Both `sgemm` and the layers of `dense` stand on these.

pub(crate) mod blocking;
pub(crate) mod microkernel;
