//! Labels and the classes they make.
//!
//! A label that is a number is the same however it is written: `1`, `+1` and `1.0` are one. If all labels of a file are
//! numbers, its classes are in their order; if not, all of them are names, in the order of their letters.

use std::{
    cmp::Ordering,
    collections::HashMap,
    fmt::{self, Display, Formatter},
};

/// Class indices have sixteen bits.
pub(crate) const MOST_CLASSES: usize = 1 << 16;
/// Up to here, every whole number is a number of 64 bits.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// The label of a row. Displayed, it is the name of its class.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Label {
    /// The bits of a finite number, which is not -0.
    Number(u64),
    Name(String),
}

impl Label {
    /// Reads a label.
    pub(crate) fn of(text: &str) -> Self {
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        // Names like `inf` and `nan` are no numbers here.
        let number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        match text.parse::<f64>() {
            Ok(x) if number && x.is_finite() => Self::Number((x + 0.0).to_bits()),
            _ => Self::Name(text.to_owned()),
        }
    }

    /// As [`of`](Self::of), but a number that is written otherwise than it is displayed, as in `007`, is a name.
    pub(crate) fn exactly(text: &str) -> Self {
        match Self::of(text) {
            number if number.to_string() == text => number,
            _ => Self::Name(text.to_owned()),
        }
    }

    /// The order of classes that are all numbers, or all names.
    fn order(a: &Self, b: &Self) -> Ordering {
        match (a, b) {
            (Self::Number(a), Self::Number(b)) => f64::from_bits(*a).total_cmp(&f64::from_bits(*b)),
            _ => a.to_string().cmp(&b.to_string()),
        }
    }
}

impl Display for Label {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(bits) => match f64::from_bits(*bits) {
                x if x.fract() == 0.0 && x.abs() <= WHOLE => write!(f, "{}", x as i64),
                x => write!(f, "{x}"),
            },
            Self::Name(name) => f.write_str(name),
        }
    }
}

/// Different labels, each with its first place: a line, or whatever the reader counts.
#[derive(Debug, Default)]
pub(crate) struct Labels {
    places: HashMap<Label, u32>,
    /// In the order in which they came.
    list: Vec<(Label, usize)>,
}

impl Labels {
    /// The number of a label in the order in which they came. It may be new, at this place; `None` if it would be one more
    /// than `most`.
    pub(crate) fn number(&mut self, label: Label, place: usize, most: usize) -> Option<u32> {
        if let Some(&number) = self.places.get(&label) {
            return Some(number);
        }
        if self.list.len() == most {
            return None;
        }
        let number = self.list.len() as u32;
        self.places.insert(label.clone(), number);
        self.list.push((label, place));
        Some(number)
    }

    /// The labels in the order in which they came, each with its first place.
    pub(crate) fn list(&self) -> &[(Label, usize)] {
        &self.list
    }

    /// The names of the classes that these labels make.
    pub(crate) fn classes(&self) -> Vec<Label> {
        let mut labels: Vec<Label> = self.list.iter().map(|(label, _)| label.clone()).collect();
        if labels.iter().all(|label| matches!(label, Label::Number(_))) {
            labels.sort_by(Label::order);
        } else {
            labels.sort_by_cached_key(Label::to_string);
        }
        labels
    }
}
