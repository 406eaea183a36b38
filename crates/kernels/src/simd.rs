//! The CPU's abilities: sixteen lanes of `f32`, the instruction sets that have them, and e^x on top.
//!
//! [`lanes`] says what an instruction set must do with its lanes, and what a kernel is. [`isa`] finds out which instruction
//! sets this CPU has, and runs a kernel compiled for one of them. `avx512`, `avx2` and `portable` are the leaves.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod exp;
mod isa;
mod lanes;
mod portable;
mod prefetch;

pub(crate) use exp::exp;
pub use isa::{Isa, UnavailableIsa};
pub(crate) use lanes::{Entry, Kernel, Simd};
pub use lanes::{LANES, Line};
pub(crate) use prefetch::{prefetch, prefetch_ahead};
