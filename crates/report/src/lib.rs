//! A training, or an evaluation, on one page of HTML that needs nothing but itself.
//!
//! No script, nothing from elsewhere: plots are SVG, images PNG in data URIs, and `style.css` is part of the page.
//! It follows the reader's light or dark setting and can be printed.
//!
//! The numbers are made in `readings` (with `confusion`) and `weights`, the drawings in `plots` (on `axis`), `heat_map`
//! and `image`; `pictures` shows what was drawn, `distorted` what
//! was made of it, `features` and `telling` what speaks for classes in rows of features. `page` and `evaluation` put them in their
//! places, `sections` has what both say, `tables` and `settings` hold what is only listed, `numbers` and `names` say how figures
//! and classes are written.
//!
//! The page stays below 2 MB whatever was trained on whatever data: each drawing and each list has a limit, and says so where
//! it leaves something out.
//!
//! ```
//! use dataset::{Mnist, Set};
//! use model::{Activation, FitConfig, Network, Rmsprop, Trainer};
//! use record::{
//!     Checksums, Config, Data, ImageFiles, Images, Names, Optimizer, Run, StepCurve, TestResult,
//!     TrainingSettings,
//! };
//!
//! let mnist = Mnist::drawn(0, 64, 32);
//! let network = Network::glorot_uniform(&[784, 8, 10], Activation::Relu, 0)?;
//! let mut trainer = Trainer::new(network, Rmsprop::keras2())?;
//! let fit = FitConfig { epochs: 1, batch_size: 32, shuffle: true, seed: 0, ..FitConfig::default() };
//! let history = trainer.fit(mnist.train.rows(), mnist.train.targets(), &fit)?;
//! let network = trainer.into_network();
//! let test = TestResult::of(&network, Set::Images(&mnist.test))?;
//!
//! let optimizer =
//!     Optimizer { form: "keras2".into(), learning_rate: 0.001, rho: 0.9, epsilon: 1e-7 };
//! let config = Config {
//!     version: "1",
//!     release_build: true,
//!     isa: "portable",
//!     threads: 1,
//!     started: "2026-11-23T20:31:05Z".into(),
//!     data: Data::Images(Images {
//!         dataset: Some("digits".into()),
//!         files: ImageFiles::default(),
//!         train: 64,
//!         test: 32,
//!         image: [28, 28],
//!         classes: 10,
//!         class_names: None,
//!         sha256: Checksums::of(&mnist.train, &mnist.test),
//!     }),
//!     sizes: network.sizes(),
//!     parameters: network.parameter_count(),
//!     init: None,
//!     rmsprop: optimizer,
//!     training: TrainingSettings::default(),
//!     epochs: 1,
//!     batch_size: 32,
//!     shuffle: true,
//!     seed: 0,
//! };
//! let page = report::page(&Run {
//!     config: &config,
//!     folder: "runs/first".as_ref(),
//!     network: &network,
//!     train_set: Set::Images(&mnist.train),
//!     trained_on: None,
//!     test_set: Set::Images(&mnist.test),
//!     names: &Names::numbers(10),
//!     interruption: None,
//!     drawing: None,
//!     best: None,
//!     epochs: &[(history[0], test)],
//!     test: &test,
//!     steps: &StepCurve::new(1, 2),
//!     seconds: 1.5,
//! })?;
//! assert!(page.starts_with("<!DOCTYPE html>"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod axis;
mod confusion;
mod distorted;
mod evaluation;
mod features;
mod heat_map;
mod image;
mod names;
mod numbers;
mod page;
mod pictures;
mod plots;
mod readings;
mod sections;
mod settings;
mod tables;
mod telling;
mod thinned;
mod weights;

pub use evaluation::{Evaluation, evaluation};
pub use page::page;
