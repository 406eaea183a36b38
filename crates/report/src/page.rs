//! The page: what stands where, and what it says.

use dataset::Set;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use model::ModelError;

use crate::confusion::Confusion;
use crate::distorted;
use crate::features;
use crate::heat_map::{MOST_COUNTED, MOST_NARROW, heat_map};
use crate::names::shortened;
use crate::numbers::{count, decimal, percent};
use crate::pictures;
use crate::plots::{self, MOST_POINTS};
use crate::readings::Readings;
use crate::settings::settings;
use crate::tables;
use crate::thinned::thinned;
use record::Run;

/// How many classes are shown.
const CLASSES: usize = 256;
/// The longest name of a class, in parts of its height: sixty letters, some of them wide.
const LONGEST_NAME: f64 = 45.0;
const STYLE: &str = include_str!("style.css");

/// The report of a run, a complete HTML document.
///
/// # Errors
/// If the test set doesn't fit the network.
pub fn page(run: &Run<'_>) -> Result<String, ModelError> {
    page_with(run, &run.names.classes)
}

/// The same with `names` for the classes.
fn page_with(run: &Run<'_>, names: &[String]) -> Result<String, ModelError> {
    let Readings { confusion, mistakes } = Readings::of(run.network, run.test_set)?;
    let names: Vec<String> = names.iter().map(|name| shortened(name, LONGEST_NAME)).collect();
    let folder = run.folder.display().to_string();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                // The browser holds the page to its word.
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; img-src data:; style-src 'unsafe-inline'";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (folder) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (header(run, &folder, mistakes.len()))
                main {
                    (curves(run))
                    (distorted::sheet(run))
                    (classes_section(&confusion, run.test_set, &names))
                    @match run.test_set {
                        Set::Images(images) => {
                            (pictures::mistakes(images, &mistakes, &names))
                            (pictures::weights(run.network, images, &names))
                        }
                        Set::Features(rows) => {
                            (features::telling(run, rows, &confusion.most_confused(CLASSES), &names))
                            (features::mistakes(run, rows, &mistakes, &names))
                        }
                    }
                    (details(run))
                }
            }
        }
    };
    Ok(page.into_string())
}

/// The run's name and what it came to.
fn header(run: &Run<'_>, name: &str, wrong: usize) -> Markup {
    let read_wrong = format!("{} read wrong", run.test_set.plural());
    let mut figures = vec![
        (percent(run.test.accuracy), "test accuracy"),
        (decimal(run.test.loss, 4), "test loss"),
        (count(wrong), &read_wrong),
        (format!("{:.2} s", run.training_seconds()), "of training"),
        (count(run.config.parameters), "parameters"),
    ];
    if let Some(accuracy) = run.validation_accuracy() {
        figures.insert(2, (percent(accuracy), "validation accuracy"));
    }
    html! {
        header {
            p.kind { "Training run" }
            h1 { (name) }
            @if let Some(interruption) = run.interruption {
                p.note { "Ended early: " (interruption) "." }
            }
            @if let Some(best) = run.best {
                p.note { (best) "." }
            }
            ul.figures {
                @for (figure, meaning) in figures {
                    li { strong { (figure) } " " span { (meaning) } }
                }
            }
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

fn classes_section(confusion: &Confusion, test_set: Set<'_>, names: &[String]) -> Markup {
    let shown = confusion.most_confused(CLASSES);
    let examples = test_set.plural();
    html! {
        section {
            h2 { "Classes" }
            @if shown.len() < confusion.classes() {
                p {
                    "The " (shown.len()) " of " (count(confusion.classes())) " classes that take part in the most mistakes, as \
                     the label or as the reading."
                }
            }
            div class=(if shown.len() > MOST_NARROW { "many" } else { "pair" }) {
                figure {
                    div.scroll { (heat_map(confusion, &shown, names)) }
                    figcaption {
                        "Test " (examples) " by label (rows) and by what they are read as (columns). Blue on the diagonal: \
                         right, shaded by the share of the row. Orange: wrong, shaded by their number."
                        @if shown.len() > MOST_COUNTED { " With so many classes, counts are left out." }
                    }
                }
                figure {
                    div.scroll.listed { (tables::classes(confusion, &shown, names, if let Set::Images(_) = test_set { "Images" } else { "Rows" })) }
                    figcaption {
                        "Precision: of the " (examples) " read as a class, those that are of it. Recall: of the " (examples) " of a class, \
                         those read as it. F1: their harmonic mean. A dash: there are none to take a share of."
                    }
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
