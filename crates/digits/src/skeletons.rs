//! The skeletons of the ten digits: what a pen draws before a hand distorts it.
//!
//! A digit has several [`Form`]s, ways to write it with different strokes. A form has several [`Drawing`](crate::form::Drawing)s of the same
//! strokes, point for point, and what is written lies between two of them: the form says which lines there are, its
//! drawings how far they move from writer to writer. A stroke passes smoothly through its points; a point that stands
//! twice is a corner.
//!
//! The tables were drawn by hand and, where a network trained on them misread MNIST's training images, extended by what
//! was missing.

#[rustfmt::skip]
mod tables;

use crate::form::Form;

/// No stroke has more points.
pub(super) const MOST_POINTS: usize = 13;

/// The forms of the digits 0 to 9.
pub(super) const DIGITS: [&[Form]; 10] = [
    tables::ZERO,
    tables::ONE,
    tables::TWO,
    tables::THREE,
    tables::FOUR,
    tables::FIVE,
    tables::SIX,
    tables::SEVEN,
    tables::EIGHT,
    tables::NINE,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Point, Stroke};

    /// Where a stroke has its corners.
    fn corners(stroke: Stroke) -> Vec<bool> {
        stroke.windows(2).map(|pair| pair[0] == pair[1]).collect()
    }

    #[test]
    fn the_drawings_of_a_form_agree_point_for_point() {
        for (digit, forms) in DIGITS.iter().enumerate() {
            for (f, form) in forms.iter().enumerate() {
                assert!(form.share > 0 && !form.drawings.is_empty(), "digit {digit}, form {f}");
                for (d, drawing) in form.drawings.iter().enumerate() {
                    let first = form.drawings[0];
                    assert_eq!(
                        drawing.len(),
                        first.len(),
                        "strokes of digit {digit}, form {f}, drawing {d}"
                    );
                    for (s, (stroke, of_first)) in drawing.iter().zip(first).enumerate() {
                        let name = format!("digit {digit}, form {f}, drawing {d}, stroke {s}");
                        assert_eq!(stroke.len(), of_first.len(), "points of {name}");
                        assert_eq!(corners(stroke), corners(of_first), "corners of {name}");
                        assert!((3..=MOST_POINTS).contains(&stroke.len()), "points of {name}");
                        let inside =
                            |&(x, y): &Point| (0..=100).contains(&x) && (0..=100).contains(&y);
                        assert!(stroke.iter().all(inside), "{name} leaves the box");
                    }
                }
            }
        }
    }
}
