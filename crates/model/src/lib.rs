//! Dense networks for classification: layers of any sizes and number, trained with RMSprop on softmax-crossentropy,
//! with the meaning that Keras gives to each of these words. All arithmetic is [`kernels`]'.
//!
//! ```
//! use model::{Activation, FitConfig, MatrixRef, Network, Rmsprop, Rows, Targets, Trainer};
//!
//! let x = [1.0, 0.0, 0.0, 1.0, 0.9, 0.1, 0.2, 0.8]; // 4 rows × 2 inputs
//! let (rows, targets) = (Rows::floats(MatrixRef::new(&x, 4, 2)), Targets::Classes(&[0, 1, 0, 1]));
//! let network = Network::glorot_uniform(&[2, 8, 2], Activation::Relu, 0)?;
//! let before = network.evaluate(rows, targets)?;
//! let mut trainer = Trainer::new(network, Rmsprop { learning_rate: 0.1, ..Rmsprop::keras3() })?;
//! let config = FitConfig { epochs: 3, ..FitConfig::default() };
//! let epochs = trainer.fit(rows, targets, &config)?;
//! let after = trainer.network().evaluate(rows, targets)?;
//! assert!(epochs.len() == 3 && after.loss < before.loss / 2.0 && after.accuracy == 1.0);
//! let probabilities = trainer.network().predict(rows)?; // 4 rows × 2 classes
//! assert!(probabilities[0] > 0.8 && probabilities[3] > 0.8);
//! # Ok::<(), model::ModelError>(())
//! ```
//!
//! Reading order: [`Network`] holds the parameters (`layer.rs` says which layers make one), evaluates and predicts
//! (`inference.rs`); [`Trainer`] adds an optimizer's state and working buffers and fits; [`EarlyStopping`] ends a
//! fit that gets no better; `storage.rs` reads and writes safetensors, and [`Description`] is what such a file says of
//! input and classes.
//!
//! # Promises
//!
//! - The same seed, data and settings give the same parameters to the bit, at any number of threads.
//! - Rows with few non-zeros are multiplied as lists of these, others in dense tiles ([`kernels::dense`]). The two agree to
//!   the bit as long as the weights are finite: an infinite weight times a zero is skipped by the lists and NaN in the tiles.
//!   Networks are made and loaded with finite weights; only a training that diverges leads out of them.
//! - NaN is not hidden: a row that holds NaN gives a loss and probabilities of NaN.
//! - A network takes four bytes a parameter, the units of each layer rounded up to a multiple of 16, to hold, load and save.
//!   In training it takes as much again for the optimizer's state, and the buffers of a batch.
//! - Memory that cannot be had is an error ([`ModelError::Memory`]) before anything is done, on systems that refuse it when
//!   they are asked. (Linux refuses what a process limit forbids or what is more than the machine has, but may promise more
//!   than is free.)
#![forbid(unsafe_code)]

mod batches;
mod contributions;
mod description;
mod early_stopping;
mod error;
mod fit;
mod inference;
mod layer;
mod limits;
mod memory;
mod network;
mod optimizer_settings;
mod schedule;
mod shuffle;
mod storage;
mod summary;
mod trainer;
mod workspace;

pub use contributions::Contributions;
pub use description::{Description, Input};
pub use early_stopping::EarlyStopping;
pub use error::{DataError, FormatFault, LayersError, ModelError, OptimizerSetting, SettingsError};
pub use fit::{EpochReport, Epochs, FitConfig, Observer, StepReport};
pub use inference::Evaluation;
pub use kernels::rowwise::{Adam, EpsilonPlacement, Optimizer, Rmsprop, Sgd};
pub use kernels::{Csr, CsrError, MatrixRef, Rows, Targets};
pub use layer::{Activation, LayerParameters};
pub use limits::{MOST_CLASSES, MOST_WEIGHTS};
pub use network::Network;
pub use schedule::{Curve, Schedule};
pub use shuffle::Shuffler;
pub use storage::{Notes, write_safetensors_header};
pub use trainer::Trainer;
