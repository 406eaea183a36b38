//! Rows of sparse features to learn from and to be tested on, from files.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use kernels::Csr;

use crate::{
    DatasetError, Features, Watch,
    hold_out::{self, Rows},
    labels::Label,
    svmlight::{self, Raw},
};

/// Sparse features to learn from and others to be tested on, of the same columns and classes.
#[derive(Clone, Debug)]
pub struct FeatureSet {
    /// The training set.
    pub train: Features,
    /// The test set.
    pub test: TestFeatures,
    /// The meaning of a number in a row, and of a label.
    pub meaning: Meaning,
    /// The greatest index and its line in the training file.
    pub largest: Option<(u32, usize)>,
    /// SHA-256 of the plain training file.
    pub sha256: String,
}

/// Sparse features to be tested on.
#[derive(Clone, Debug)]
pub struct TestFeatures {
    /// The rows.
    pub features: Features,
    /// The index that the first column has in the file: 0 or 1.
    pub base: u32,
    /// Numbers in columns that the training set never had, which were left out.
    pub unknown: usize,
    /// SHA-256 of the plain file.
    pub sha256: String,
}

/// The meaning of columns and classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// Numbers in a row.
    pub columns: usize,
    /// The index that the first column has in the files: 0 or 1.
    pub base: u32,
    /// The names of the classes: the labels of the files.
    pub classes: Vec<String>,
}

/// The facts about a data set that are known before it is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// Numbers in a row. Unknown, they are as many as the training set has.
    pub columns: Option<usize>,
    /// The index of the first column: 0 or 1. Unknown, it is 0 if any index is, and else 1.
    pub base: Option<u32>,
    /// The names of the classes. Unknown, they are the labels of the training set.
    pub classes: Option<&'a [String]>,
}

/// Where the rows to be tested on come from.
#[derive(Clone, Copy, Debug)]
pub enum TestSource<'a> {
    /// A file of their own.
    File(&'a Path),
    /// The training file: a fifth of the rows of each class, chosen by a seed.
    HeldOut(u64),
}

impl FeatureSet {
    /// Reads svmlight text, plain or gzipped, in rayon's current pool. `watch` is told how far it is.
    ///
    /// # Errors
    /// If a file cannot be read or is anything but that, if the training set has fewer than two classes, if a row is of a
    /// class that is not `known` or none of the training set's, if a training row has a column beyond those known, or if no
    /// class has enough rows to hold some out.
    pub fn load(
        train: &Path,
        test: TestSource<'_>,
        known: &Known<'_>,
        watch: Watch<'_>,
    ) -> Result<Self, DatasetError> {
        let file = File::read(train, watch)?;
        let (own, seed) = match test {
            TestSource::File(path) => (Some(File::read(path, watch)?), 0),
            TestSource::HeldOut(seed) => (None, seed),
        };
        let has_zero = file.raw.has_zero || own.as_ref().is_some_and(|own| own.raw.has_zero);
        let base = known.base.unwrap_or(if has_zero { 0 } else { 1 });
        file.check_base(base)?;
        own.iter().try_for_each(|own| own.check_base(base))?;
        let classes = file.classes(known)?;
        let columns = file.columns(known, base)?;
        let (largest, sha256) = (file.raw.largest, file.raw.sha256.clone());
        let of_training = known.classes.is_none();
        let mut rows = file.rows(&classes, of_training)?;
        let test = match own {
            Some(own) => own.test(base, columns, &classes, of_training)?,
            None => {
                let held_out = hold_out(&mut rows, classes.len(), seed, train)?;
                TestFeatures::of(held_out, base, columns, sha256.clone())
            }
        };
        let (train, _) = features(rows, base, columns);
        let classes = classes.iter().map(Label::to_string).collect();
        Ok(Self { train, test, meaning: Meaning { columns, base, classes }, largest, sha256 })
    }
}

impl TestFeatures {
    /// Reads the rows to be tested on alone: all of a file, or of a training file the fifth that was held out by a seed. They
    /// are of so many `columns` and of these `classes`; `base` is as in [`Known`].
    ///
    /// # Errors
    /// If the file cannot be read or is no svmlight text, or a row is of none of the classes.
    pub fn load(
        path: &Path,
        held_out: Option<u64>,
        columns: usize,
        base: Option<u32>,
        classes: &[String],
        watch: Watch<'_>,
    ) -> Result<Self, DatasetError> {
        let file = File::read(path, watch)?;
        let base = base.unwrap_or(if file.raw.has_zero { 0 } else { 1 });
        file.check_base(base)?;
        let classes: Vec<Label> = classes.iter().map(|name| Label::of(name)).collect();
        let Some(seed) = held_out else { return file.test(base, columns, &classes, false) };
        let sha256 = file.raw.sha256.clone();
        let held_out = hold_out(&mut file.rows(&classes, false)?, classes.len(), seed, path)?;
        Ok(Self::of(held_out, base, columns, sha256))
    }

    /// The rows in so many columns.
    fn of(rows: Rows, base: u32, columns: usize, sha256: String) -> Self {
        let (features, unknown) = features(rows, base, columns);
        Self { features, base, unknown, sha256 }
    }
}

/// A file that was read.
struct File {
    path: PathBuf,
    raw: Raw,
}

impl File {
    fn read(path: &Path, watch: Watch<'_>) -> Result<Self, DatasetError> {
        Ok(Self { path: path.to_owned(), raw: svmlight::read(path, watch)? })
    }

    /// Refuses an index 0 where they are known to begin with 1.
    fn check_base(&self, base: u32) -> Result<(), DatasetError> {
        if base > 0 && self.raw.has_zero {
            return Err(DatasetError::IndexZero { path: self.path.clone() });
        }
        Ok(())
    }

    /// The classes: those that are known, or else those of the labels.
    fn classes(&self, known: &Known<'_>) -> Result<Vec<Label>, DatasetError> {
        let classes = match known.classes {
            Some(names) => names.iter().map(|name| Label::of(name)).collect(),
            None => self.raw.seen.classes(),
        };
        match &classes[..] {
            [class] => {
                Err(DatasetError::OneClass { path: self.path.clone(), class: class.to_string() })
            }
            _ => Ok(classes),
        }
    }

    /// The number of columns: as many as are known, or else as the greatest index tells, and at least one.
    fn columns(&self, known: &Known<'_>, base: u32) -> Result<usize, DatasetError> {
        let Some((index, line)) = self.raw.largest else { return Ok(known.columns.unwrap_or(1)) };
        let found = (index - base) as usize + 1;
        match known.columns {
            Some(columns) if columns < found => {
                Err(DatasetError::NoColumn { path: self.path.clone(), line, index, columns })
            }
            Some(columns) => Ok(columns),
            None => Ok(found),
        }
    }

    /// The rows with their classes. `of_training` says whether these classes are the training set's, or a network's.
    fn rows(self, classes: &[Label], of_training: bool) -> Result<Rows, DatasetError> {
        let places = classes.iter().zip(0_u16..=u16::MAX).collect::<HashMap<_, _>>();
        let mut class_of = Vec::new();
        for (label, line) in self.raw.seen.list() {
            match places.get(label) {
                Some(&class) => class_of.push(class),
                None => {
                    return Err(DatasetError::UnknownLabel {
                        path: self.path,
                        line: *line,
                        label: label.to_string(),
                        classes: classes.iter().map(Label::to_string).collect(),
                        of_training,
                    });
                }
            }
        }
        let Raw { starts, indices, values, labels, .. } = self.raw;
        let labels = labels.into_iter().map(|place| class_of[place as usize]).collect();
        Ok(Rows { starts, indices, values, labels })
    }

    fn test(
        self,
        base: u32,
        columns: usize,
        classes: &[Label],
        of_training: bool,
    ) -> Result<TestFeatures, DatasetError> {
        let sha256 = self.raw.sha256.clone();
        Ok(TestFeatures::of(self.rows(classes, of_training)?, base, columns, sha256))
    }
}

/// Takes a fifth of each class out of the rows of a file.
fn hold_out(rows: &mut Rows, classes: usize, seed: u64, path: &Path) -> Result<Rows, DatasetError> {
    hold_out::split(rows, classes, seed)
        .ok_or_else(|| DatasetError::NoneHeldOut { path: path.to_owned() })
}

/// The rows in so many columns, counted from 0, and how many numbers lay beyond them.
fn features(mut rows: Rows, base: u32, columns: usize) -> (Features, usize) {
    for index in &mut rows.indices {
        *index -= base;
    }
    let unknown = rows.retain(|index| (index as usize) < columns);
    let csr = Csr::new(rows.starts, rows.indices, rows.values, columns);
    (Features::new(csr.expect("indices below the columns"), rows.labels), unknown)
}
