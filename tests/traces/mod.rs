//! Following a recorded run: the steps of a fit are heard and compared with the recorded ones.

use std::ops::ControlFlow;

use model::{Observer, StepReport};
use serde_json::Value;

/// The steps of a fit, in order.
#[derive(Default)]
pub(crate) struct Steps {
    pub(crate) losses: Vec<f64>,
    pub(crate) accuracies: Vec<f64>,
}

impl Observer for Steps {
    fn on_step(&mut self, report: &StepReport) -> ControlFlow<()> {
        self.losses.push(report.loss);
        self.accuracies.push(report.accuracy);
        ControlFlow::Continue(())
    }
}

/// The array of numbers at `key`.
pub(crate) fn numbers(object: &Value, key: &str) -> Vec<f64> {
    let array = object[key].as_array().unwrap_or_else(|| panic!("no array {key:?}"));
    array.iter().map(|value| value.as_f64().expect("a number")).collect()
}

/// How far apart two numbers are, as a share of the recorded one.
pub(crate) fn relative(ours: f64, recorded: f64) -> f64 {
    (ours - recorded).abs() / recorded.abs()
}

/// Whether `ours` follows `recorded`: every difference within `tolerance`, which a NaN is not.
/// Either answer names the largest difference and where it is, counted from 1.
pub(crate) fn compare(
    ours: &[f64],
    recorded: &[f64],
    difference: fn(f64, f64) -> f64,
    tolerance: f64,
) -> Result<String, String> {
    if ours.len() != recorded.len() || ours.is_empty() {
        return Err(format!("{} numbers for {} recorded", ours.len(), recorded.len()));
    }
    // `total_cmp` sorts a positive NaN last, so a NaN is the worst; `abs` makes it positive.
    let (at, worst) = ours
        .iter()
        .zip(recorded)
        .map(|(&ours, &recorded)| difference(ours, recorded).abs())
        .enumerate()
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .expect("not empty");
    let report = format!(
        "off by {worst:.1e} at number {} of {}: {} for {}; allowed {tolerance:.0e}",
        at + 1,
        ours.len(),
        ours[at],
        recorded[at],
    );
    if worst <= tolerance { Ok(report) } else { Err(report) }
}
