//! `driver predict`: test examples as a saved network reads them, shown or as lines of JSON.

use std::io::{self, BufWriter, Write};

use dataset::Set;
use model::Network;
use record::{Names, most_probable};
use serde::Serialize;

use crate::arguments::PredictArguments;
use crate::data::reading::probabilities;
use crate::data::test_set;
use crate::error::Error;
use crate::terminal::opening::{self, Machine};
use crate::terminal::shown::{first, show, show_with_bars};

/// Examples read at a time: each has a probability for each class.
const AT_A_TIME: usize = 256;

/// Shows the examples asked for, or the first ones of the test set.
pub(crate) fn predict(arguments: &PredictArguments, machine: Machine) -> Result<(), Error> {
    let mut out: Box<dyn Write> =
        if arguments.json { Box::new(io::sink()) } else { Box::new(io::stdout()) };
    opening::headline(&mut out, machine)?;
    let (saved, test) = test_set::load(
        &mut out,
        &arguments.model,
        &arguments.common,
        arguments.feature_names.as_deref(),
    )?;
    let (network, examples, names) = (&saved.network, test.examples(), test.names());
    let last = examples.len() - 1;
    if let Some(range) = arguments.index.iter().find(|range| *range.end() > last) {
        let (singular, index) = (examples.singular(), *range.end());
        return Err(Error::NoSuchExample { singular, index, last });
    }
    let indices: Vec<usize> = arguments.index.iter().cloned().flatten().collect();
    if arguments.json {
        let all = if indices.is_empty() { (0..=last).collect() } else { indices };
        return print(&mut io::stdout(), network, examples, names, &all);
    }
    writeln!(out)?;
    match indices.as_slice() {
        [] => show(&mut out, network, examples, names, &first(examples)),
        indices => show_with_bars(&mut out, network, examples, names, indices),
    }
}

/// An example as it is read, for a line of JSON.
#[derive(Serialize)]
struct Reading<'a> {
    index: usize,
    /// The class that is read.
    class: usize,
    /// Its name.
    label: &'a str,
    probability: f32,
    /// The name of the class that the data has for it.
    expected: &'a str,
    /// Of all classes.
    probabilities: &'a [f32],
}

/// Writes a line of JSON for each of the examples at `indices`.
fn print(
    out: &mut dyn Write,
    network: &Network,
    examples: Set<'_>,
    names: &Names,
    indices: &[usize],
) -> Result<(), Error> {
    let mut out = BufWriter::new(out);
    for indices in indices.chunks(AT_A_TIME) {
        let all = probabilities(network, examples, indices)?;
        for (&index, probabilities) in indices.iter().zip(all.chunks(network.classes())) {
            let class = most_probable(probabilities);
            let (label, expected) = (&names.classes[class], &names.classes[examples.label(index)]);
            let probability = probabilities[class];
            let reading = Reading { index, class, label, probability, expected, probabilities };
            serde_json::to_writer(&mut out, &reading).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(())
}
