//! Probabilities as a bar chart.

use std::fmt::Display;

use console::{Alignment, Style, measure_text_width, pad_str, truncate_str};

/// Parts of a character that a bar may end with, in eighths.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
/// Columns of the longest bar: longer ones are no easier to compare.
const LONGEST: usize = 38;
/// Columns of the narrowest chart that still says something.
pub(crate) const NARROWEST: usize = 24;
/// The widest text that follows a bar.
const PERCENT: &str = " 100.00 %";

/// A class with its probability.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bar<C = usize> {
    /// The class, as it is shown.
    pub(crate) class: C,
    /// Between 0 and 1.
    pub(crate) probability: f32,
    /// The verdict that its colour shows, if there are colours.
    pub(crate) verdict: Option<Verdict>,
}

/// A class that is coloured: the label, or a wrong reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// It is the label.
    Right,
    /// It was read, and is not the label.
    Wrong,
}

/// A line a bar, at most `width` columns, if that is [`NARROWEST`] or more: class, bar, percent. A long name of a class is
/// cut off and leaves half of the room to the bar.
pub(crate) fn bars<C: Display>(bars: &[Bar<C>], width: usize, colours: bool) -> Vec<String> {
    let names: Vec<String> = bars.iter().map(|bar| bar.class.to_string()).collect();
    let longest_name = names.iter().map(|name| measure_text_width(name)).max().unwrap_or(0);
    let room = width.max(NARROWEST) - 1 - PERCENT.len();
    let name_width = longest_name.min(room / 2);
    let longest = (room - name_width).min(LONGEST);
    let line = |(bar, name): (&Bar<C>, &String)| {
        let eighths = (f64::from(bar.probability) * 8.0 * longest as f64).round() as usize;
        let drawn = format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8]);
        let style = match bar.verdict {
            None => Style::new(),
            Some(Verdict::Right) => Style::new().green(),
            Some(Verdict::Wrong) => Style::new().red(),
        };
        let name = truncate_str(name, name_width, "…");
        let name = pad_str(&name, name_width, Alignment::Right, None);
        let text = format!("{name} {drawn:<longest$} {:>6.2} %", 100.0 * bar.probability);
        style.force_styling(colours).apply_to(text).to_string()
    };
    bars.iter().zip(&names).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(shares: &[(usize, f32)], width: usize) -> Vec<String> {
        let bar = |&(class, probability): &(usize, f32)| Bar { class, probability, verdict: None };
        bars(&shares.iter().map(bar).collect::<Vec<_>>(), width, false)
    }

    #[test]
    fn bars_are_as_long_as_they_are_probable() {
        // 26 columns: two for the class, one between, nine for the percent, 14 for the bar.
        assert_eq!(
            chart(&[(9, 0.0), (10, 0.25), (11, 1.0)], 26),
            [
                " 9                  0.00 %",
                "10 ███▌            25.00 %",
                "11 ██████████████ 100.00 %",
            ]
        );
        // As wide as there is room for, and no wider than the longest bar needs.
        for (width, drawn) in [(0, NARROWEST), (30, 30), (200, 3 + 1 + LONGEST + 9)] {
            let lines = chart(&[(255, 0.3), (0, 1.0)], width);
            assert!(lines.iter().all(|line| line.chars().count() == drawn), "{width}: {lines:?}");
        }
    }

    #[test]
    fn long_names_leave_room_for_bars() {
        let names =
            ["lesser spotted woodpecker of the northern hills, juvenile, m", "owl", "65535"];
        let bar = |&class: &&'static str| Bar { class, probability: 1.0, verdict: None };
        let all: Vec<Bar<&str>> = names.iter().map(bar).collect();
        assert_eq!(
            bars(&all, 34, false),
            [
                "lesser spot… ████████████ 100.00 %",
                "         owl ████████████ 100.00 %",
                "       65535 ████████████ 100.00 %",
            ]
        );
        for width in [0, NARROWEST, 25, 79, 80, 200] {
            for lines in [bars(&all, width, false), bars(&all[1..], width, false)] {
                let widths: Vec<usize> =
                    lines.iter().map(|line| measure_text_width(line)).collect();
                assert!(widths.iter().all(|&one| one == widths[0]), "{width}: {lines:?}");
                assert!(widths[0] <= width.max(NARROWEST), "{width}: {lines:?}");
            }
        }
        assert!(bars(&all, 200, false)[0].starts_with(names[0]), "there is room for it all");
    }

    #[test]
    fn colours_say_what_is_right() {
        let bar = |verdict| Bar { class: 1, probability: 0.5, verdict };
        let all = [bar(None), bar(Some(Verdict::Right)), bar(Some(Verdict::Wrong))];
        let coloured = bars(&all, 30, true);
        assert!(!coloured[0].contains('\x1b'), "{coloured:?}");
        assert!(
            coloured[1].starts_with("\x1b[32m") && coloured[1].ends_with("\x1b[0m"),
            "{coloured:?}"
        );
        assert!(coloured[2].starts_with("\x1b[31m"), "{coloured:?}");
        assert!(bars(&all, 30, false).iter().all(|line| !line.contains('\x1b')));
    }
}
