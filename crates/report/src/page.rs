//! The page about a run: what stands where, and what it says of the training.

use maud::{Markup, PreEscaped, html};
use model::ModelError;

use crate::distorted;
use crate::numbers::{count, decimal, percent};
use crate::plots::{self, MOST_POINTS};
use crate::readings::Readings;
use crate::sections;
use crate::settings::settings;
use crate::tables;
use crate::thinned::thinned;
use record::Run;

/// The report of a run, a complete HTML document.
///
/// # Errors
/// If the test set doesn't fit the network.
pub fn page(run: &Run<'_>) -> Result<String, ModelError> {
    page_with(run, &run.names.classes)
}

/// The same with `names` for the classes.
fn page_with(run: &Run<'_>, names: &[String]) -> Result<String, ModelError> {
    let readings = Readings::of(run.network, run.test_set)?;
    let name = run.folder.display().to_string();
    let figures = figures(run, readings.mistakes.len());
    let header = sections::header("Training run", &name, notes(run), &figures);
    let main = html! {
        (curves(run))
        (distorted::sheet(run))
        (sections::readings(run.network, run.test_set, run.names, names, &readings))
        (details(run))
    };
    Ok(sections::document(&name, header, main))
}

/// The result of the run.
fn figures(run: &Run<'_>, wrong: usize) -> Vec<(String, String)> {
    let mut figures = vec![
        (percent(run.test.accuracy), "test accuracy".into()),
        (decimal(run.test.loss, 4), "test loss".into()),
        (count(wrong), format!("{} read wrong", run.test_set.plural())),
        (format!("{:.2} s", run.training_seconds()), "of training".into()),
        (count(run.config.parameters), "parameters".into()),
    ];
    if let Some(accuracy) = run.validation_accuracy() {
        figures.insert(2, (percent(accuracy), "validation accuracy".into()));
    }
    figures
}

/// How the training ended, which epoch is kept, and the page beside this one.
fn notes(run: &Run<'_>) -> Markup {
    html! {
        @if let Some(interruption) = run.interruption {
            p.note { "Ended early: " (interruption) "." }
        }
        @if let Some(best) = run.best {
            p.note { (best) "." }
        }
        @if let Some(file) = run.drawing {
            p.note { a href=(file) { "Draw for this network" } }
        }
    }
}

fn curves(run: &Run<'_>) -> Markup {
    let Run { epochs, steps, .. } = run;
    let set = if run.is_validated() { "validation set" } else { "test set" };
    let legend = html! {
        ul.legend {
            li.steps { "steps" } li.training { "training, mean of an epoch" } li.test { (set) }
        }
    };
    let (taken, points) = steps.counts();
    let mut limits = String::new();
    if points < taken {
        limits +=
            &format!(" The {} steps are drawn as {points} means of neighbours.", count(taken));
    }
    if epochs.len() > MOST_POINTS {
        let (every, _) = thinned(epochs, MOST_POINTS);
        limits += &format!(" Of the {} epochs, one in {every} is drawn.", count(epochs.len()));
    }
    let plot = |title: &str, svg: String, legend: &Markup, note: &str| {
        html! {
            figure.plot {
                h3 { (title) }
                div role="img" aria-label={ (title) " over the epochs" } { (PreEscaped(svg)) }
                (legend)
                figcaption { (note) (limits) }
            }
        }
    };
    html! {
        section {
            h2 { "Training" }
            div.pair {
                (plot("Loss", plots::loss(epochs, steps), &legend,
                    &format!("Crossentropy over the epochs, on a logarithmic axis. Steps are seen before their update. An \
                     epoch’s mean stands at its middle, the {set} at its end.")))
                (plot("Accuracy", plots::accuracy(epochs, steps), &legend,
                    &format!("Share of {} read right over the epochs. The axis does not begin at zero: steps below it lie on \
                     its lower edge.", run.test_set.plural())))
                @if let Some(svg) = plots::learning_rate(epochs.len(), steps) {
                    (plot("Learning rate", svg, &html! {}, "The learning rate of the steps over the epochs."))
                }
            }
        }
    }
}

fn details(run: &Run<'_>) -> Markup {
    html! {
        section {
            h2 { "Epochs" }
            div.scroll { (tables::epochs(run)) }
        }
        section {
            h2 { "Settings and machine" }
            div.pair { (settings(run)) (tables::machine(run)) }
        }
    }
}

#[cfg(test)]
mod tests;
