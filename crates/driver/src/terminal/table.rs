//! Tables: cells in columns, a line a row.

use console::{Alignment, measure_text_width, pad_str, truncate_str};

use crate::terminal::draw::{GAP, terminal_width};

/// The widths that hold every cell of all `lines`.
pub(crate) fn widths<const COLUMNS: usize>(lines: &[[String; COLUMNS]]) -> [usize; COLUMNS] {
    let mut widths = [0; COLUMNS];
    for line in lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = measure_text_width(cell).max(*width);
        }
    }
    widths
}

/// A row as a line that fits the terminal: cells that are too wide for their column end with "…", columns without width are
/// left out.
pub(crate) fn row<const COLUMNS: usize>(
    cells: &[String; COLUMNS],
    widths: [usize; COLUMNS],
) -> String {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths).filter(|(_, width)| *width > 0) {
        line += &pad_str(cell, width, Alignment::Left, Some("…"));
        line += &" ".repeat(GAP);
    }
    truncate_str(line.trim_end(), terminal_width().max(1), "…").into_owned()
}
