//! The products of a dense layer, over operands that stay in panels: nothing is packed, no gradient is stored.
//!
//! | operation | product | what happens to a tile while it is in registers |
//! |---|---|---|
//! | [`forward()`] | `X·W` | plus bias, then ReLU |
//! | [`output_layer()`] | `X·W`, then `D·Wᵀ` | logits become loss and d_logits, then masked d_X, a few rows at a time |
//! | [`backward()`] | `D·Wᵀ` | masked by where X is positive |
//! | [`update()`] | `Xᵀ·D` | the optimizer's step: W and its state are read and written once |
//!
//! X comes in panels or as lists of its non-zeros ([`Input`]); which one makes no difference to a single bit as long as the
//! weights are finite. (A list skips 0 · ∞, which is not a number.) [`Batch`] gathers examples into either.
//!
//! The letters: X is rows × inputs, W inputs × units, D (a gradient by a layer's sums) rows × units. i counts rows, p inputs,
//! j units; t counts panels, and q blocks of sixteen along a sum.

mod backward;
mod batch;
mod cut;
mod examples;
mod forward;
mod input;
mod layer;
mod lists;
mod non_zeros;
mod output_layer;
mod state;
mod sums;
mod threads;
mod update;

pub use backward::backward;
pub use batch::Batch;
pub use examples::Selection;
pub use forward::forward;
pub use input::Input;
pub use layer::{Activation, Parameters};
pub use non_zeros::NonZeros;
pub use output_layer::{output_layer, score, softmax};
pub use state::State;
pub use threads::{prepare_threads, scratch_bytes};
pub use update::{update, work_of_update};
