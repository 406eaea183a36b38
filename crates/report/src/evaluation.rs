//! The page about a saved network on any data: that of a run, without the training.

use std::path::Path;

use dataset::Set;
use maud::html;
use model::{ModelError, Network};
use record::{Names, TestResult};

use crate::numbers::{count, decimal, percent};
use crate::readings::Readings;
use crate::sections;
use crate::settings::layers;
use crate::tables;

/// A network and the examples on which it was evaluated.
#[derive(Clone, Copy, Debug)]
pub struct Evaluation<'a> {
    /// The file of the network.
    pub model: &'a Path,
    /// The network.
    pub network: &'a Network,
    /// The examples.
    pub test_set: Set<'a>,
    /// Where they are from.
    pub origin: &'a str,
    /// The names of classes and features.
    pub names: &'a Names,
    /// How the network does on the examples.
    pub result: &'a TestResult,
}

/// The report of an evaluation, a complete HTML document.
///
/// # Errors
/// If the examples don't fit the network.
pub fn evaluation(of: &Evaluation<'_>) -> Result<String, ModelError> {
    let Evaluation { model, network, test_set, origin, names, result } = *of;
    let readings = Readings::of(network, test_set)?;
    let name = model.display().to_string();
    let figures = [
        (percent(result.accuracy), "accuracy".to_owned()),
        (decimal(result.loss, 4), "loss".to_owned()),
        (count(readings.mistakes.len()), format!("{} read wrong", test_set.plural())),
        (count(test_set.len()), test_set.plural().to_owned()),
        (count(network.parameter_count()), "parameters".to_owned()),
    ];
    let main = html! {
        (sections::readings(network, test_set, names, &names.classes, &readings))
        section {
            h2 { "Network and data" }
            (tables::list(&[
                ("Network", format!("{}, {} parameters", layers(&network.sizes()), count(network.parameter_count()))),
                ("Data from", origin.to_owned()),
                ("Test set", format!("{} {}", count(test_set.len()), test_set.plural())),
                ("Read once in", format!("{:.3} s", result.seconds)),
            ]))
        }
    };
    let header = sections::header("Evaluation", &name, html! {}, &figures);
    Ok(sections::document(&name, header, main))
}
