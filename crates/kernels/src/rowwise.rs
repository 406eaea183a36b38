//! Operations that go row by row or number by number: softmax and crossentropy, bias and ReLU, the optimizer's step.
//!
//! The layers of [`dense`](crate::dense) use the first and the last on rows and lines that are in a cache anyway. The public
//! functions take flat buffers, for those who bring products of their own.

mod bias_relu;
mod rmsprop;
mod softmax_crossentropy;

pub use bias_relu::{bias_relu, bias_relu_backward};
pub(crate) use rmsprop::RmspropLines;
pub use rmsprop::{EpsilonPlacement, Rmsprop, rmsprop_step};
pub(crate) use softmax_crossentropy::{CrossentropyRow, SoftmaxRow};
pub use softmax_crossentropy::{Score, softmax, softmax_crossentropy};
