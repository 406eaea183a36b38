//! The records of a run: its settings, its metrics, and its result.
//!
//! | of | use | in |
//! |---|---|---|
//! | the settings, `config.json` | [`Config`] with [`Data`], [`Checksums`], [`Optimizer`], [`Training`] | `config.rs` |
//! | the metrics, `metrics.jsonl` | [`Event`] | `event.rs` |
//! | the test set | [`TestResult`] | `test_result.rs` |
//! | the signal that ended a training | [`Interruption`] | `interruption.rs` |
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

mod config;
mod event;
mod interruption;
mod most_probable;
mod names;
mod run;
mod steps;
mod test_result;

pub use config::{Checksums, Config, Data, FeatureFiles, Images, Optimizer, Training};
pub use event::Event;
pub use interruption::Interruption;
pub use most_probable::most_probable;
pub use names::Names;
pub use run::Run;
pub use steps::{Point, StepCurve};
pub use test_result::TestResult;
