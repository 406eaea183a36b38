//! `driver predict`: test examples as a saved network reads them, shown or as lines of JSON; or pictures of the user's own.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use dataset::Set;
use indicatif::HumanCount;
use model::Network;
use record::{Names, most_probable};

use crate::arguments::PredictArguments;
use crate::commands::predict_pictures::predict_pictures;
use crate::data::reading::probabilities;
use crate::data::test_set;
use crate::error::Error;
use crate::terminal::json::{self, Subject};
use crate::terminal::opening::{self, Machine};
use crate::terminal::shown::{first, show, show_with_bars};

/// Examples read at a time: each has a probability for each class.
const AT_A_TIME: usize = 256;

/// Shows the pictures or the examples asked for, or the first ones of the test set.
pub(crate) fn predict(arguments: &PredictArguments, machine: Machine) -> Result<ExitCode, Error> {
    let mut out: Box<dyn Write> =
        if arguments.json { Box::new(io::sink()) } else { Box::new(io::stdout()) };
    opening::headline(&mut out, machine)?;
    if !arguments.files.is_empty() {
        return predict_pictures(arguments);
    }
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
    let asked: Vec<usize> = arguments.index.iter().cloned().flatten().collect();
    let mut indices = match &asked[..] {
        [] if arguments.json || arguments.mistakes => (0..=last).collect(),
        [] => first(examples),
        asked => asked.to_vec(),
    };
    writeln!(out)?;
    if arguments.mistakes {
        let of = indices.len();
        indices = mistakes(network, examples, &indices)?;
        let [wrong, of] = [indices.len(), of].map(|count| HumanCount(count as u64));
        writeln!(out, "{wrong} of {of} test {} read wrongly\n", examples.plural())?;
    }
    if arguments.json {
        print(&mut io::stdout(), network, examples, names, &indices)?;
    } else if asked.is_empty() {
        show(&mut out, network, examples, names, &indices)?;
    } else {
        show_with_bars(&mut out, network, examples, names, &indices)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Those of the examples at `indices` in which another class is read than they have.
fn mistakes(network: &Network, examples: Set<'_>, indices: &[usize]) -> Result<Vec<usize>, Error> {
    let mut wrong = Vec::new();
    for indices in indices.chunks(AT_A_TIME) {
        let all = probabilities(network, examples, indices)?;
        let read = all.chunks(network.classes()).map(most_probable);
        let is_wrong = |&(&index, class): &(&usize, usize)| class != examples.label(index);
        wrong.extend(indices.iter().zip(read).filter(is_wrong).map(|(&index, _)| index));
    }
    Ok(wrong)
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
            let label = examples.label(index);
            json::line(&mut out, Subject::Index(index), probabilities, Some(label), names)?;
        }
    }
    out.flush()?;
    Ok(())
}
