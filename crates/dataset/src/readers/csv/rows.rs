//! Lines into rows of pixels: the part of the reading that takes the time.

use std::collections::HashMap;

use csv::ByteRecord;

use super::{
    fault::{CellFault, CsvFault},
    layout::{self, Layout},
};

/// Letters of a word that a message shows.
const SHOWN: usize = 40;

/// The rows of a piece of text.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub(super) pixels: Vec<u8>,
    /// For each row the number of its label in `labels`.
    pub(super) numbers: Vec<u32>,
    /// The labels as they are written, each once, and the line it is first on, from 1.
    pub(super) labels: Vec<(String, usize)>,
    pub(super) lines: usize,
}

/// Parses whole lines, of which the first may be a header. A fault has its line in this text, from 1.
pub(super) fn parse(text: &[u8], layout: &Layout, has_header: bool) -> Result<Parsed, CsvFault> {
    let mut parsed = Parsed::default();
    let mut numbers: HashMap<Vec<u8>, u32> = HashMap::new();
    let mut reader = layout::reader(text, layout.separator);
    let mut record = ByteRecord::new();
    let mut is_header = has_header;
    // At least a digit and a separator a pixel.
    parsed.pixels.try_reserve(text.len() / 2).map_err(|_| CsvFault::Memory)?;
    // Reading from memory does not fail.
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        if std::mem::take(&mut is_header) {
            continue;
        }
        let line = layout::line(text, &record);
        if record.len() != layout.columns {
            let (found, expected) = (record.len(), layout.columns);
            // Blanks alone are no row.
            if found == 1 && record[0].trim_ascii().is_empty() {
                continue;
            }
            return Err(CsvFault::Ragged { line, found, expected });
        }
        for (column, field) in record.iter().enumerate() {
            if column != layout.label {
                let column = column + 1;
                let pixel = pixel(field).map_err(|fault| CsvFault::Cell { line, column, fault })?;
                parsed.pixels.push(pixel);
            }
        }
        let label = record[layout.label].trim_ascii();
        let number = match numbers.get(label) {
            Some(&number) => number,
            None => {
                let number = parsed.labels.len() as u32;
                parsed.labels.push((spelling(label, line, layout.label + 1)?, line));
                numbers.insert(label.to_vec(), number);
                number
            }
        };
        parsed.numbers.push(number);
    }
    parsed.lines = text.iter().filter(|&&b| b == b'\n').count();
    Ok(parsed)
}

/// A label as text.
fn spelling(label: &[u8], line: usize, column: usize) -> Result<String, CsvFault> {
    let text = std::str::from_utf8(label).map_err(|_| CsvFault::Binary { line })?;
    if text.is_empty() || text.eq_ignore_ascii_case("nan") {
        return Err(CsvFault::NoLabel { line, column });
    }
    // A name is shown on a line.
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The pixel that a field has.
fn pixel(field: &[u8]) -> Result<u8, CellFault> {
    let digit = |byte: u8| u32::from(byte.wrapping_sub(b'0'));
    let value = match *field {
        [a] if digit(a) < 10 => digit(a),
        [a, b] if digit(a).max(digit(b)) < 10 => 10 * digit(a) + digit(b),
        [a, b, c] if digit(a).max(digit(b)).max(digit(c)) < 10 => {
            100 * digit(a) + 10 * digit(b) + digit(c)
        }
        _ => return other_spelling(field),
    };
    u8::try_from(value).map_err(|_| CellFault::Range(value.to_string()))
}

/// As [`pixel`], of a field that is not one to three digits: `12.0`, `+7`, `1e2`.
fn other_spelling(field: &[u8]) -> Result<u8, CellFault> {
    let text = String::from_utf8_lossy(field.trim_ascii());
    let shown: String = text.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    if text.is_empty() {
        return Err(CellFault::Empty);
    }
    match text.parse::<f64>() {
        Err(_) => Err(CellFault::Word(shown)),
        Ok(x) if !x.is_finite() => Err(CellFault::NotFinite(shown)),
        Ok(x) if !(0.0..=255.0).contains(&x) => Err(CellFault::Range(shown)),
        Ok(x) if x.fract() != 0.0 => Err(CellFault::Fraction(shown)),
        Ok(x) => Ok(x as u8),
    }
}
