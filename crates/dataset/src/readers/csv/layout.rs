//! The form of a table, which its first line tells: the separator, the number of columns, and which of them has the labels.

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::fault::CsvFault;

/// The separators that there are.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
/// Names of a column of labels.
const LABEL_NAMES: [&str; 2] = ["label", "class"];
/// The greatest pixel.
const MOST: usize = 255;
/// As many names of columns are shown.
const SHOWN: usize = 5;

/// The layout of a table.
#[derive(Debug, PartialEq)]
pub(super) struct Layout {
    pub(super) separator: u8,
    /// Number of columns, that of the label included.
    pub(super) columns: usize,
    /// The column of the label, from 0.
    pub(super) label: usize,
    /// Whether the first line is none of the rows.
    pub(super) has_header: bool,
}

impl Layout {
    /// The layout of a table that begins with `text`, whole lines.
    pub(super) fn of(text: &[u8], asked: Option<&str>) -> Result<Self, CsvFault> {
        let separator = separator(text);
        let mut record = ByteRecord::new();
        // Reading from memory does not fail.
        let is_there = reader(text, separator).read_byte_record(&mut record).unwrap_or(false);
        if !is_there {
            return Err(CsvFault::Empty);
        }
        let line = line(text, &record);
        let names: Option<Vec<&str>> =
            record.iter().map(|field| std::str::from_utf8(field).ok().map(str::trim)).collect();
        let names = names.filter(|names| !names.iter().any(|name| name.contains('\0')));
        let names = names.ok_or(CsvFault::Binary { line })?;
        let columns = names.len();
        if columns < 2 {
            return Err(CsvFault::OneColumn { line });
        }
        let label = label(&names, asked)?;
        let has_header = is_header(&names, label) || asked_by_name(&names, asked);
        Ok(Self { separator, columns, label, has_header })
    }
}

/// Reads text as it stands there, whatever the first line is.
pub(super) fn reader(text: &[u8], separator: u8) -> Reader<&[u8]> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text)
}

/// The line that a record of `text` is on, from 1.
pub(super) fn line(text: &[u8], record: &ByteRecord) -> usize {
    let Some(position) = record.position() else { return 1 };
    // The position is that of the empty lines before, and of the rest of a line end.
    let ends = text[position.byte() as usize..].iter().take_while(|b| matches!(b, b'\r' | b'\n'));
    position.line() as usize + ends.filter(|&&b| b == b'\n').count()
}

/// The separator that the first line with one has most of; the comma, if none has.
fn separator(text: &[u8]) -> u8 {
    let counts = |line: &[u8]| SEPARATORS.map(|s| line.iter().filter(|&&b| b == s).count());
    let first = text.split(|&b| b == b'\n').find(|line| !line.trim_ascii().is_empty());
    let counts = counts(first.unwrap_or_default());
    let most = counts.into_iter().max().unwrap_or(0);
    SEPARATORS[counts.into_iter().position(|count| count == most).unwrap_or(0)]
}

/// Whether the label was asked for by the name of a column.
fn asked_by_name(names: &[&str], asked: Option<&str>) -> bool {
    asked.is_some_and(|asked| names.contains(&asked) && asked.parse::<usize>().is_err())
}

/// The column of the label.
fn label(names: &[&str], asked: Option<&str>) -> Result<usize, CsvFault> {
    let Some(asked) = asked else {
        let is_label =
            |name: &&str| LABEL_NAMES.iter().any(|label| name.eq_ignore_ascii_case(label));
        return Ok(names.iter().position(is_label).unwrap_or(0));
    };
    let mut named = (0..names.len()).filter(|&column| names[column] == asked);
    // A number means a column before it means a name: a row of pixels has many of them.
    if let Ok(number) = asked.parse::<usize>() {
        if (1..=names.len()).contains(&number) {
            return Ok(number - 1);
        }
    } else if let Some(column) = named.next() {
        return match named.next() {
            None => Ok(column),
            Some(_) => Err(CsvFault::SeveralColumns { asked: asked.to_owned() }),
        };
    }
    let has_header = is_header(names, 0);
    let shown = if has_header { &names[..names.len().min(SHOWN)] } else { &[] };
    let named = shown.iter().map(|&name| name.to_owned()).collect();
    Err(CsvFault::NoColumn { asked: asked.to_owned(), count: names.len(), named })
}

/// Whether a first line names the columns: no pixel in it is a number, or the columns are counted beyond the greatest pixel.
fn is_header(names: &[&str], label: usize) -> bool {
    let pixels = || (0..names.len()).filter(|&column| column != label);
    let counts = |first: usize| {
        names.len() > MOST + 1
            && pixels().enumerate().all(|(i, column)| names[column].parse() == Ok(i + first))
    };
    let is_word =
        |column: usize| !names[column].is_empty() && names[column].parse::<f64>().is_err();
    let is_named =
        pixels().any(is_word) && pixels().all(|column| names[column].is_empty() || is_word(column));
    is_named || (0..=2).any(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, asked: Option<&str>) -> (u8, usize, usize, bool) {
        let Layout { separator, columns, label, has_header } =
            Layout::of(text.as_bytes(), asked).unwrap();
        (separator, columns, label, has_header)
    }

    #[test]
    fn first_lines_tell() {
        let counted = |first: usize| {
            (first..first + 785).map(|i| i.to_string()).collect::<Vec<_>>().join(",")
        };
        for (text, asked, expected) in [
            ("7,0,255\n", None, (b',', 3, 0, false)),
            ("cat,0,255\n", None, (b',', 3, 0, false)),
            ("label,pixel0,pixel1\n7,0,1\n", None, (b',', 3, 0, true)),
            ("\n\nx0,x1,Class\n", None, (b',', 3, 2, true)),
            ("x0,y,x1\n", Some("y"), (b',', 3, 1, true)),
            ("x0,y,x1\n", Some("2"), (b',', 3, 1, true)),
            ("0;1;7\n", Some("3"), (b';', 3, 2, false)),
            ("0\t1\t7\n", None, (b'\t', 3, 0, false)),
            // Without one a number is enough for a name to be the label's.
            ("0,1,cat\n", Some("3"), (b',', 3, 2, false)),
            // A field that is missing is no name.
            ("7,,1\n", None, (b',', 3, 0, false)),
            ("7,nan,1\n", None, (b',', 3, 0, false)),
            // Nor is a word among pixels.
            ("7,x,1\n", None, (b',', 3, 0, false)),
            (&counted(0), None, (b',', 785, 0, true)),
            (&counted(1), None, (b',', 785, 0, true)),
            (&format!("label,{}", counted(0)), None, (b',', 786, 0, true)),
        ] {
            assert_eq!(of(text, asked), expected, "{text:.30} {asked:?}");
        }
    }
}
