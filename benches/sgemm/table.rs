//! A Markdown table that can also be read as it is.

/// Rows of cells under a header; the first column is flush left, the others flush right.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(header: Vec<String>) -> Self {
        Self { rows: vec![header] }
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
