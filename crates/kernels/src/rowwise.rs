//! Operations that go row by row or number by number: softmax and crossentropy, bias and ReLU, the optimizers' steps.
//!
//! The layers of [`dense`](crate::dense) use the first and the last on rows and lines that are in a cache anyway. The public
//! functions take flat buffers, for those who bring products of their own.

mod adam;
mod bias_relu;
mod optimizer;
mod rmsprop;
mod rule;
mod sgd;
mod softmax_crossentropy;

pub use adam::Adam;
pub use bias_relu::{bias_relu, bias_relu_backward};
pub use optimizer::Optimizer;
pub use rmsprop::{EpsilonPlacement, Rmsprop, rmsprop_step};
pub(crate) use rule::{Rule, RuleLanes};
pub use sgd::Sgd;
pub(crate) use softmax_crossentropy::{CrossentropyRow, SoftmaxRow};
pub use softmax_crossentropy::{Score, softmax, softmax_crossentropy};
