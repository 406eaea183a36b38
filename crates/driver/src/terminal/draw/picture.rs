//! Grey images in half-blocks.
//!
//! A character is about twice as high as wide, so it holds two square pixels, one above the other: with colours, `▀` in
//! the grey of the upper on the grey of the lower; without, ink as ` `, `▀`, `▄` or `█`.

use console::Style;

use dataset::Scale;

/// Without colours, a pixel this bright is ink. Well below the middle: strokes fade at their edges.
const LIT: u8 = 90;
/// Lines of the highest picture: what is higher no longer fits most terminals.
const MOST_LINES: usize = 40;

/// A part of an image: its pixels row by row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Picture {
    pixels: Vec<u8>,
    columns: usize,
}

impl Picture {
    /// A whole image with `columns` pixels a row.
    pub(crate) fn new(pixels: &[u8], columns: usize) -> Self {
        Self { pixels: pixels.to_vec(), columns }
    }

    fn rows(&self) -> usize {
        self.pixels.len() / self.columns
    }

    /// Cuts the border off that is empty in every one of these pictures, which are of one size.
    pub(crate) fn crop(pictures: &mut [Self]) {
        let Some(first) = pictures.first() else { return };
        let (rows, columns) = (first.rows(), first.columns);
        let lit = |row: usize, column: usize| {
            pictures.iter().any(|picture| picture.pixels[row * columns + column] >= LIT)
        };
        let used_rows: Vec<usize> =
            (0..rows).filter(|&row| (0..columns).any(|column| lit(row, column))).collect();
        let used_columns: Vec<usize> =
            (0..columns).filter(|&column| (0..rows).any(|row| lit(row, column))).collect();
        let (Some(&top), Some(&bottom)) = (used_rows.first(), used_rows.last()) else { return };
        let (left, right) = (used_columns[0], used_columns[used_columns.len() - 1]);
        for picture in pictures {
            let rows = picture.pixels.chunks(columns).skip(top).take(bottom + 1 - top);
            picture.pixels = rows.flat_map(|row| &row[left..=right]).copied().collect();
            picture.columns = right + 1 - left;
        }
    }

    /// At most `width` pixels wide and [`MOST_LINES`] lines high: what is larger is shrunk, each new pixel the mean of the
    /// area it covers.
    pub(crate) fn shrunk(self, width: usize) -> Self {
        let scale = Scale::new([self.rows(), self.columns], [2 * MOST_LINES, width]);
        let [_, columns] = scale.into_size();
        Self { pixels: scale.greys(&self.pixels), columns }
    }

    /// Its lines, a column a pixel.
    pub(crate) fn lines(&self, colours: bool) -> Vec<String> {
        let empty = vec![0; self.columns];
        let rows: Vec<&[u8]> = self.pixels.chunks(self.columns).collect();
        rows.chunks(2)
            .map(|pair| {
                let lower = pair.get(1).copied().unwrap_or(&empty);
                let cells: Vec<(u8, u8)> =
                    pair[0].iter().copied().zip(lower.iter().copied()).collect();
                if colours { in_greys(&cells) } else { in_ink(&cells) }
            })
            .collect()
    }
}

/// Upper and lower pixels as characters in ink.
fn in_ink(cells: &[(u8, u8)]) -> String {
    let character = |&(upper, lower): &(u8, u8)| match (upper >= LIT, lower >= LIT) {
        (false, false) => ' ',
        (true, false) => '▀',
        (false, true) => '▄',
        (true, true) => '█',
    };
    cells.iter().map(character).collect()
}

/// Upper and lower pixels as `▀` in two of the terminal's greys. Both are given, so it looks the same on any ground.
fn in_greys(cells: &[(u8, u8)]) -> String {
    cells
        .chunk_by(|a, b| a == b)
        .map(|run| {
            let (upper, lower) = run[0];
            let style = Style::new().color256(grey(upper)).on_color256(grey(lower));
            style.force_styling(true).apply_to("▀".repeat(run.len())).to_string()
        })
        .collect()
}

/// The entry of the 256-colour palette nearest to a grey: black, 24 greys, white.
fn grey(brightness: u8) -> u8 {
    match (u32::from(brightness) * 25 + 127) / 255 {
        0 => 16,
        25 => 231,
        step => 231 + step as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(pixels: &[u8], columns: usize, width: usize) -> Vec<String> {
        Picture::new(pixels, columns).shrunk(width).lines(false)
    }

    #[test]
    fn each_half_has_its_place() {
        let pixels = [0, LIT, LIT - 1, 255, 0, 1, LIT, 255];
        assert_eq!(drawn(&pixels, 4, 80), [" ▀▄█"]);
    }

    #[test]
    fn edges_that_fill_no_character_are_drawn() {
        assert_eq!(drawn(&[LIT; 15], 3, 80), ["███", "███", "▀▀▀"]);
        assert_eq!(drawn(&[255], 1, 80), ["▀"]);
    }

    #[test]
    fn an_image_wider_than_its_place_is_shrunk() {
        let mut pixels = [0; 64 * 64];
        pixels[..64 * 32].fill(255);
        let lines = drawn(&pixels, 64, 16);
        assert_eq!(lines.len(), 8);
        assert!(lines[..4].iter().all(|line| line == &"█".repeat(16)), "{lines:?}");
        assert!(lines[4..].iter().all(|line| line == &" ".repeat(16)), "{lines:?}");
        assert_eq!(drawn(&pixels, 64, 0).len(), 1, "no room at all");
    }

    #[test]
    fn a_picture_of_any_size_fits_and_is_seen() {
        for [rows, columns] in [[1, 2000], [2000, 1], [1000, 1000], [3, 999], [999, 3], [81, 80]] {
            for width in [0, 1, 14, 80, 200] {
                let mut pixels = vec![0; rows * columns];
                // Nothing but its last row and its last column: much thinner than a character of the larger ones.
                pixels[(rows - 1) * columns..].fill(255);
                pixels.iter_mut().skip(columns - 1).step_by(columns).for_each(|pixel| *pixel = 255);
                let picture = Picture::new(&pixels, columns).shrunk(width);
                assert!(
                    (1..=width.max(1)).contains(&picture.columns),
                    "{rows}×{columns} in {width}"
                );
                let lines = picture.lines(false);
                assert!((1..=MOST_LINES).contains(&lines.len()), "{rows}×{columns} in {width}");
                assert!(lines.iter().all(|line| line.chars().count() == picture.columns));
                let last = lines.last().unwrap();
                assert!(last.chars().all(|part| part != ' '), "{rows}×{columns}: {lines:?}");
                assert!(
                    lines.iter().all(|line| !line.ends_with(' ')),
                    "{rows}×{columns}: {lines:?}"
                );
                // As large as its place allows: it was not made smaller than need be.
                assert!(
                    picture.columns == width.max(1).min(columns)
                        || lines.len() == MOST_LINES.min(rows.div_ceil(2)),
                    "{rows}×{columns} in {width}: {} by {}",
                    lines.len(),
                    picture.columns
                );
            }
        }
    }

    #[test]
    fn the_border_that_all_share_is_cut_off() {
        let image = |lit: &[usize]| {
            let mut pixels = [0; 5 * 4];
            lit.iter().for_each(|&i| pixels[i] = LIT);
            Picture::new(&pixels, 5)
        };
        // Rows 1 and 2, columns 1 to 3.
        let mut pictures = [image(&[6]), image(&[13, 7]), image(&[])];
        Picture::crop(&mut pictures);
        let shapes: Vec<_> =
            pictures.iter().map(|picture| (picture.rows(), picture.columns)).collect();
        assert_eq!(shapes, [(2, 3); 3]);
        assert_eq!(pictures[0].pixels, [LIT, 0, 0, 0, 0, 0]);
        assert_eq!(pictures[1].pixels, [0, LIT, 0, 0, 0, LIT]);
        let mut blank = [image(&[])];
        Picture::crop(&mut blank);
        assert_eq!(blank, [image(&[])], "a blank image has no border");
        Picture::crop(&mut []);
    }

    #[test]
    fn greys_are_those_of_the_terminal() {
        assert_eq!([0, 10, 128, 250, 255].map(grey), [16, 232, 244, 231, 231]);
        let lines = Picture::new(&[0, 0, 255, 255, 255, 255], 3).lines(true);
        assert_eq!(
            lines,
            ["\x1b[38;5;16m\x1b[48;5;231m▀▀\x1b[0m\x1b[38;5;231m\x1b[48;5;231m▀\x1b[0m"]
        );
        assert_eq!(console::measure_text_width(&lines[0]), 3);
    }
}
