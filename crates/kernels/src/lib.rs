//! The numbers of a dense network: SIMD kernels over flat `f32` buffers, parallelized with rayon.
//!
//! A network of one layer learns to tell two rows apart; [`fn@sgemm`] multiplies any matrices:
//!
//! ```
//! use kernels::dense::{self, Batch, Parameters, Selection, State};
//! use kernels::rowwise::{Rmsprop, Score};
//! use kernels::{MatrixMut, MatrixRef, Panels, Rows, Targets, sgemm};
//!
//! let x = [1.0, 0.0, 0.0, 0.0, 0.0, 1.0]; // 2 rows × 3 inputs; zeros are skipped
//! let (rows, targets) = (Rows::floats(MatrixRef::new(&x, 2, 3)), Targets::Classes(&[1, 0]));
//! let mut batch = Batch::new(3);
//! batch.gather(&rows, Some(&targets), &Selection::Range(0..2));
//! let (mut layer, mut state) = (Parameters::zeros(3, 2), State::zeros(3, 2));
//! let (mut d_logits, mut scores) = (Panels::zeros(2, 2), [Score::default(); 2]);
//! for _ in 0..3 {
//!     let (x, targets) = (batch.input(), batch.targets());
//!     dense::output_layer(x, &layer, targets, 1.0 / 2.0, &mut d_logits, None, &mut scores);
//!     dense::update(x, &d_logits, &Rmsprop::keras3(), &mut layer, &mut state);
//! }
//! assert_eq!(scores[0].correct + scores[1].correct, 2);
//!
//! let mut c = [0.0; 4];
//! let a = MatrixRef::new(&x, 2, 3);
//! sgemm(2.0, a, a.transpose(), 0.0, MatrixMut::new(&mut c, 2, 2)); // c ← 2·a·aᵀ
//! assert_eq!(c, [2.0, 0.0, 0.0, 2.0]);
//! ```
//!
//! # The floors
//!
//! Each stands on those below it and knows none above.
//!
//! | floor | what is there |
//! |---|---|
//! | [`dense`], [`mod@sgemm`], [`rowwise`] | a layer's products over panels and lists; products of any matrices; what goes row by row |
//! | [`pictures`] | grey pictures drawn from others, moved, turned, slanted and bent |
//! | `tile` | the innermost loops: a tile of sums in registers, blocks that fit a cache |
//! | `layout` | how numbers lie: views with strides, panels of sixteen columns, rows of examples |
//! | [`parallel`], `scratch` | what is worth a task, and how an operation is cut; memory that threads keep |
//! | `simd` | what a CPU can do: sixteen lanes on AVX-512, AVX2 or in plain Rust, e^x, which of them to use |
//!
//! [`measure`] stands apart: the f64 oracle of all tests, and the machine's own limit for benches.
//!
//! # How it is put together
//!
//! An operation checks shapes, decides how to cut its output between threads, and runs a kernel on each
//! part. A kernel is written once, in safe code over sixteen abstract lanes, and compiled for each
//! instruction set: AVX-512, AVX2 with FMA, plain Rust. Which one runs is decided at run time, in one place
//! ([`Isa`]); the environment variable `KERNELS_ISA` can ask for a lesser one. On a CPU without AVX2, the products of [`fn@sgemm`]
//! are matrixmultiply's.
//!
//! `unsafe` stands where a fact has to be vouched for: in `simd` (a token proves an instruction set, and intrinsics run under
//! it), in `layout/matrix.rs` and `layout/panels.rs` (disjoint parts of one slice), in `layout/large_pages.rs` (advice to the
//! system), and around matrixmultiply.
//!
//! # Letters
//!
//! In products of matrices the letters are BLAS's: C is m × n, a sum has k steps; i counts rows of C, j its columns, p the steps.
//! In layers X is rows × inputs, W inputs × units. Inside a tile, M rows by P panels: r counts its rows, t its panels; q counts
//! panels of a matrix, or blocks of sixteen steps. A gradient by `x` is called `d_x`.
//!
//! # Promises
//!
//! - The same bits at any number of threads: no sum is split between threads. AVX2 and AVX-512 agree to the bit, too.
//! - Lists and panels agree to the bit for finite weights. (Where an infinite weight meets a zero, a list skips the product
//!   and a panel has NaN.)
//! - NaN goes through: whatever depends on a number that is not a number is not one either. The exception is what BLAS
//!   promises: with α = 0 nobody reads A and B, with β = 0 nobody reads C.
//! - An input that is 0 in a whole batch costs that step nothing: [`dense::State`] defines how the decay of its mean squares is
//!   caught up with. No mean square is subnormal.
//! - A fused operation is its parts: bias, ReLU and mask are applied after the last step of k, never before.
//! - Nothing is allocated in a training step but the first.
//!
//! # Reading order
//!
//! `layout/matrix.rs` and `layout/panels.rs` for the layouts, `simd/lanes.rs` for the lanes, `tile/microkernel.rs` for the
//! innermost loops; then `dense.rs` for the products of layers, or `sgemm.rs` for those of any matrices.

pub mod dense;
mod layout;
pub mod measure;
pub mod parallel;
pub mod pictures;
pub mod rowwise;
mod scratch;
pub mod sgemm;
mod simd;
mod tile;

pub use layout::{Csr, CsrError, MatrixMut, MatrixRef, Panels, Rows, Targets, ask_for_large_pages};
pub use sgemm::sgemm;
pub use simd::{Isa, LANES, Line, UnavailableIsa};
