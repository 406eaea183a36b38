//! Examples of any kind, lent.

use kernels::{Rows, Targets};

use crate::{Examples, Features};

/// Examples to work on, lent by whoever holds them.
#[derive(Clone, Copy, Debug)]
pub enum Set<'a> {
    /// Pictures.
    Images(&'a Examples),
    /// Rows of sparse features.
    Features(&'a Features),
}

impl<'a> Set<'a> {
    /// Number of examples.
    pub fn len(self) -> usize {
        match self {
            Self::Images(examples) => examples.len(),
            Self::Features(features) => features.len(),
        }
    }

    /// Whether there is no example.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The examples as a network reads them, one a row.
    pub fn rows(self) -> Rows<'a> {
        match self {
            Self::Images(examples) => examples.rows(),
            Self::Features(features) => features.rows(),
        }
    }

    /// The class indices that a network is taught.
    pub fn targets(self) -> Targets<'a> {
        match self {
            Self::Images(examples) => examples.targets(),
            Self::Features(features) => features.targets(),
        }
    }

    /// Class of example `i`.
    ///
    /// # Panics
    /// If `i` is not below [`len`](Self::len).
    #[track_caller]
    pub fn label(self, i: usize) -> usize {
        match self {
            Self::Images(examples) => examples.label(i).into(),
            Self::Features(features) => features.labels()[i].into(),
        }
    }

    /// A word for several of them.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Images(_) => "images",
            Self::Features(_) => "rows",
        }
    }

    /// A word for one of them.
    pub fn singular(self) -> &'static str {
        match self {
            Self::Images(_) => "image",
            Self::Features(_) => "row",
        }
    }
}
