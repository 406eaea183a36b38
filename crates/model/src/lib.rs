//! Dense networks for classification: layers of any sizes and number, trained with RMSprop on softmax-crossentropy,
//! with the meaning that Keras gives to each of these words. All arithmetic is [`kernels`]'.
//!
//! Reading order: [`Network`] holds the parameters, predicts and evaluates; [`Trainer`] adds an optimizer's state and
//! working buffers and fits; [`storage`] reads and writes safetensors.
#![forbid(unsafe_code)]

mod error;
mod network;
pub mod storage;
mod summary;
mod trainer;

pub use error::ModelError;
pub use kernels::rmsprop::{EpsilonPlacement, Rmsprop};
pub use network::{Activation, Evaluation, LayerParameters, Network};
pub use trainer::{EpochReport, FitConfig, Observer, StepReport, Trainer};
