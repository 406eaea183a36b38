//! Names of features, from a file.

use std::{fs, path::Path};

use crate::{DatasetError, Kind};

/// A name for each column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeatureNames {
    /// All names, one after the other.
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl FeatureNames {
    /// Reads a file with one name a line, in the order of the indices, for rows of `columns` numbers.
    ///
    /// # Errors
    /// If the file cannot be read, is no text in UTF-8, or does not have as many lines.
    pub fn load(path: &Path, columns: usize) -> Result<Self, DatasetError> {
        let failed = |cause| DatasetError::Names { path: path.to_owned(), cause };
        if let Some(kind) = Kind::of(path).map_err(failed)? {
            return Err(failed(std::io::Error::other(format!("it is {kind}, not a file"))));
        }
        let lines = fs::read_to_string(path).map_err(failed)?;
        let (mut text, mut ends) = (String::new(), Vec::new());
        for line in lines.lines() {
            text.push_str(line.trim());
            ends.push(text.len());
        }
        if ends.len() != columns {
            let path = path.to_owned();
            return Err(DatasetError::NameCount { path, found: ends.len(), columns });
        }
        Ok(Self { text, ends })
    }

    /// The name of a column.
    ///
    /// # Panics
    /// If there is no such column.
    pub fn get(&self, column: usize) -> &str {
        let start = column.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[column]]
    }
}
