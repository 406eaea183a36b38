//! The lines that open the output of a command: the machine, then the data.

use std::fmt::Display;
use std::io::{self, Write};
use std::time::Duration;

use console::{Alignment, measure_text_width, pad_str, truncate_str};
use dataset::{Examples, PictureSet, Set, Validation};
use indicatif::HumanCount;
use kernels::Isa;

use crate::data::features::TrainingFeatures;
use crate::data::source::Data;
use crate::run::plan::Plan;

/// How many labels are shown one-hot.
const FIRST_LABELS: usize = 5;
/// The widest name of a class in a table.
const WIDEST: usize = 24;
/// How many names of classes are shown.
const CLASSES_SHOWN: usize = 20;

/// The machine that computes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Machine {
    /// The instruction set of the kernels.
    pub(crate) isa: Isa,
    /// Threads in the pool.
    pub(crate) threads: usize,
}

/// The first line of every command: the machine and, if it will disappoint, why.
pub(crate) fn headline(out: &mut dyn Write, machine: Machine) -> io::Result<()> {
    let Machine { isa, threads } = machine;
    let plural = if threads == 1 { "" } else { "s" };
    write!(out, "{}, {threads} thread{plural}", isa.name())?;
    if cfg!(debug_assertions) {
        write!(out, "; not a release build and therefore slow: run with --release")?;
    }
    writeln!(out)
}

/// The line that says where the data is from.
pub(crate) fn origin(out: &mut dyn Write, origin: &dyn Display) -> io::Result<()> {
    writeln!(out, "Data from {origin}")
}

/// The lines that say where the data is from, and its shapes.
pub(crate) fn data(out: &mut dyn Write, data: &Data<PictureSet>) -> io::Result<()> {
    origin(out, &data.origin)?;
    writeln!(out)?;
    for (name, examples) in [("train", &data.examples.train), ("test", &data.examples.test)] {
        let (images, rows, columns) =
            (examples.len(), examples.image_rows(), examples.image_columns());
        writeln!(
            out,
            "  {:<14}{:<17}u8",
            format!("{name} images"),
            format!("({images}, {rows}, {columns})")
        )?;
        writeln!(out, "  {:<14}{:<17}u8", format!("{name} labels"), format!("({images},)"))?;
    }
    Ok(())
}

/// The lines that say where features are from, their shapes, and their classes.
pub(crate) fn features(out: &mut dyn Write, data: &TrainingFeatures) -> io::Result<()> {
    origin(out, &data.origin)?;
    writeln!(out)?;
    for (name, features) in [("train", &data.set.train), ("test", &data.set.test.features)] {
        let (rows, columns, non_zeros) =
            (features.len(), features.columns(), features.csr().non_zeros());
        writeln!(
            out,
            "  {:<14}{:<17}f32, {} non-zeros, {:.1} a row",
            format!("{name} rows"),
            format!("({rows}, {columns})"),
            HumanCount(non_zeros as u64),
            non_zeros as f64 / rows as f64
        )?;
        writeln!(out, "  {:<14}{:<17}u16", format!("{name} labels"), format!("({rows},)"))?;
    }
    writeln!(out)?;
    writeln!(out, "Indices begin with {}", data.names.base)?;
    class_names(out, &data.names.classes)
}

/// The line that names the classes.
fn class_names(out: &mut dyn Write, classes: &[String]) -> io::Result<()> {
    let shown = classes[..classes.len().min(CLASSES_SHOWN)].join(" ");
    let more = classes.len().saturating_sub(CLASSES_SHOWN);
    let more =
        if more > 0 { format!(" and {} more", HumanCount(more as u64)) } else { String::new() };
    writeln!(out, "{} classes: {shown}{more}", HumanCount(classes.len() as u64))
}

/// The line that says how many training examples are held out, if any are.
pub(crate) fn validation(
    out: &mut dyn Write,
    validation: Option<&Validation>,
    train: Set<'_>,
) -> io::Result<()> {
    let Some(Validation { train: rest, held_out }) = validation else { return Ok(()) };
    let [rest, held_out] = [rest, held_out].map(|part| HumanCount(part.len() as u64));
    let plural = train.plural();
    writeln!(out)?;
    writeln!(out, "{held_out} training {plural} are held out for validation, {rest} are trained on")
}

/// The line that says how many epochs a time is enough for.
pub(crate) fn plan(out: &mut dyn Write, limit: Duration, plan: Plan) -> io::Result<()> {
    let (epochs, limit) = (plan.epochs, humantime::format_duration(limit));
    if !plan.is_enough {
        return writeln!(out, "Less than an epoch in {limit}: the training ends before\n");
    }
    let plural = if epochs == 1 { "" } else { "s" };
    writeln!(out, "{epochs} epoch{plural} in {limit}; the same network again: --epochs {epochs}\n")
}

/// The names of the classes, if they have any, and the first labels as the distributions the network learns.
pub(crate) fn labels(out: &mut dyn Write, examples: &Examples, names: &[String]) -> io::Result<()> {
    if names.iter().enumerate().any(|(class, name)| *name != class.to_string()) {
        class_names(out, names)?;
        writeln!(out)?;
    }
    let (labels, classes) = (&examples.labels()[..examples.len().min(FIRST_LABELS)], names.len());
    let names = labels.iter().map(|&label| truncate_str(&names[usize::from(label)], WIDEST, "…"));
    let names: Vec<_> = names.collect();
    let width = names.iter().map(|name| measure_text_width(name)).max().unwrap_or(0).max(3);
    writeln!(out, "The first labels, plain and one-hot")?;
    writeln!(out)?;
    for (name, one_hot) in names.iter().zip(dataset::one_hot(labels, classes).chunks(classes)) {
        let name = pad_str(name, width, Alignment::Left, None);
        writeln!(out, "  {name} {}", joined(one_hot))?;
    }
    Ok(())
}

fn joined<T: Display>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(" ")
}
