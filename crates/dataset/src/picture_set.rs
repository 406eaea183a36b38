//! Pictures to learn from and others to be tested on, from files of any format.

use std::{collections::HashMap, path::Path};

use crate::{
    DatasetError, Examples, TestSource, hold_out,
    labelled::{LabelList, Labelled, MOST_PICTURE_CLASSES, Places},
    labels::{Label, Labels},
    natural_order,
};

/// Pictures to learn from and others to be tested on, of one size and of the same classes.
#[derive(Clone, Debug)]
pub struct PictureSet {
    /// The training set.
    pub train: Examples,
    /// The test set.
    pub test: Examples,
    /// The names of the classes: at least two.
    pub classes: Vec<String>,
    /// Whether the test set was held out of the pictures to train on, by a seed.
    pub is_held_out: bool,
}

impl PictureSet {
    /// The pictures of a reader with the classes that are `known`, or else those of the training labels.
    pub(crate) fn of(
        train: Labelled,
        test: Option<Labelled>,
        seed: u64,
        known: Option<&[String]>,
    ) -> Result<Self, DatasetError> {
        let found = match known {
            Some(known) => known.to_vec(),
            None => found(&train)?,
        };
        let origin = if known.is_some() { Origin::Known } else { Origin::Training };
        let path = train.images_path.clone();
        if let Some(test) = &test {
            check_size(&train, test)?;
        }
        let train = examples(train, &found, if known.is_some() { origin } else { Origin::Own })?;
        let (train, test, is_held_out) = match test {
            Some(test) => (train, examples(test, &found, origin)?, false),
            None => {
                let (train, test) = hold_out(train, found.len(), seed, &path)?;
                (train, test, true)
            }
        };
        Ok(Self { train, test, classes: found, is_held_out })
    }

    /// The pictures of a reader that are to be tested on, of classes that are known. With a seed, they are those that
    /// [`of`](Self::of) holds out.
    pub(crate) fn test_of(
        pictures: Labelled,
        held_out: Option<u64>,
        known: &[String],
    ) -> Result<Examples, DatasetError> {
        let path = pictures.images_path.clone();
        let all = examples(pictures, known, Origin::Known)?;
        match held_out {
            Some(seed) => Ok(hold_out(all, known.len(), seed, &path)?.1),
            None => Ok(all),
        }
    }
}

/// Where classes are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// These very labels.
    Own,
    /// The training labels.
    Training,
    /// They were known before.
    Known,
}

/// The classes that the labels make.
fn found(train: &Labelled) -> Result<Vec<String>, DatasetError> {
    match &train.labels {
        LabelList::Indices(labels) => {
            let largest = labels.iter().copied().max().unwrap_or(0);
            Ok((0..(usize::from(largest) + 1).max(2)).map(|class| class.to_string()).collect())
        }
        LabelList::Names { seen, .. } => {
            let classes = in_order(seen);
            match &classes[..] {
                [class] => Err(DatasetError::OneClass {
                    path: train.labels_path.clone(),
                    class: class.clone(),
                }),
                _ => Ok(classes),
            }
        }
    }
}

/// The names of the labels: numbers in their order, and if not all are numbers, names as people count them.
fn in_order(seen: &Labels) -> Vec<String> {
    let mut labels = seen.classes();
    if labels.iter().any(|label| matches!(label, Label::Name(_))) {
        labels.sort_by(|a, b| natural_order(&a.to_string(), &b.to_string()));
    }
    labels.iter().map(Label::to_string).collect()
}

/// Test pictures of another size than the training pictures.
fn check_size(train: &Labelled, test: &Labelled) -> Result<(), DatasetError> {
    let size = |pictures: &Labelled| (pictures.images.rows(), pictures.images.columns());
    if size(train) == size(test) {
        return Ok(());
    }
    let path = test.images_path.clone();
    Err(DatasetError::ImageSize { path, test: size(test), train: size(train) })
}

/// The pictures with their classes.
fn examples(
    pictures: Labelled,
    classes: &[String],
    origin: Origin,
) -> Result<Examples, DatasetError> {
    let Labelled { images, labels, labels_path: path, images_path } = pictures;
    let labels = match labels {
        LabelList::Indices(labels) => {
            let classes = classes.len();
            let outside = labels.iter().position(|&label| usize::from(label) >= classes);
            match outside.map(|index| (index, labels[index])) {
                None => labels,
                Some((index, label)) if origin == Origin::Known => {
                    return Err(DatasetError::NoClass { path, index, label, classes });
                }
                Some((index, label)) => {
                    return Err(DatasetError::Label { path, index, label, classes });
                }
            }
        }
        LabelList::Names { numbers, seen, places } => {
            let class_of = class_of(&seen, classes).map_err(|(label, place)| {
                let place = match places {
                    Places::Lines => format!("{}: line {place}", path.display()),
                    Places::Folders(folders) => folders[place].display().to_string(),
                };
                let of_training = origin != Origin::Known;
                DatasetError::UnknownClass { place, label, classes: classes.to_vec(), of_training }
            })?;
            numbers.into_iter().map(|number| class_of[usize::from(number)]).collect()
        }
    };
    Examples::new(images, labels).map_err(|fault| DatasetError::Pair {
        images: images_path,
        labels: path,
        fault,
    })
}

/// The class of each label, or the first label that is none, and its place.
///
/// A label has the name of its class. Where no class has it and none is called by a number, a number is the index of a class:
/// files often have numbers where a network knows names.
fn class_of(seen: &Labels, classes: &[String]) -> Result<Vec<u8>, (String, usize)> {
    let labels: Vec<Label> = classes.iter().map(|name| Label::of(name)).collect();
    let named = labels.iter().all(|label| matches!(label, Label::Name(_)));
    let mut by_name: HashMap<String, u8> = HashMap::new();
    for (class, label) in (0..=u8::MAX).zip(&labels) {
        by_name.insert(classes[usize::from(class)].clone(), class);
        by_name.entry(label.to_string()).or_insert(class);
    }
    let class = |(label, place): &(Label, usize)| {
        let name = label.to_string();
        let index = || name.parse().ok().filter(|&i: &u8| named && usize::from(i) < labels.len());
        by_name.get(&name).copied().or_else(index).ok_or((name.clone(), *place))
    };
    seen.list().iter().map(class).collect()
}

/// Takes a fifth of the pictures of each class out.
fn hold_out(
    all: Examples,
    classes: usize,
    seed: u64,
    path: &Path,
) -> Result<(Examples, Examples), DatasetError> {
    debug_assert!(classes <= MOST_PICTURE_CLASSES);
    hold_out::split_pictures(all, classes, seed)
        .ok_or_else(|| DatasetError::NoneHeldOut { path: path.to_owned() })
}

/// The seed of a test source that has one: where there is a file, none is drawn from.
pub(crate) fn seed(test: TestSource<'_>) -> u64 {
    match test {
        TestSource::HeldOut(seed) => seed,
        TestSource::File(_) => 0,
    }
}
