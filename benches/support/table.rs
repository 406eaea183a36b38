//! A Markdown table that can also be read as it is.

/// Rows of cells under a header; the first column is flush left, the others flush right.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new<T: Into<String>>(header: impl IntoIterator<Item = T>) -> Self {
        let mut table = Self { rows: vec![Vec::new()] };
        table.columns(header);
        table
    }

    /// Further columns; before the first row.
    pub(crate) fn columns<T: Into<String>>(&mut self, header: impl IntoIterator<Item = T>) {
        self.rows[0].extend(header.into_iter().map(Into::into));
    }

    pub(crate) fn push(&mut self, row: Vec<String>) {
        assert_eq!(row.len(), self.rows[0].len(), "cells in a row");
        self.rows.push(row);
    }

    pub(crate) fn print(&self) {
        let width = |column: usize| {
            self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.rows[0].len()).map(width).collect();
        for (n, row) in self.rows.iter().enumerate() {
            for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
                if column == 0 {
                    print!("| {cell:width$} |");
                } else {
                    print!(" {cell:>width$} |");
                }
            }
            println!();
            if n == 0 {
                print!("|{}|", "-".repeat(widths[0] + 2));
                for width in &widths[1..] {
                    print!("{}:|", "-".repeat(width + 1));
                }
                println!();
            }
        }
    }
}

/// A cell: a part of a whole.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// A cell: microseconds, with as many digits as mean something.
pub(crate) fn micros(seconds: f64) -> String {
    let micros = 1e6 * seconds;
    if micros < 100.0 { format!("{micros:.1}") } else { format!("{micros:.0}") }
}

/// A cell: a time with the unit that suits it.
pub(crate) fn time(seconds: f64) -> String {
    if seconds >= 0.1 {
        format!("{seconds:.3} s")
    } else if seconds >= 1e-3 {
        format!("{:.2} ms", 1e3 * seconds)
    } else {
        format!("{:.1} µs", 1e6 * seconds)
    }
}
