//! Probabilities as a bar chart.

use console::Style;

/// Parts of a character that a bar may end with, in eighths.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
/// Columns of the widest chart: longer bars are no easier to compare.
const WIDEST: usize = 50;
/// Columns of the narrowest chart that still says something.
pub(crate) const NARROWEST: usize = 24;
/// What follows a bar.
const PERCENT: &str = " 100.00 %";

/// A class with its probability.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bar {
    /// The class.
    pub(crate) class: usize,
    /// Between 0 and 1.
    pub(crate) probability: f32,
    /// What its colour says, if there are colours.
    pub(crate) verdict: Option<Verdict>,
}

/// What there is to say about a class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// It is the label.
    Right,
    /// It was read, and is not the label.
    Wrong,
}

/// A line a bar, at most `width` columns: class, bar, percent.
pub(crate) fn bars(bars: &[Bar], width: usize, colours: bool) -> Vec<String> {
    let names = bars.iter().map(|bar| bar.class.to_string().len()).max().unwrap_or(0);
    let longest = width.clamp(NARROWEST, WIDEST) - names - 1 - PERCENT.len();
    let line = |bar: &Bar| {
        let &Bar { class, probability, verdict } = bar;
        let eighths = (f64::from(probability) * 8.0 * longest as f64).round() as usize;
        let drawn = format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8]);
        let style = match verdict {
            None => Style::new(),
            Some(Verdict::Right) => Style::new().green(),
            Some(Verdict::Wrong) => Style::new().red(),
        };
        let text = format!("{class:>names$} {drawn:<longest$} {:>6.2} %", 100.0 * probability);
        style.force_styling(colours).apply_to(text).to_string()
    };
    bars.iter().map(line).collect()
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
        for (width, drawn) in [(0, NARROWEST), (30, 30), (200, WIDEST)] {
            let lines = chart(&[(255, 0.3), (0, 1.0)], width);
            assert!(lines.iter().all(|line| line.chars().count() == drawn), "{width}: {lines:?}");
        }
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
