//! Pictures and charts as text, and how they share the width of the terminal.

mod bars;
mod picture;

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};

use console::{Alignment, Term, measure_text_width, pad_str, truncate_str};

pub(crate) use bars::{Bar, NARROWEST, Verdict, bars};
pub(crate) use picture::Picture;

/// The columns of an output that is no terminal.
const DEFAULT_WIDTH: usize = 80;
/// Columns between neighbours.
pub(crate) const GAP: usize = 2;

/// How many columns standard output has.
pub(crate) fn terminal_width() -> usize {
    Term::stdout().size_checked().map_or(DEFAULT_WIDTH, |(_, columns)| columns.into())
}

/// Whether standard output takes colours. `console` asks the terminal, `CLICOLOR` and `CLICOLOR_FORCE`; but nothing
/// forces colours on who has set `NO_COLOR`, unless to nothing: that is no wish, though `console` takes it for one.
pub(crate) fn colours() -> bool {
    match env::var_os("NO_COLOR") {
        None => console::colors_enabled(),
        Some(value) if value.is_empty() => {
            takes_colours(Term::stdout().is_term(), |name| env::var_os(name))
        }
        Some(_) => false,
    }
}

/// The answer that `console` would give if it didn't look at `NO_COLOR`.
fn takes_colours(is_terminal: bool, variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let forced = variable("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    let forbidden = variable("CLICOLOR").is_some_and(|value| value == "0");
    let can = is_terminal && variable("TERM").is_some_and(|terminal| terminal != "dumb");
    forced || can && !forbidden
}

/// Lines of text that belong together.
#[derive(Clone, Debug)]
pub(crate) struct Tile {
    lines: Vec<String>,
    width: usize,
}

impl Tile {
    /// A tile as wide as its widest line.
    pub(crate) fn new(lines: Vec<String>) -> Self {
        let width = lines.iter().map(|line| measure_text_width(line)).max().unwrap_or(0);
        Self { lines, width }
    }

    /// Columns.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// This tile with another on its right.
    pub(crate) fn beside(&self, right: &Self) -> Self {
        let line = |index: usize| {
            let [left, right] =
                [self, right].map(|tile| tile.lines.get(index).map_or("", String::as_str));
            format!("{}{right}", pad_str(left, self.width + GAP, Alignment::Left, None))
        };
        let lines = (0..self.lines.len().max(right.lines.len())).map(line).collect();
        Self { lines, width: self.width + GAP + right.width }
    }

    /// This tile with another below.
    pub(crate) fn above(mut self, below: Self) -> Self {
        self.lines.extend(below.lines);
        Self { lines: self.lines, width: self.width.max(below.width) }
    }
}

/// Writes the tiles in rows, as many side by side as `width` has room for, with a blank line after each row. No line is
/// longer: text that does not fit ends with "…".
pub(crate) fn side_by_side(out: &mut dyn Write, tiles: &[Tile], width: usize) -> io::Result<()> {
    let tile_width = tiles.iter().map(Tile::width).max().unwrap_or(0);
    let in_a_row = ((width + GAP) / (tile_width + GAP)).max(1);
    for row in tiles.chunks(in_a_row) {
        let widened = row.iter().map(|tile| Tile { lines: tile.lines.clone(), width: tile_width });
        if let Some(row) = widened.reduce(|left, right| left.beside(&right)) {
            for line in row.lines {
                writeln!(out, "{}", truncate_str(line.trim_end(), width.max(1), "…"))?;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_take_colours_unless_they_are_told_otherwise() {
        for (is_terminal, set, takes) in [
            (true, &[("TERM", "xterm")] as &[(&str, &str)], true),
            (true, &[("TERM", "dumb")], false),
            (true, &[], false),
            (false, &[("TERM", "xterm")], false),
            (true, &[("TERM", "xterm"), ("CLICOLOR", "0")], false),
            (true, &[("TERM", "xterm"), ("CLICOLOR", "1")], true),
            (false, &[("CLICOLOR_FORCE", "1")], true),
            (false, &[("CLICOLOR_FORCE", "0")], false),
        ] {
            let variable =
                |name: &str| set.iter().find(|(n, _)| *n == name).map(|(_, value)| value.into());
            assert_eq!(takes_colours(is_terminal, variable), takes, "{is_terminal} {set:?}");
        }
    }

    #[test]
    fn tiles_stand_side_by_side_as_far_as_there_is_room() {
        let tiles: Vec<Tile> = ["a", "b", "c"]
            .map(|name| Tile::new(vec![name.into(), "\x1b[32m██\x1b[0m".into()]))
            .into();
        let drawn = |width| {
            let mut out = Vec::new();
            side_by_side(&mut out, &tiles, width).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert_eq!(text.matches('\x1b').count(), 6, "{text:?}");
            console::strip_ansi_codes(&text).into_owned()
        };
        assert_eq!(drawn(10), "a   b   c\n██  ██  ██\n\n");
        assert_eq!(drawn(9), "a   b\n██  ██\n\nc\n██\n\n");
        assert_eq!(drawn(2), "a\n██\n\nb\n██\n\nc\n██\n\n");
        // Too narrow for a tile: every line says that it goes on.
        for width in [0, 1] {
            assert_eq!(drawn(width), "a\n…\n\nb\n…\n\nc\n…\n\n");
        }
    }

    #[test]
    fn a_tile_may_stand_beside_or_above_another() {
        let tile = |lines: &[&str]| Tile::new(lines.iter().map(|line| line.to_string()).collect());
        let (tall, wide) = (tile(&["a", "bc", "d"]), tile(&["", "efgh"]));
        let both = tall.beside(&wide);
        assert_eq!(
            (both.lines.clone(), both.width()),
            (vec!["a   ".into(), "bc  efgh".into(), "d   ".into()], 8)
        );
        let both = tall.above(wide);
        assert_eq!((both.lines.join("|"), both.width()), ("a|bc|d||efgh".into(), 4));
    }
}
