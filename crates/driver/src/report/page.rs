//! The page: what stands where, and what it says.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::confusion::Confusion;
use super::heat_map::{MOST_COUNTED, MOST_NARROW, heat_map};
use super::image;
use super::mistakes::{Mistake, mistakes};
use super::tables::{self, count};
use super::weights::{scale, strongest};
use super::{Run, percent, plots};
use crate::error::Error;
use crate::predict::most_probable;

/// How many mistakes are shown.
const MISTAKES: usize = 20;
/// How many units of the first layer are shown.
const UNITS: usize = 32;
const STYLE: &str = include_str!("style.css");

/// The report of a run, a complete HTML document.
///
/// # Errors
/// If the test set doesn't fit the network.
pub(crate) fn page(run: &Run<'_>) -> Result<String, Error> {
    let (network, test_set) = (run.network, run.test_set);
    let classes = network.classes();
    let probabilities = network.predict(test_set.rows())?;
    let readings = probabilities.chunks(classes).map(most_probable);
    let labels = test_set.labels().iter().map(|&label| usize::from(label));
    let confusion = Confusion::new(classes, labels.zip(readings));
    let mistakes = mistakes(&probabilities, classes, test_set.labels());

    let name = run.folder.display().to_string();
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
                title { (name) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (header(run, &name, mistakes.len()))
                main {
                    (curves(run))
                    (classes_section(&confusion))
                    (mistakes_section(run, &mistakes))
                    (weights_section(run))
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
        (format!("{:.4}", test.loss), "test loss"),
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
    let plot = |title: &str, svg: String, note: &str| {
        html! {
            figure.plot {
                h3 { (title) }
                div role="img" aria-label={ (title) " over the epochs" } { (PreEscaped(svg)) }
                (legend)
                figcaption { (note) }
            }
        }
    };
    html! {
        section {
            h2 { "Training" }
            div.pair {
                (plot("Loss", plots::loss(epochs, steps),
                    "Crossentropy over the epochs, on a logarithmic axis. Steps are seen before their update; many are drawn \
                     as means of neighbours. An epoch’s mean stands at its middle, the test set at its end."))
                (plot("Accuracy", plots::accuracy(epochs, steps),
                    "Share of images read right over the epochs. The axis does not begin at zero: steps below it lie on its \
                     lower edge."))
            }
        }
    }
}

fn classes_section(confusion: &Confusion) -> Markup {
    let classes = confusion.classes();
    html! {
        section {
            h2 { "Classes" }
            div class=(if classes > MOST_NARROW { "many" } else { "pair" }) {
                figure {
                    (heat_map(confusion))
                    figcaption {
                        "Test images by label (rows) and by what they are read as (columns). Blue on the diagonal: \
                         right, shaded by the share of the row. Orange: wrong, shaded by their number."
                        @if classes > MOST_COUNTED { " With so many classes, counts are left out." }
                    }
                }
                figure {
                    (tables::classes(confusion))
                    figcaption {
                        "Precision: of the images read as a class, those that are of it. Recall: of the images of a class, \
                         those read as it. F1: their harmonic mean. A dash: there are none to take a share of."
                    }
                }
            }
        }
    }
}

fn mistakes_section(run: &Run<'_>, mistakes: &[Mistake]) -> Markup {
    let columns = run.test_set.image_columns();
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
                }
                ol.mistakes {
                    @for mistake in shown {
                        li {
                            img.ink src=(image::ink(run.test_set.image(mistake.image), columns))
                                alt={ "test image " (mistake.image) };
                            dl {
                                div.reading {
                                    dt { "read as " b { (mistake.reading) } }
                                    dd { (percent(mistake.probability.into())) }
                                }
                                div.label {
                                    dt { "label " b { (mistake.label) } }
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

fn weights_section(run: &Run<'_>) -> Markup {
    let layers = run.network.parameters();
    let units = strongest(&layers, UNITS);
    let scale = scale(&units);
    // Two digits that count.
    let decimals = (1.0 - scale.log10().floor()).max(0.0) as usize;
    let columns = run.test_set.image_columns();
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
            }
            p.scale {
                span { (format!("−{scale:.decimals$}")) }
                i style={ "background:linear-gradient(to right," (image::gradient()) ")" } {}
                span { (format!("+{scale:.decimals$}")) }
            }
            ol.weights {
                @for unit in &units {
                    li {
                        img src=(image::diverging(&unit.weights, columns, scale)) alt={ "weights of unit " (unit.index) };
                        p { (unit.index) " · " (format!("{:.2}", unit.strength)) }
                    }
                }
            }
            p.note { "Below each: the unit’s number and strength." }
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
            div.pair { (tables::settings(run)) (tables::machine(run)) }
        }
    }
}
