//! A confusion matrix as a picture.

use maud::{Markup, html};

use super::confusion::Confusion;

/// Side of the picture in its own units, for a half of the page's width and for most of it.
const NARROW: f64 = 480.0;
const WIDE: f64 = 720.0;
/// What labels take of it, and the height of what is written there.
const MARGIN: f64 = 40.0;
const TEXT: f64 = 13.0;
/// With more classes, counts are too small to read and cells are told apart by colour alone.
pub(super) const MOST_COUNTED: usize = 30;
/// With more classes than this, the picture needs the width of the page for its counts.
pub(super) const MOST_NARROW: usize = 14;

/// Rows are labels, columns readings. What was read right is shaded by its share of the row, mistakes by their
/// number beside the most frequent one.
pub(super) fn heat_map(confusion: &Confusion) -> Markup {
    let classes = confusion.classes();
    let side = if classes > MOST_NARROW { WIDE } else { NARROW };
    let cell = (side - MARGIN) / classes as f64;
    let edge = |index: usize| MARGIN + index as f64 * cell;
    let middle = |index: usize| edge(index) + 0.5 * cell;
    let wrong = confusion.pairs().filter(|(label, reading, _)| label != reading);
    let most_wrong = wrong.map(|(_, _, count)| count).max().unwrap_or(0);
    let shade = |label: usize, reading: usize, count: usize| {
        let whole = if label == reading { confusion.labelled(label) } else { most_wrong };
        // Never so faint that it is missed, never so strong that the count on it cannot be read.
        format!("{:.2}", 0.1 + 0.45 * count as f64 / whole as f64)
    };
    // The width of a digit is about 0.6 of its height.
    let digits = confusion.pairs().map(|(_, _, count)| count.to_string().len()).max().unwrap_or(1);
    let size = (0.85 * cell / (0.6 * digits as f64)).min(0.36 * cell).min(TEXT);
    // Every class is named at the edges, or every second, third, … if names would touch.
    let name = 0.6 + 0.7 * (classes - 1).to_string().len() as f64;
    let named = (name * TEXT / cell).ceil() as usize;
    html! {
        svg.matrix viewBox={ "0 0 " (side) " " (side) } role="img"
            aria-label="Confusion matrix: rows are labels, columns readings" {
            @for (label, reading, count) in confusion.pairs() {
                rect class=(if label == reading { "right" } else { "wrong" }) x=(short(edge(reading))) y=(short(edge(label)))
                    width=(short(cell)) height=(short(cell)) fill-opacity=(shade(label, reading, count)) {
                    @if classes <= MOST_COUNTED {
                        title { "label " (label) ", read as " (reading) ": " (count) }
                    }
                }
            }
            @if classes <= MOST_COUNTED {
                g.counts font-size=(short(size)) {
                    @for (label, reading, count) in confusion.pairs() {
                        text x=(short(middle(reading))) y=(short(middle(label))) dy=".35em" { (count) }
                    }
                }
            }
            rect.frame x=(MARGIN) y=(MARGIN) width=(side - MARGIN) height=(side - MARGIN) {}
            g.classes font-size=(TEXT) {
                @for class in (0..classes).step_by(named) {
                    text x=(short(middle(class))) y=(short(MARGIN - 9.0)) { (class) }
                    text x=(short(MARGIN - 13.0)) y=(short(middle(class))) dy=".35em" { (class) }
                }
            }
            g.titles font-size=(TEXT) {
                text x=(short(0.5 * (side + MARGIN))) y="11" { "read as" }
                text transform={ "translate(10 " (0.5 * (side + MARGIN)) ") rotate(-90)" } { "label" }
            }
        }
    }
}

/// A coordinate to a hundredth.
fn short(number: f64) -> f64 {
    (100.0 * number).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_their_places_and_shades() {
        let images = [(0, 0), (0, 0), (0, 1), (1, 1)];
        let svg = heat_map(&Confusion::new(2, images.into_iter())).into_string();
        // Two cells of 220 each way, behind a margin of 40.
        for part in [
            r#"<rect class="right" x="40" y="40" width="220" height="220" fill-opacity="0.40">"#,
            r#"<rect class="wrong" x="260" y="40" width="220" height="220" fill-opacity="0.55">"#,
            r#"<rect class="right" x="260" y="260" width="220" height="220" fill-opacity="0.55">"#,
            r#"<text x="370" y="150" dy=".35em">1</text>"#,
            "<title>label 0, read as 1: 1</title>",
        ] {
            assert!(svg.contains(part), "no {part} in {svg}");
        }
        assert_eq!(svg.matches("<rect").count(), 4, "three pairs and the frame: {svg}");
    }

    #[test]
    fn many_classes_go_without_counts() {
        for classes in [1, 2, MOST_COUNTED, MOST_COUNTED + 1, 256] {
            let images = (0..classes).map(|class| (class, classes - 1 - class));
            let svg = heat_map(&Confusion::new(classes, images)).into_string();
            assert_eq!(svg.matches("<rect").count(), classes + 1, "{classes}");
            assert_eq!(svg.contains("<title>"), classes <= MOST_COUNTED, "{classes}");
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }
}
