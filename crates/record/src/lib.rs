//! The records of a run: its settings, its metrics, and its result.
//!
//! | of | use | in |
//! |---|---|---|
//! | the settings, `config.json` | [`Config`] with [`Data`], [`Checksums`], [`Optimizer`], [`TrainingSettings`] | `config.rs` |
//! | the metrics, `metrics.jsonl` | [`Event`] | `event.rs` |
//! | the test set, or what is held out for validation | [`TestResult`] | `test_result.rs` |
//! | the signal or the time limit that ended a training | [`Interruption`], [`Cause`] | `interruption.rs` |
//! | the best epoch of a training that kept its best network | [`BestEpoch`] | `best_epoch.rs` |
//! | the loss of all steps, in a few hundred numbers | [`StepCurve`] | `steps.rs` |
//! | what classes and features are called | [`Names`] | `names.rs` |
//! | the class that a network reads | [`most_probable()`] | `most_probable.rs` |
//! | all of it together, for a report | [`Run`] | `run.rs` |
//!
//! ```
//! let event = record::Event::Step { epoch: 1, step: 2, loss: 0.25, accuracy: 0.5 };
//! let line = serde_json::to_string(&event)?;
//! assert_eq!(line, r#"{"event":"step","epoch":1,"step":2,"loss":0.25,"accuracy":0.5}"#);
//! # Ok::<(), serde_json::Error>(())
//! ```

#![forbid(unsafe_code)]

mod best_epoch;
mod config;
mod event;
mod interruption;
mod most_probable;
mod names;
mod run;
mod steps;
mod test_result;

pub use best_epoch::BestEpoch;
pub use config::{
    Checksums, Config, Data, Distortion, FeatureFiles, ImageFiles, Images, Optimizer, StepSettings,
    TrainingSettings,
};
pub use event::Event;
pub use interruption::{Cause, Interruption};
pub use most_probable::most_probable;
pub use names::Names;
pub use run::Run;
pub use steps::{Point, StepCurve};
pub use test_result::TestResult;
