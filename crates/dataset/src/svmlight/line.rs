//! Lines into rows: the part of the reading that takes the time.

use std::collections::HashMap;

use super::{LineFault, number};

/// Letters of a word that a message shows.
const SHOWN: usize = 40;

/// The rows of a piece of text.
#[derive(Debug, Default)]
pub(super) struct Parsed<'a> {
    /// For each row the number of its features, and the place of its label in `spellings`.
    pub(super) rows: Vec<(u32, u32)>,
    pub(super) indices: Vec<u32>,
    pub(super) values: Vec<f32>,
    /// The labels as they are written, each once, and the line it is first on, from 1.
    pub(super) spellings: Vec<(&'a str, usize)>,
    pub(super) has_zero: bool,
    /// The greatest index and its line.
    pub(super) largest: Option<(u32, usize)>,
    pub(super) lines: usize,
}

/// Parses whole lines; the last byte is a line end. An error comes with its line, from 1.
pub(super) fn parse(text: &[u8]) -> Result<Parsed<'_>, (usize, LineFault)> {
    let mut parsed = Parsed::default();
    let mut places: HashMap<&[u8], u32> = HashMap::new();
    // Neighbours often have the same label.
    let mut last: (&[u8], u32) = (b"", 0);
    // About ten bytes a number, as a first guess.
    parsed.indices.reserve(text.len() / 10);
    parsed.values.reserve(text.len() / 10);
    let mut at = 0;
    while at < text.len() {
        parsed.lines += 1;
        let line = parsed.lines;
        at = skip_blanks(text, at);
        if text[at] != b'#' && text[at] != b'\n' {
            let label = word(text, at);
            at += label.len();
            if label != last.0 {
                let place = match places.get(label) {
                    Some(&place) => place,
                    None => {
                        let place = parsed.spellings.len() as u32;
                        let spelling = spelling(label).map_err(|fault| (line, fault))?;
                        parsed.spellings.push((spelling, line));
                        places.insert(label, place);
                        place
                    }
                };
                last = (label, place);
            }
            let before = parsed.indices.len();
            at = features(text, at, &mut parsed).map_err(|fault| (line, fault))?;
            parsed.rows.push(((parsed.indices.len() - before) as u32, last.1));
        }
        // A comment, if there is one.
        while text[at] != b'\n' {
            at += 1;
        }
        at += 1;
    }
    Ok(parsed)
}

/// Reads the features of a line from `at` on, up to its comment or end, and says where that is.
fn features<'a>(
    text: &'a [u8],
    mut at: usize,
    parsed: &mut Parsed<'a>,
) -> Result<usize, LineFault> {
    let line = parsed.lines;
    let mut largest = parsed.largest.map_or(-1, |(index, _)| i64::from(index));
    loop {
        at = skip_blanks(text, at);
        if text[at] == b'\n' || text[at] == b'#' {
            return Ok(at);
        }
        let start = at;
        let mut index = 0_u64;
        while let digit @ 0..=9 = text[at].wrapping_sub(b'0') {
            index = (10 * index + u64::from(digit)).min(1 << 40);
            at += 1;
        }
        if at == start || text[at] != b':' {
            match skip_query(text, start) {
                Some(end) => at = end,
                None => return Err(no_feature(word(text, start))),
            }
            continue;
        }
        at += 1;
        if index >= u64::from(u32::MAX) {
            return Err(LineFault::LargeIndex { word: shown(word(text, start)) });
        }
        let (value, length) = match number::fast(&text[at..]) {
            Some(found) => found,
            None => slow(word(text, at)).map_err(|fault| fault(shown(word(text, start))))?,
        };
        at += length;
        parsed.indices.push(index as u32);
        parsed.values.push(value);
        if index as i64 > largest {
            largest = index as i64;
            parsed.largest = Some((index as u32, line));
        }
        parsed.has_zero |= index == 0;
    }
}

/// Reads a value with the standard library, and says how long it is.
fn slow(word: &[u8]) -> Result<(f32, usize), fn(String) -> LineFault> {
    let number = std::str::from_utf8(word).ok().and_then(|text| text.parse::<f32>().ok());
    match number {
        Some(number) if number.is_finite() => Ok((number, word.len())),
        Some(_) => Err(|word| LineFault::NotFinite { word }),
        None => Err(|word| LineFault::Value { word }),
    }
}

/// Where the word from `start` on ends, if it names a query, which is of no use here.
fn skip_query(text: &[u8], start: usize) -> Option<usize> {
    let word = word(text, start);
    word.starts_with(b"qid:").then_some(start + word.len())
}

/// Why a word is no feature, which begins with an index and a colon.
fn no_feature(word: &[u8]) -> LineFault {
    let shown = shown(word);
    if word.contains(&b':') {
        LineFault::Index { word: shown }
    } else {
        LineFault::NoColon { word: shown }
    }
}

/// A label that was not seen before.
fn spelling(label: &[u8]) -> Result<&str, LineFault> {
    let text = std::str::from_utf8(label).ok().filter(|text| !text.contains(char::is_control));
    let Some(text) = text else { return Err(LineFault::Binary) };
    if text.contains(':') {
        return Err(LineFault::NoLabel { word: shown(label) });
    }
    if text.contains(',') {
        return Err(LineFault::SeveralLabels { word: shown(label) });
    }
    Ok(text)
}

fn skip_blanks(text: &[u8], mut at: usize) -> usize {
    while matches!(text[at], b' ' | b'\t' | b'\r' | 0x0b | 0x0c) {
        at += 1;
    }
    at
}

/// The word that begins at `at`.
fn word(text: &[u8], at: usize) -> &[u8] {
    let rest = &text[at..];
    let length = rest.iter().position(|&byte| number::ends(byte)).unwrap_or(rest.len());
    &rest[..length]
}

/// A word for a message: one line, and not too long.
fn shown(word: &[u8]) -> String {
    let text = String::from_utf8_lossy(word);
    let mut shown: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().count() > SHOWN {
        shown.push('…');
    }
    shown
}
