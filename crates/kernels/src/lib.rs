//! The numbers of a dense network: SIMD kernels over flat `f32` buffers, parallelized with rayon.
//!
//! | operation | function | in |
//! |---|---|---|
//! | `C ← α·op(A)·op(B) + β·C` | [`sgemm()`] | `sgemm.rs`, `sgemm/` |
//! | bias and ReLU, forward and backward | [`bias_relu::bias_relu`], [`bias_relu::bias_relu_backward`] | `bias_relu.rs` |
//! | softmax; its crossentropy and gradient from logits | [`softmax_crossentropy::softmax`], [`softmax_crossentropy::softmax_crossentropy`] | `softmax_crossentropy.rs` |
//! | e^x | within them | `exp.rs` |
//! | RMSprop | [`rmsprop::rmsprop_step`] | `rmsprop.rs` |
//! | a dense layer, forward, backward, training step; weights stay in panels, zeros of the input are skipped | [`dense`] | `dense.rs`, `dense/`, `sparse.rs`, `batch.rs`, `panels.rs` |
//! | all of that in naive f64 | [`mod@reference`] | `reference.rs` |
//!
//! # How it is put together
//!
//! An operation checks shapes, decides how to split its output between threads ([`parallel`]), and runs a kernel on each
//! part. A kernel is written once, in safe code over sixteen abstract lanes (`simd.rs`), and compiled for each
//! instruction set: AVX-512, AVX2 with FMA, plain Rust. Which one runs is decided at run time, in one place
//! ([`isa`]); the environment variable `KERNELS_ISA` can ask for a lesser one. Without a vector unit we have a microkernel
//! for, matrix products of [`sgemm()`] are matrixmultiply's.
//!
//! `unsafe` stands where a fact has to be vouched for: in `isa.rs` (a token proves an instruction set), in `simd/` (intrinsics
//! under such a token), in `matrix.rs` and `panels.rs` (disjoint parts of one slice), and around matrixmultiply.
//!
//! # Promises
//!
//! - The same bits at any number of threads: no sum is split between threads. AVX2 and AVX-512 agree to the bit, too.
//! - A fused operation is its parts: bias, ReLU and mask are applied after the last step of k, never before.
//! - Nothing is allocated in a training step but the first.
//!
//! # Reading order
//!
//! [`matrix`] and [`panels`] for the layouts, `simd.rs` for the lanes, `sgemm/microkernel.rs` for the innermost loops, then
//! `sgemm.rs` for products of any matrices and `dense.rs` for those of layers.

pub mod batch;
pub mod bias_relu;
pub mod dense;
pub mod exp;
pub mod isa;
pub mod matrix;
pub mod panels;
pub mod parallel;
pub mod peak;
pub mod reference;
pub mod rmsprop;
pub mod rows;
pub mod sgemm;
pub mod simd;
pub mod softmax_crossentropy;
pub mod sparse;

pub use isa::Isa;
pub use matrix::{MatrixMut, MatrixRef};
pub use panels::Panels;
pub use rows::{Rows, Targets};
pub use sgemm::sgemm;
