//! A confusion matrix as a picture.

use maud::{Markup, html};

use crate::confusion::Confusion;
use crate::image;
use crate::names::{shortened, width};
use crate::numbers::round_step;

/// Width of the picture in its own units, for a half of the page's width and for most of it.
const NARROW: f64 = 480.0;
const WIDE: f64 = 720.0;
/// The height of what is written beside the cells.
const TEXT: f64 = 13.0;
/// The height of the titles of rows and columns, and the room between names and cells.
const TITLE: f64 = 22.0;
const GAP: f64 = 7.0;
/// The longest name, in parts of its height: about twenty letters. Longer ones are cut off.
const LONGEST: f64 = 12.0;
/// Names longer than numbers are stand upright over columns that are narrower.
const LONGEST_LEVEL: f64 = 3.5;
/// With more classes, counts are too small to read and cells are told apart by colour alone.
pub(crate) const MOST_COUNTED: usize = 30;
/// With more classes than this, the picture needs the width of the page for its counts.
pub(crate) const MOST_NARROW: usize = 14;

/// Rows are labels, columns readings, both of the classes `shown`, which are in order. What was read right is shaded by its
/// share of all images of its label, mistakes by their number beside the most frequent one.
pub(crate) fn heat_map(confusion: &Confusion, shown: &[usize], names: &[String]) -> Markup {
    let classes = shown.len();
    let written: Vec<String> =
        shown.iter().map(|&class| shortened(&names[class], LONGEST)).collect();
    let longest = written.iter().map(|name| width(name)).fold(0.0, f64::max);
    let whole = if classes > MOST_NARROW { WIDE } else { NARROW };
    let left = TITLE + longest * TEXT + GAP;
    let side = whole - left;
    let cell = side / classes as f64;
    let (name_width, name_height) = ((longest + 0.3) * TEXT, 1.2 * TEXT);
    let upright = name_width > cell && (longest > LONGEST_LEVEL || name_height <= cell);
    let top = if upright { left } else { TITLE + TEXT + GAP };
    // Every class is named at the edges, or every second, fifth, tenth, … if names would touch.
    let room = if upright { name_height } else { name_width.max(name_height) };
    let named = round_step((room / cell).ceil() as usize);

    let pairs = confusion.pairs(shown);
    let wrong = pairs.iter().filter(|(label, reading, _)| label != reading);
    let most_wrong = wrong.map(|&(_, _, count)| count).max().unwrap_or(0);
    let strength = |label: usize, reading: usize, count: usize| {
        let whole = if label == reading { confusion.labelled(shown[label]) } else { most_wrong };
        count as f64 / whole as f64
    };
    let middle = |place: usize| (place as f64 + 0.5) * cell;
    html! {
        svg.matrix viewBox={ "0 0 " (whole) " " (short(top + side)) } role="img"
            aria-label="Confusion matrix: rows are labels, columns readings" {
            g transform={ "translate(" (short(left)) " " (short(top)) ")" } {
                @if classes <= MOST_COUNTED {
                    (counted(&pairs, cell, strength, |place| &names[shown[place]]))
                } @else {
                    @let shades = pairs.iter().map(|&(label, reading, count)| {
                        (label, reading, label == reading, strength(label, reading, count))
                    });
                    image width=(short(side)) height=(short(side)) href=(image::matrix(classes, shades)) {}
                }
                rect.frame width=(short(side)) height=(short(side)) {}
                g.classes font-size=(TEXT) {
                    @for place in (0..classes).step_by(named) {
                        text.row x=(-GAP) y=(short(middle(place))) dy=".35em" { (written[place]) }
                        @if upright {
                            text.upright transform={ "translate(" (short(middle(place))) " " (-GAP) ") rotate(-90)" }
                                dy=".35em" { (written[place]) }
                        } @else {
                            text x=(short(middle(place))) y=(-GAP) { (written[place]) }
                        }
                    }
                }
                g.titles font-size=(TEXT) {
                    text x=(short(0.5 * side)) y=(short(11.0 - top)) { "read as" }
                    text transform={ "translate(" (short(10.0 - left)) " " (short(0.5 * side)) ") rotate(-90)" } { "label" }
                }
            }
        }
    }
}

/// Cells with their counts on them; `name` is that of the class at a place.
fn counted<'a>(
    pairs: &[(usize, usize, usize)],
    cell: f64,
    strength: impl Fn(usize, usize, usize) -> f64,
    name: impl Fn(usize) -> &'a String,
) -> Markup {
    let edge = |place: usize| short(place as f64 * cell);
    let middle = |place: usize| short((place as f64 + 0.5) * cell);
    // Never so faint that it is missed, never so strong that the count on it cannot be read.
    let shade =
        |label, reading, count| format!("{:.2}", 0.1 + 0.45 * strength(label, reading, count));
    // The width of a digit is about 0.6 of its height.
    let digits = pairs.iter().map(|(_, _, count)| count.to_string().len()).max().unwrap_or(1);
    let size = (0.85 * cell / (0.6 * digits as f64)).min(0.36 * cell).min(TEXT);
    html! {
        @for &(label, reading, count) in pairs {
            rect class=(if label == reading { "right" } else { "wrong" }) x=(edge(reading)) y=(edge(label))
                width=(short(cell)) height=(short(cell)) fill-opacity=(shade(label, reading, count)) {
                title { "label " (name(label)) ", read as " (name(reading)) ": " (count) }
            }
        }
        g.counts font-size=(short(size)) {
            @for &(label, reading, count) in pairs {
                text x=(middle(reading)) y=(middle(label)) dy=".35em" { (count) }
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
    use testing::Random;

    use super::*;
    use crate::confusion::tests::confusion;

    fn numbers(classes: usize) -> Vec<String> {
        (0..classes).map(|class| class.to_string()).collect()
    }

    fn drawn(confusion: &Confusion, names: &[String]) -> String {
        let shown: Vec<usize> = (0..confusion.classes()).collect();
        heat_map(confusion, &shown, names).into_string()
    }

    /// All numbers behind `name="` or `name=`.
    fn numbers_of(svg: &str, name: &str) -> Vec<f64> {
        let found = svg.split(name).skip(1);
        found.map(|rest| rest.split(['"', ' ', ')']).next().unwrap().parse().unwrap()).collect()
    }

    #[test]
    fn cells_have_their_places_and_shades() {
        let svg = drawn(&confusion(2, [(0, 0), (0, 0), (0, 1), (1, 1)]), &numbers(2));
        // Behind 22 for the title, 8.3 for a digit and 7 between stand two cells of 221.34 each way.
        for part in [
            r#"<g transform="translate(37.32 42)">"#,
            r#"<rect class="right" x="0" y="0" width="221.34" height="221.34" fill-opacity="0.40">"#,
            r#"<rect class="wrong" x="221.34" y="0" width="221.34" height="221.34" fill-opacity="0.55">"#,
            r#"<rect class="right" x="221.34" y="221.34" width="221.34" height="221.34" fill-opacity="0.55">"#,
            r#"<text x="332.01" y="110.67" dy=".35em">1</text>"#,
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
            let svg = drawn(&confusion(classes, images), &numbers(classes));
            let few = classes <= MOST_COUNTED;
            assert_eq!(
                svg.matches("<rect").count(),
                if few { classes + 1 } else { 1 },
                "{classes}"
            );
            assert_eq!(svg.contains("<title>"), few, "{classes}");
            assert_eq!(svg.contains("<image"), !few, "{classes}");
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }

    #[test]
    fn only_the_classes_shown_are_drawn() {
        let confusion = confusion(65_536, [(7, 7), (7, 65_535), (65_535, 65_535), (3, 7), (7, 3)]);
        let names = numbers(65_536);
        let svg = heat_map(&confusion, &[7, 65_535], &names).into_string();
        assert_eq!(svg.matches("<rect").count(), 4, "three pairs and the frame: {svg}");
        assert!(svg.contains("label 7, read as 65535: 1") && !svg.contains("read as 3"), "{svg}");
        // Of the three images labelled 7, one is right: a third, though only two readings are shown.
        assert!(svg.contains("fill-opacity=\"0.25\""), "{svg}");
    }

    #[test]
    fn names_stay_within_the_picture_and_apart() {
        let long = |class: usize| {
            format!("{class} lesser spotted woodpecker of the northern hills, juvenile")
        };
        for (classes, first, named) in
            [(10, 0, 1), (10, 65_526, 1), (30, 0, 1), (256, 0, 20), (256, 65_280, 20)]
        {
            let names: Vec<String> = (0..65_536).map(|class: usize| class.to_string()).collect();
            let confusion = confusion(65_536, [(first, first)]);
            let shown: Vec<usize> = (first..first + classes).collect();
            let svg = heat_map(&confusion, &shown, &names).into_string();
            assert_eq!(
                svg.matches("<text class=\"row\"").count(),
                classes.div_ceil(named),
                "{svg}"
            );
            let left = numbers_of(&svg, "<g transform=\"translate(")[0];
            let longest = shown.iter().map(|class| class.to_string().len()).max().unwrap();
            assert!(left >= TITLE + 0.6 * TEXT * longest as f64 + GAP, "{left}: {svg}");
        }
        let confusion = confusion(12, [(0, 11)]);
        let names: Vec<String> = (0..12).map(long).collect();
        let svg = drawn(&confusion, &names);
        assert!(
            svg.contains(
                "<text class=\"row\" x=\"-7\" y=\"12.68\" dy=\".35em\">0 lesser spotted…</text>"
            ),
            "{svg}"
        );
        assert_eq!(svg.matches("<text class=\"upright\"").count(), 12, "{svg}");
        assert!(svg.contains(&format!("label {}, read as {}: 1", names[0], names[11])), "{svg}");
        let [left, top] = [0, 1].map(|axis| {
            let place = svg.split("<g transform=\"translate(").nth(1).unwrap();
            place.split([' ', ')']).nth(axis).unwrap().parse::<f64>().unwrap()
        });
        assert!(left == top && left > TITLE + 11.0 * TEXT && left < 0.5 * NARROW, "{left} {top}");
    }

    #[test]
    fn the_largest_pictures_are_small() {
        for (classes, most) in [(MOST_COUNTED, 750_000), (256, 100_000)] {
            // Every pair occurs, with counts that no compression can foresee.
            let (mut all, mut random) = (Confusion::new(classes), Random(1));
            for pair in 0..classes * classes {
                (0..=random.below(16)).for_each(|_| all.push(pair / classes, pair % classes));
            }
            let svg = drawn(&all, &vec!["&".repeat(60); classes]);
            assert!((most / 3..most).contains(&svg.len()), "{classes}: {} bytes", svg.len());
        }
    }
}
