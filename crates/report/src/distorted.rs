//! The training pictures as the epochs of a training saw them, where they were distorted anew in each.

use dataset::{Augmented, Examples, Set};
use maud::{Markup, html};
use record::Run;

use crate::image::Frame;

/// Pictures that are shown, and epochs of each.
const PICTURES: usize = 10;
const EPOCHS: usize = 4;
/// Pixels of a side of a picture, at most: about as many as it has on the screen.
const SIDE: usize = 64;

/// A sheet of forty distorted pictures below what they were made of; nothing if none were distorted.
pub(crate) fn sheet(run: &Run<'_>) -> Markup {
    let (Set::Images(examples), Some(distortion)) = (run.train_set, run.config.training.distortion)
    else {
        return html! {};
    };
    // What was trained on can be drawn again.
    Augmented::new(examples, distortion.into(), run.config.seed)
        .map_or_else(|_| html! {}, |augmented| drawn(run, examples, &augmented))
}

fn drawn(run: &Run<'_>, examples: &Examples, augmented: &Augmented<'_>) -> Markup {
    let size = [examples.image_rows(), examples.image_columns()];
    let frame = Frame::new(size, SIDE);
    let shown: Vec<usize> = match run.trained_on {
        Some(chosen) => chosen.iter().take(PICTURES).map(|&i| i as usize).collect(),
        None => (0..examples.len().min(PICTURES)).collect(),
    };
    let picture = |pixels: &[u8], name: &str| frame.image("ink", &frame.ink(pixels), name);
    html! {
        section {
            h2 { "Distorted pictures" }
            p {
                "Each epoch saw the training images distorted anew. The first row has the first " (shown.len())
                " as they are, the rows below as the epochs 1 to " (EPOCHS) " see them."
                @if let Some(note) = frame.note() { " " (note) }
            }
            ol.distorted {
                @for &i in &shown {
                    li {
                        (picture(examples.image(i), &format!("training image {i}")))
                        @for epoch in 1..=EPOCHS {
                            (picture(&augmented.augment_one(epoch, i),
                                &format!("training image {i}, distorted for epoch {epoch}")))
                        }
                    }
                }
            }
        }
    }
}
