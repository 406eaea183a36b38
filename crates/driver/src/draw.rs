//! Small grey images as text.
//!
//! A character shows its four quarters lit or dark. It is about twice as high as wide, so a quarter stands for
//! pixels one wide and two high: an MNIST image takes 14 columns and 7 lines, and five fit side by side into 80.

use std::io::{self, Write};

use console::Term;

/// The columns of an output that is no terminal.
const DEFAULT_WIDTH: usize = 80;
/// Columns between neighbours.
const GAP: usize = 2;
/// A quarter is lit when its pixels are this bright on average. Well below the middle: strokes fade at their edges.
const LIT: usize = 90;
/// The characters by their lit quarters: 1 upper left, 2 upper right, 4 lower left, 8 lower right.
const QUARTERS: [char; 16] =
    [' ', '▘', '▝', '▀', '▖', '▌', '▞', '▛', '▗', '▚', '▐', '▜', '▄', '▙', '▟', '█'];

/// How many columns standard output has.
pub(crate) fn terminal_width() -> usize {
    Term::stdout().size_checked().map_or(DEFAULT_WIDTH, |(_, columns)| columns.into())
}

/// The lines of an image with `columns` pixels a row, at most `width` characters wide: what would be wider is shrunk.
pub(crate) fn picture(pixels: &[u8], columns: usize, width: usize) -> Vec<String> {
    let rows = pixels.len() / columns;
    // A quarter is `scale` pixels wide and `2 * scale` high.
    let scale = columns.div_ceil(2 * width.max(1));
    let lit = |row: usize, column: usize| {
        let rows = row..(row + 2 * scale).min(rows);
        let columns_lit = column..(column + scale).min(columns);
        let count = rows.len() * columns_lit.len();
        let sum: usize = rows
            .flat_map(|row| &pixels[row * columns..][columns_lit.clone()])
            .map(|&pixel| usize::from(pixel))
            .sum();
        usize::from(count > 0 && sum >= LIT * count)
    };
    let line = |row: usize| {
        let character = |column: usize| {
            let upper = lit(row, column) | lit(row, column + scale) << 1;
            let lower = lit(row + 2 * scale, column) | lit(row + 2 * scale, column + scale) << 1;
            QUARTERS[upper | lower << 2]
        };
        (0..columns).step_by(2 * scale).map(character).collect()
    };
    (0..rows).step_by(4 * scale).map(line).collect()
}

/// Lines of text that belong together.
#[derive(Debug)]
pub(crate) struct Tile {
    lines: Vec<String>,
    width: usize,
}

impl Tile {
    /// A tile as wide as its widest line.
    pub(crate) fn new(lines: Vec<String>) -> Self {
        let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
        Self { lines, width }
    }
}

/// Writes the tiles in rows, as many side by side as `width` has room for, with a blank line after each row.
pub(crate) fn side_by_side(out: &mut dyn Write, tiles: &[Tile], width: usize) -> io::Result<()> {
    let tile_width = tiles.iter().map(|tile| tile.width).max().unwrap_or(0);
    let in_a_row = ((width + GAP) / (tile_width + GAP)).max(1);
    for row in tiles.chunks(in_a_row) {
        let height = row.iter().map(|tile| tile.lines.len()).max().unwrap_or(0);
        for index in 0..height {
            let mut line = String::new();
            for tile in row {
                let text = tile.lines.get(index).map_or("", String::as_str);
                line += &format!("{text:<width$}", width = tile_width + GAP);
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_quarter_has_its_place() {
        for (index, &character) in QUARTERS.iter().enumerate() {
            let bright = |row: usize, column: usize| index >> (2 * (row / 2) + column) & 1 == 1;
            let pixels: Vec<u8> =
                (0..8).map(|i| if bright(i / 2, i % 2) { 255 } else { 0 }).collect();
            assert_eq!(picture(&pixels, 2, 80), [character.to_string()]);
        }
    }

    #[test]
    fn edges_that_fill_no_character_are_drawn() {
        // 3 pixels wide, 5 high: the last column and the last row reach into a character of their own.
        assert_eq!(picture(&[LIT as u8; 15], 3, 80), ["█▌", "▀▘"]);
    }

    #[test]
    fn an_image_wider_than_the_terminal_is_shrunk() {
        let mut pixels = [0; 64 * 64];
        pixels[..64 * 32].fill(255);
        let lines = picture(&pixels, 64, 16);
        assert_eq!(lines.len(), 8);
        assert!(lines[..4].iter().all(|line| line == &"█".repeat(16)), "{lines:?}");
        assert!(lines[4..].iter().all(|line| line == &" ".repeat(16)), "{lines:?}");
    }

    #[test]
    fn tiles_stand_side_by_side_as_far_as_there_is_room() {
        let tiles: Vec<Tile> =
            ["a", "b", "c"].map(|name| Tile::new(vec![name.into(), "██".into()])).into();
        let drawn = |width| {
            let mut out = Vec::new();
            side_by_side(&mut out, &tiles, width).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(drawn(10), "a   b   c\n██  ██  ██\n\n");
        assert_eq!(drawn(9), "a   b\n██  ██\n\nc\n██\n\n");
        assert_eq!(drawn(1), "a\n██\n\nb\n██\n\nc\n██\n\n");
    }
}
