//! The parts that pages have in common: the frame around each, and what is said about the readings of a network.

use dataset::Set;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use model::Network;
use record::Names;

use crate::confusion::Confusion;
use crate::features;
use crate::heat_map::{MOST_COUNTED, MOST_NARROW, heat_map};
use crate::names::shortened;
use crate::numbers::count;
use crate::pictures;
use crate::readings::Readings;
use crate::tables;

/// How many classes are shown.
const CLASSES: usize = 256;
/// The longest name of a class, in parts of its height: sixty letters, some of them wide.
const LONGEST_NAME: f64 = 45.0;
const STYLE: &str = include_str!("style.css");

/// A complete HTML document.
pub(crate) fn document(title: &str, header: Markup, main: Markup) -> String {
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
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (header)
                main { (main) }
            }
        }
    };
    page.into_string()
}

/// The kind of a page, the name of what it is about, and what that came to: figures with their meanings.
pub(crate) fn header(
    kind: &str,
    name: &str,
    notes: Markup,
    figures: &[(String, String)],
) -> Markup {
    html! {
        header {
            p.kind { (kind) }
            h1 { (name) }
            (notes)
            ul.figures {
                @for (figure, meaning) in figures {
                    li { strong { (figure) } " " span { (meaning) } }
                }
            }
        }
    }
}

/// The classes, the mistakes, and what the network looks for; `classes` are the classes' names.
pub(crate) fn readings(
    network: &Network,
    test_set: Set<'_>,
    names: &Names,
    classes: &[String],
    readings: &Readings,
) -> Markup {
    let Readings { confusion, mistakes } = readings;
    let classes: Vec<String> = classes.iter().map(|name| shortened(name, LONGEST_NAME)).collect();
    html! {
        (classes_section(confusion, test_set, &classes))
        @match test_set {
            Set::Images(images) => {
                (pictures::mistakes(images, mistakes, &classes))
                (pictures::weights(network, images, &classes))
            }
            Set::Features(rows) => {
                (features::telling(network, rows, names, &confusion.most_confused(CLASSES), &classes))
                (features::mistakes(network, rows, names, mistakes, &classes))
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
