//! The page: what stands where, and what it says.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use model::ModelError;

use crate::confusion::Confusion;
use crate::heat_map::{MOST_COUNTED, MOST_NARROW, heat_map};
use crate::image::{self, Frame};
use crate::names::shortened;
use crate::numbers::{count, decimal, percent, two_digits};
use crate::plots::{self, MOST_POINTS};
use crate::readings::{Mistake, Readings};
use crate::tables;
use crate::thinned::thinned;
use crate::weights::{scale, strongest};
use record::Run;

/// How many classes are shown.
const CLASSES: usize = 256;
/// How many mistakes are shown.
const MISTAKES: usize = 20;
/// How many units of the first layer are shown.
const UNITS: usize = 32;
/// Pixels of a side of a mistake's image and of a unit's, at most: about as many as it has on the screen.
const MISTAKE_SIDE: usize = 128;
const UNIT_SIDE: usize = 96;
/// The longest name of a class, in parts of its height: sixty letters, some of them wide.
const LONGEST_NAME: f64 = 45.0;
const STYLE: &str = include_str!("style.css");

/// The report of a run, a complete HTML document.
///
/// # Errors
/// If the test set doesn't fit the network.
pub fn page(run: &Run<'_>) -> Result<String, ModelError> {
    let names: Vec<String> = (0..run.network.classes()).map(|class| class.to_string()).collect();
    page_with(run, &names)
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
                    (classes_section(&confusion, &names))
                    (mistakes_section(run, &mistakes, &names))
                    (weights_section(run, &names))
                    (details(run))
                }
            }
        }
    };
    Ok(page.into_string())
}

/// The run's name and what it came to.
fn header(run: &Run<'_>, name: &str, wrong: usize) -> Markup {
    let test = run.test();
    let figures = [
        (percent(test.accuracy), "test accuracy"),
        (decimal(test.loss, 4), "test loss"),
        (count(wrong), "images read wrong"),
        (format!("{:.2} s", run.training_seconds()), "of training"),
        (count(run.config.parameters), "parameters"),
    ];
    html! {
        header {
            p.kind { "Training run" }
            h1 { (name) }
            @if let Some(interruption) = run.interruption {
                p.note { (interruption) "." }
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
    let legend = html! {
        ul.legend {
            li.steps { "steps" } li.training { "training, mean of an epoch" } li.test { "test set" }
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
    let plot = |title: &str, svg: String, note: &str| {
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
                (plot("Loss", plots::loss(epochs, steps),
                    "Crossentropy over the epochs, on a logarithmic axis. Steps are seen before their update. An epoch’s mean \
                     stands at its middle, the test set at its end."))
                (plot("Accuracy", plots::accuracy(epochs, steps),
                    "Share of images read right over the epochs. The axis does not begin at zero: steps below it lie on its \
                     lower edge."))
            }
        }
    }
}

fn classes_section(confusion: &Confusion, names: &[String]) -> Markup {
    let shown = confusion.most_confused(CLASSES);
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
                        "Test images by label (rows) and by what they are read as (columns). Blue on the diagonal: \
                         right, shaded by the share of the row. Orange: wrong, shaded by their number."
                        @if shown.len() > MOST_COUNTED { " With so many classes, counts are left out." }
                    }
                }
                figure {
                    div.scroll.listed { (tables::classes(confusion, &shown, names)) }
                    figcaption {
                        "Precision: of the images read as a class, those that are of it. Recall: of the images of a class, \
                         those read as it. F1: their harmonic mean. A dash: there are none to take a share of."
                    }
                }
            }
        }
    }
}

fn mistakes_section(run: &Run<'_>, mistakes: &[Mistake], names: &[String]) -> Markup {
    let frame = frame(run, MISTAKE_SIDE);
    let shown = &mistakes[..mistakes.len().min(MISTAKES)];
    html! {
        section {
            h2 { "Most confident mistakes" }
            @if shown.is_empty() {
                p { "None: all " (count(run.test_set.len())) " test images are read right." }
            } @else {
                p {
                    @if shown.len() == mistakes.len() {
                        "All wrongly read test images, the greatest probability of a wrong reading first."
                    } @else {
                        "The " (shown.len()) " of " (count(mistakes.len()))
                        " wrongly read test images whose wrong reading has the greatest probability."
                    }
                    @if let Some(note) = frame.note() { " " (note) }
                }
                ol.mistakes {
                    @for mistake in shown {
                        li {
                            (frame.image("ink", &frame.ink(run.test_set.image(mistake.image)),
                                &format!("test image {}", mistake.image)))
                            dl {
                                div.reading {
                                    dt { "read as " b { (names[mistake.reading]) } }
                                    dd { (percent(mistake.probability.into())) }
                                }
                                div.label {
                                    dt { "label " b { (names[mistake.label]) } }
                                    dd { (percent(mistake.label_probability.into())) }
                                }
                            }
                            p { "image " (mistake.image) }
                        }
                    }
                }
            }
        }
    }
}

fn weights_section(run: &Run<'_>, names: &[String]) -> Markup {
    let layers = run.network.parameters();
    let frame = frame(run, UNIT_SIDE);
    let units = strongest(&layers, UNITS, &frame);
    let scale = scale(&units);
    let end = two_digits(scale.into());
    let mut weights = units.iter().flat_map(|unit| &unit.weights);
    // The units of an output layer are the classes.
    let name = |index: usize| match layers.len() {
        1 => names[index].clone(),
        _ => index.to_string(),
    };
    html! {
        section {
            h2 { "First layer" }
            p {
                @if layers.len() > 1 {
                    "What the " (units.len()) " strongest of " (count(layers[0].units)) " units look for: a weight a pixel. \
                     Strength is the norm of a unit’s incoming weights times the norm of its outgoing ones."
                } @else {
                    "What the " (units.len()) " strongest of " (count(layers[0].units)) " classes look for: a weight a \
                     pixel. Strength is the norm of a class’s weights."
                }
                " Pixels that are never lit keep the weights they began with. One weight in two hundred lies beyond the \
                 scale."
                @if let Some(note) = frame.note() { " " (note) }
                @if weights.any(|weight| !weight.is_finite()) {
                    " Some weights are not finite: infinite ones are drawn as the ends of the scale, the others are left out."
                }
            }
            p.scale {
                span { "−" (end) }
                i style={ "background:linear-gradient(to right," (image::gradient()) ")" } {}
                span { "+" (end) }
            }
            ol.weights {
                @for unit in &units {
                    li {
                        (frame.image("weight", &frame.diverging(&unit.weights, scale),
                            &format!("weights of unit {}", unit.index)))
                        p { (name(unit.index)) " · " (decimal(unit.strength, 2)) }
                    }
                }
            }
            p.note {
                "Below each: the " @if layers.len() > 1 { "unit’s number" } @else { "class" } " and the strength."
            }
        }
    }
}

/// For what is drawn in the size of the images.
fn frame(run: &Run<'_>, most: usize) -> Frame {
    Frame::new([run.test_set.image_rows(), run.test_set.image_columns()], most)
}

fn details(run: &Run<'_>) -> Markup {
    html! {
        section {
            h2 { "Epochs" }
            div.scroll { (tables::epochs(run)) }
        }
        section {
            h2 { "Settings and machine" }
            div.pair { (tables::settings(run)) (tables::machine(run)) }
        }
    }
}

#[cfg(test)]
mod tests;
