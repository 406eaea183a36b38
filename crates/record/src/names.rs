//! The names of classes and features.

use std::borrow::Cow;

use dataset::FeatureNames;

/// The names of classes and features, for whoever shows some.
#[derive(Clone, Debug)]
pub struct Names {
    /// Of the classes.
    pub classes: Vec<String>,
    /// Of the features, if they have any.
    pub features: Option<FeatureNames>,
    /// The index of the first feature in its file.
    pub base: u32,
}

impl Names {
    /// Classes that are called 0, 1 and so on, and features by their indices from 0.
    pub fn numbers(classes: usize) -> Self {
        let classes = (0..classes).map(|class| class.to_string()).collect();
        Self { classes, features: None, base: 0 }
    }

    /// Whether the classes are called 0, 1 and so on.
    pub fn are_numbers(&self) -> bool {
        self.classes.iter().enumerate().all(|(class, name)| *name == class.to_string())
    }

    /// The name of a feature, or else the index that it has in its file.
    pub fn feature(&self, column: usize) -> Cow<'_, str> {
        match &self.features {
            Some(names) => names.get(column).into(),
            None => (column as u64 + u64::from(self.base)).to_string().into(),
        }
    }
}
