//! Readings of the user's own pictures: one is drawn, several make a table, and other programs get lines of JSON.

use std::io::Write;
use std::path::Path;

use console::{measure_text_width, truncate_str};
use record::{Names, most_probable};

use crate::error::Error;
use crate::terminal::draw::terminal_width;
use crate::terminal::json::{self, Subject};
use crate::terminal::readings::{Reading, Room, draw_readings};
use crate::terminal::table;

/// The widest name of a class in a table.
const WIDEST_CLASS: usize = 20;
/// Columns behind the name of a class: " (100.00 %)".
const PERCENT: usize = 11;
/// The narrowest column of file names.
const NARROWEST_FILE: usize = 12;

/// The form in which readings are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// A line of JSON each.
    Json,
    /// A drawing with a bar for each class; the picture has so many columns.
    Drawing {
        /// Pixels in a row.
        columns: usize,
    },
    /// A line of a table each, with columns as wide as that.
    Table([usize; 3]),
}

impl Form {
    /// A table of these `files`.
    pub(crate) fn table<'a>(files: impl Iterator<Item = &'a Path>, names: &Names) -> Self {
        let widest = |texts: &mut dyn Iterator<Item = String>| {
            texts.map(|text| measure_text_width(&text)).max().unwrap_or(0)
        };
        let class = widest(&mut names.classes.iter().cloned()).min(WIDEST_CLASS) + PERCENT;
        let file = widest(&mut files.map(|file| file.display().to_string()));
        let room = terminal_width().saturating_sub(2 * class + 4).max(NARROWEST_FILE);
        Self::Table([file.clamp("picture".len(), room.max(NARROWEST_FILE)), class, class])
    }

    /// Writes what stands above the first reading.
    pub(crate) fn open(self, out: &mut dyn Write) -> Result<(), Error> {
        match self {
            Self::Json => {}
            Self::Drawing { .. } => writeln!(out)?,
            Self::Table(widths) => {
                let heads = ["picture", "read as", "or as"].map(str::to_owned);
                writeln!(out, "\n{}", table::row(&heads, widths))?;
            }
        }
        Ok(())
    }

    /// Writes the reading of the picture in a file, of which the network has seen the `pixels`.
    pub(crate) fn write(
        self,
        out: &mut dyn Write,
        file: &Path,
        pixels: &[u8],
        probabilities: &[f32],
        names: &Names,
    ) -> Result<(), Error> {
        match self {
            Self::Json => {
                let subject = Subject::File(&file.to_string_lossy());
                json::line(out, subject, probabilities, None, names)?;
            }
            Self::Drawing { columns } => {
                let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let reading = Reading { name, pixels, columns, probabilities, label: None };
                draw_readings(out, &[reading], names, Room::WithBars)?;
            }
            Self::Table(widths) => {
                let class = most_probable(probabilities);
                let mut others = probabilities.to_vec();
                others[class] = -1.0;
                let cell = |class: usize| {
                    let name = truncate_str(&names.classes[class], WIDEST_CLASS, "…");
                    format!("{name} ({:.2} %)", 100.0 * probabilities[class])
                };
                let cells = [file.display().to_string(), cell(class), cell(most_probable(&others))];
                writeln!(out, "{}", table::row(&cells, widths))?;
            }
        }
        Ok(())
    }
}
