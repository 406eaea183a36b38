//! The files that examples are from.

use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};

/// The files or folders that examples are from. Displayed, they follow "Data from".
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Files {
    /// The examples to train on, or to test on where there are no others. It may have both.
    pub(crate) path: PathBuf,
    /// The examples to test on, where they have a file of their own.
    pub(crate) test: Option<PathBuf>,
    /// The seed by which examples of the first file are held out.
    pub(crate) held_out: Option<u64>,
    /// The column of labels that was asked for, in a table.
    pub(crate) label_column: Option<String>,
}

impl Files {
    /// One file or folder, with all that is in it.
    pub(crate) fn all_of(path: PathBuf) -> Self {
        Self { path, ..Self::default() }
    }

    /// The files, named so that they still mean the same when they are read from another folder.
    pub(crate) fn absolute(&self) -> Self {
        let (path, test) = (absolute(&self.path), self.test.as_deref().map(absolute));
        Self { path, test, ..self.clone() }
    }
}

impl Display for Files {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        match (&self.test, self.held_out) {
            (Some(test), _) => write!(f, " and {}", test.display()),
            (None, Some(seed)) => {
                write!(f, ", a fifth of each class held out to test on, by seed {seed}")
            }
            (None, None) => Ok(()),
        }
    }
}

/// A path that still means the same when it is read from another folder.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
