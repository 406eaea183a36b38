//! Readings as lines of JSON.

use std::io::{self, Write};

use record::{Names, most_probable};
use serde::Serialize;

/// An example as it is read, for a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    subject: Subject<'a>,
    /// The class that is read.
    class: usize,
    /// Its name.
    label: &'a str,
    probability: f32,
    /// The name of the class that the data has for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'a str>,
    /// Of all classes.
    probabilities: &'a [f32],
}

/// The example that a line is about.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Subject<'a> {
    /// The one at this place of the test set.
    Index(usize),
    /// The picture in this file.
    File(&'a str),
}

/// Writes the line of an example that is of the class `expected`, where that is known.
pub(crate) fn line(
    out: &mut dyn Write,
    subject: Subject<'_>,
    probabilities: &[f32],
    expected: Option<usize>,
    names: &Names,
) -> io::Result<()> {
    let class = most_probable(probabilities);
    let [label, expected] =
        [Some(class), expected].map(|class| class.map(|class| &names.classes[class][..]));
    let line = Line {
        subject,
        class,
        label: label.unwrap_or_default(),
        probability: probabilities[class],
        expected,
        probabilities,
    };
    serde_json::to_writer(&mut *out, &line).map_err(io::Error::from)?;
    writeln!(out)
}
