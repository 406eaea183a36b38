//! Rows of features on the terminal, each with the class that a network reads in it and the features that speak for that.

use std::io::Write;

use console::truncate_str;
use dataset::{Features, Set};
use model::{Contributions, Network};
use record::{Names, most_probable};

use crate::data::reading::probabilities;
use crate::error::Error;
use crate::terminal::class_bars::bars;
use crate::terminal::{draw, table};

/// How many features are named, and the widest name of one and of a class.
const FEATURES: usize = 5;
const WIDEST: usize = 24;

/// Writes a table: a line for each of the rows at `indices`.
pub(crate) fn show(
    out: &mut dyn Write,
    network: &Network,
    rows: &Features,
    names: &Names,
    indices: &[usize],
) -> Result<(), Error> {
    let probabilities = probabilities(network, Set::Features(rows), indices)?;
    let contributions = Contributions::new(network);
    let short = |name: &str| truncate_str(name, WIDEST, "…").into_owned();
    let mut lines =
        vec![["row", "read as", "label", "", "what speaks for the reading"].map(str::to_owned)];
    for (&index, probabilities) in indices.iter().zip(probabilities.chunks(network.classes())) {
        let class = most_probable(probabilities);
        let label = usize::from(rows.labels()[index]);
        lines.push([
            index.to_string(),
            format!("{} ({:.2} %)", short(&names.classes[class]), 100.0 * probabilities[class]),
            short(&names.classes[label]),
            if class == label { "" } else { "wrong" }.to_owned(),
            speaking(&contributions, rows, index, class, names),
        ]);
    }
    let widths = table::widths(&lines);
    for line in &lines {
        writeln!(out, "{}", table::row(line, widths))?;
    }
    writeln!(out)?;
    Ok(())
}

/// Writes for each of the rows at `indices` what is read, what speaks for it, and a bar for each class.
pub(crate) fn show_with_bars(
    out: &mut dyn Write,
    network: &Network,
    rows: &Features,
    names: &Names,
    indices: &[usize],
) -> Result<(), Error> {
    let probabilities = probabilities(network, Set::Features(rows), indices)?;
    let contributions = Contributions::new(network);
    let (width, colours) = (draw::terminal_width(), draw::colours());
    for (&index, probabilities) in indices.iter().zip(probabilities.chunks(network.classes())) {
        let class = most_probable(probabilities);
        let label = usize::from(rows.labels()[index]);
        let wrong = if class == label { "" } else { ", wrong" };
        let (read, right) = (&names.classes[class], &names.classes[label]);
        let speaking = speaking(&contributions, rows, index, class, names);
        for line in [
            format!("row {index}: read as {read} ({:.2} %)", 100.0 * probabilities[class]),
            format!("label {right}{wrong}"),
            format!("for {read}: {speaking}"),
        ] {
            writeln!(out, "{}", truncate_str(&line, width.max(1), "…"))?;
        }
        for line in draw::bars(&bars(probabilities, Some(label), names), width, colours) {
            writeln!(out, "{line}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The features of a row that add most to the logit of a class.
fn speaking(
    contributions: &Contributions<'_>,
    rows: &Features,
    index: usize,
    class: usize,
    names: &Names,
) -> String {
    let (columns, values) = rows.csr().row(index);
    let shares = contributions.of(columns, values, class, None);
    let mut all: Vec<(u32, f32)> = columns.iter().copied().zip(shares).collect();
    all.retain(|(_, share)| *share > 0.0);
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    let name = |&(column, _): &(u32, f32)| {
        let name = names.feature(column as usize);
        truncate_str(&name, WIDEST, "…").into_owned()
    };
    all.iter().take(FEATURES).map(name).collect::<Vec<_>>().join(" ")
}
