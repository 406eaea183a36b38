//! Dense networks for classification: layers of any sizes and number, trained with RMSprop on softmax-crossentropy,
//! with the meaning that Keras gives to each of these words. All arithmetic is [`kernels`]'.
//!
//! Reading order: [`Network`] holds the parameters (`layer.rs` says which layers make one), evaluates and predicts
//! (`inference.rs`); [`Trainer`] adds an optimizer's state and working buffers and fits; `storage.rs` reads and writes
//! safetensors.
//!
//! # Promises
//!
//! - The same seed, data and settings give the same parameters to the bit, at any number of threads.
//! - Rows with few non-zeros are multiplied as lists of these, others in dense tiles ([`kernels::dense`]). The two agree to
//!   the bit as long as the weights are finite: an infinite weight times a zero is skipped by the lists and NaN in the tiles.
//!   Networks are made and loaded with finite weights; only a training that diverges leads out of them.
//! - Nothing is swallowed: what holds NaN gives a loss and probabilities of NaN.
//! - A network takes four bytes a parameter, the units of each layer rounded up to a multiple of 16, to hold, load and save.
//!   In training it takes as much again for the optimizer's state, and the buffers of a batch.
//! - Memory that cannot be had is an error ([`ModelError::Memory`]) before anything is done, on systems that refuse it when
//!   they are asked. (Linux refuses what a process limit forbids or what is more than the machine has, but may promise more
//!   than is free.)
#![forbid(unsafe_code)]

mod error;
mod inference;
mod layer;
mod memory;
mod network;
mod shuffle;
mod storage;
mod summary;
mod trainer;
mod workspace;

pub use error::ModelError;
pub use inference::Evaluation;
pub use kernels::rowwise::{EpsilonPlacement, Rmsprop};
pub use kernels::{MatrixRef, Rows, Targets};
pub use layer::{Activation, LayerParameters, MOST_CLASSES, MOST_WEIGHTS};
pub use network::Network;
pub use shuffle::Shuffler;
pub use trainer::{EpochReport, FitConfig, Observer, StepReport, Trainer};
