//! The drawings of a run on pictures: its mistakes, and what the first layer looks for.

use dataset::Examples;
use maud::{Markup, html};
use model::Network;

use crate::image::{self, Frame};
use crate::numbers::{count, decimal, percent, two_digits};
use crate::readings::Mistake;
use crate::weights::{scale, strongest};

/// How many mistakes are shown.
const MISTAKES: usize = 20;
/// How many units of the first layer are shown.
const UNITS: usize = 32;
/// Pixels of a side of a mistake's image and of a unit's, at most: about as many as it has on the screen.
const MISTAKE_SIDE: usize = 128;
const UNIT_SIDE: usize = 96;

/// The images whose wrong reading is the most confident.
pub(crate) fn mistakes(images: &Examples, mistakes: &[Mistake], names: &[String]) -> Markup {
    let frame = frame(images, MISTAKE_SIDE);
    let shown = &mistakes[..mistakes.len().min(MISTAKES)];
    html! {
        section {
            h2 { "Most confident mistakes" }
            @if shown.is_empty() {
                p { "None: all " (count(images.len())) " test images are read right." }
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
                            (frame.image("ink", &frame.ink(images.image(mistake.example)),
                                &format!("test image {}", mistake.example)))
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
                            p { "image " (mistake.example) }
                        }
                    }
                }
            }
        }
    }
}

/// The weights of the strongest units of the first layer.
pub(crate) fn weights(network: &Network, images: &Examples, names: &[String]) -> Markup {
    let layers = network.parameters();
    let frame = frame(images, UNIT_SIDE);
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
fn frame(images: &Examples, most: usize) -> Frame {
    Frame::new([images.image_rows(), images.image_columns()], most)
}
