//! The meaning of a network's numbers: its input and its classes, as the notes in its file say it.
//!
//! | key | value |
//! |---|---|
//! | `input` | `pictures 28x28, byte / 255`, `floats` or `features` |
//! | `classes` | the names of the classes, a JSON array; not there if they are 0, 1 and so on |
//! | `index_base` | the index that files have for the first feature, 0 or 1 |
//!
//! Each of them may be missing: files of earlier versions and of others know less.

use std::fmt;

use crate::{FormatFault, Notes};

const INPUT: &str = "input";
const CLASSES: &str = "classes";
const INDEX_BASE: &str = "index_base";

/// The words around the size of pictures.
const PICTURES: &str = "pictures ";
const SCALE: &str = ", byte / 255";

/// The input and the classes of a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// The kind of its input; `None` if nobody has said it.
    pub input: Option<Input>,
    /// The names of its classes; `None` if they are 0, 1 and so on.
    pub classes: Option<Vec<String>>,
    /// The index that files have for the first feature, 0 or 1; `None` if the input is no features.
    pub index_base: Option<u32>,
}

/// The kind of a row of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The pixels of a grey picture, row by row: bytes `b` that go in as `b / 255`, so numbers in [0, 1].
    Pictures {
        /// Height in pixels.
        rows: usize,
        /// Width in pixels.
        columns: usize,
    },
    /// Numbers that go in as they are.
    Floats,
    /// Numbers that go in as they are, most of them 0: features of an example.
    Features,
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pictures { rows, columns } => write!(f, "{PICTURES}{rows}x{columns}{SCALE}"),
            Self::Floats => f.write_str("floats"),
            Self::Features => f.write_str("features"),
        }
    }
}

impl Input {
    /// The input of these words; `None` if they are of a later version, or somebody else's.
    fn from_words(words: &str) -> Option<Self> {
        match words {
            "floats" => Some(Self::Floats),
            "features" => Some(Self::Features),
            _ => {
                let size = words.strip_prefix(PICTURES)?.strip_suffix(SCALE)?;
                let (rows, columns) = size.split_once('x')?;
                let (rows, columns) = (rows.parse().ok()?, columns.parse().ok()?);
                Some(Self::Pictures { rows, columns })
            }
        }
    }
}

impl Description {
    /// The same as notes for a network's file ([`save_with_notes`](crate::Network::save_with_notes)). Names of classes that are
    /// 0, 1 and so on go without saying.
    pub fn to_notes(&self) -> Notes {
        let mut notes = Notes::new();
        if let Some(input) = &self.input {
            notes.insert(INPUT.into(), input.to_string());
        }
        if let Some(names) = self.classes.as_ref().filter(|names| !are_numbers(names)) {
            let list = serde_json::Value::from(names.as_slice());
            notes.insert(CLASSES.into(), list.to_string());
        }
        if let Some(base) = self.index_base {
            notes.insert(INDEX_BASE.into(), base.to_string());
        }
        notes
    }

    /// The description in the notes of a network that takes `inputs` numbers and tells `classes` classes apart. Other notes are passed
    /// over, and so are words that are not understood.
    ///
    /// # Errors
    /// [`FormatFault::ClassNames`] if there are names, but not as many as classes; [`FormatFault::Pictures`] if the pictures
    /// have another number of pixels.
    pub fn from_notes(notes: &Notes, inputs: usize, classes: usize) -> Result<Self, FormatFault> {
        let names = match notes.get(CLASSES) {
            None => None,
            Some(list) => match serde_json::from_str::<Vec<String>>(list) {
                Ok(names) if names.len() == classes => Some(names),
                _ => return Err(FormatFault::ClassNames { classes }),
            },
        };
        let index_base = notes.get(INDEX_BASE).and_then(|base| base.parse().ok());
        let index_base = index_base.filter(|base| *base <= 1);
        let input = notes.get(INPUT).and_then(|words| Input::from_words(words));
        // Files that are older than the key `input` have an index base if they take features.
        let input = input.or(index_base.map(|_| Input::Features));
        match input {
            Some(Input::Pictures { rows, columns })
                if rows.checked_mul(columns) != Some(inputs) =>
            {
                Err(FormatFault::Pictures { rows, columns, inputs })
            }
            _ => Ok(Self { input, classes: names, index_base }),
        }
    }

    /// The names of all `classes`.
    pub fn class_names(&self, classes: usize) -> Vec<String> {
        match &self.classes {
            Some(names) => names.clone(),
            None => (0..classes).map(|class| class.to_string()).collect(),
        }
    }
}

fn are_numbers(names: &[String]) -> bool {
    names.iter().enumerate().all(|(class, name)| *name == class.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    #[test]
    fn what_is_described_is_read() {
        let inputs = [
            None,
            Some(Input::Pictures { rows: 3, columns: 4 }),
            Some(Input::Floats),
            Some(Input::Features),
        ];
        for input in inputs {
            for classes in [None, Some(strings(&["a \"quoted\" name", "ü,x"]))] {
                for index_base in [None, Some(0), Some(1)] {
                    let told = Description { input, classes: classes.clone(), index_base };
                    let read = Description::from_notes(&told.to_notes(), 12, 2).unwrap();
                    let input = input.or(index_base.map(|_| Input::Features));
                    assert_eq!(read, Description { input, ..told });
                }
            }
        }
        let pictures = Input::Pictures { rows: 28, columns: 28 };
        assert_eq!(pictures.to_string(), "pictures 28x28, byte / 255");
    }

    #[test]
    fn numbers_are_no_names() {
        let classes = Some(strings(&["0", "1", "2"]));
        assert!(Description { classes, ..Description::default() }.to_notes().is_empty());
        let classes = Some(strings(&["1", "2"]));
        assert_eq!(Description { classes, ..Description::default() }.to_notes().len(), 1);
        assert_eq!(Description::default().class_names(3), strings(&["0", "1", "2"]));
    }

    #[test]
    fn what_does_not_fit_is_refused_and_what_is_not_understood_is_not() {
        for (key, value, expected) in [
            (CLASSES, r#"["a"]"#, Err("does not name 2 classes")),
            (CLASSES, "names", Err("does not name 2 classes")),
            (CLASSES, r#"["a", 1]"#, Err("does not name 2 classes")),
            (INPUT, "pictures 3x5, byte / 255", Err("pictures of 3 x 5 pixels")),
            (INPUT, "pictures 4294967296x4294967296, byte / 255", Err("4294967296")),
            (INPUT, "pictures 3x4", Ok(())),
            (INPUT, "pictures 3x-4, byte / 255", Ok(())),
            (INPUT, "sounds", Ok(())),
            (INDEX_BASE, "2", Ok(())),
            (INDEX_BASE, "one", Ok(())),
        ] {
            let notes = Notes::from([(key.to_owned(), value.to_owned())]);
            match (Description::from_notes(&notes, 12, 2), expected) {
                (Ok(read), Ok(())) => assert_eq!(read, Description::default(), "{value}"),
                (Err(fault), Err(words)) => {
                    assert!(fault.to_string().contains(words), "{value}: {fault}");
                }
                (found, _) => panic!("{value}: {found:?}"),
            }
        }
    }
}
