//! Which images a command works on, and where they come from.

use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use dataset::{DatasetError, Examples, Mnist, Source};
use model::MOST_CLASSES;

use crate::arguments::{CommonArguments, DatasetName, Named};
use crate::data::download::download;
use crate::error::Error;
use crate::run::saved_network::{RecordedData, SavedNetwork};
use crate::terminal::notice::notice;

/// The seed of the built-in digits: they are the same in every run.
const DIGITS_SEED: u64 = 0;
/// The digits 0 to 9.
const DRAWN_CLASSES: usize = 10;

/// The part of a data set that a command reads: all of it to train on, or the test set alone.
pub(crate) trait Part: Sized {
    /// The folder on this machine that has the files of this part.
    fn locate(source: &Source<'_>) -> Result<PathBuf, DatasetError>;
    /// Reads the files in a folder. Without a number of `classes`, the labels tell it.
    fn load(folder: &Path, classes: Option<usize>) -> Result<Self, DatasetError>;
    /// Draws the built-in digits. They count as of `classes` classes, of which they have the first ten.
    fn drawn(classes: Option<usize>) -> Self;
    /// Pixels of an image.
    fn pixels(&self) -> usize;
}

/// All of the data set.
impl Part for Mnist {
    fn locate(source: &Source<'_>) -> Result<PathBuf, DatasetError> {
        dataset::locate(source)
    }

    fn load(folder: &Path, classes: Option<usize>) -> Result<Self, DatasetError> {
        match classes {
            None => Self::load(folder),
            Some(classes) => Self::load_with_classes(folder, classes),
        }
    }

    fn drawn(classes: Option<usize>) -> Self {
        let drawn = Self::digits(DIGITS_SEED);
        Self { classes: classes.unwrap_or(drawn.classes), ..drawn }
    }

    fn pixels(&self) -> usize {
        self.train.pixels_per_image()
    }
}

/// The test set.
impl Part for Examples {
    fn locate(source: &Source<'_>) -> Result<PathBuf, DatasetError> {
        dataset::locate_test(source)
    }

    fn load(folder: &Path, classes: Option<usize>) -> Result<Self, DatasetError> {
        // Labels are bytes: this many classes have room for all.
        Mnist::load_test(folder, classes.unwrap_or(MOST_CLASSES))
    }

    fn drawn(_: Option<usize>) -> Self {
        Mnist::test_digits(DIGITS_SEED)
    }

    fn pixels(&self) -> usize {
        self.pixels_per_image()
    }
}

/// Images and labels, with the place they came from.
#[derive(Debug)]
pub(crate) struct Data<P> {
    /// Where they came from.
    pub(crate) origin: Origin,
    /// Training and test set, or the test set alone.
    pub(crate) examples: P,
    /// The data set that they should be: it was asked for by name, or they lay in its cache folder.
    pub(crate) expected: Option<DatasetName>,
}

/// Where images came from: their folder; `None` if they are built in. Displayed, it follows "Data from".
#[derive(Debug, PartialEq)]
pub(crate) struct Origin(pub(crate) Option<PathBuf>);

impl Display for Origin {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(folder) => write!(f, "{}", folder.display()),
            None => write!(f, "the built-in digits"),
        }
    }
}

impl Origin {
    /// The place, named so that it still means the same when it is read from another folder.
    pub(crate) fn absolute(&self) -> Self {
        Self(self.0.as_deref().map(absolute))
    }
}

/// A path that still means the same when it is read from another folder.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

impl Data<Mnist> {
    /// Finds or fetches the data to train on, and reads it. `classes` is the number of classes; without it, the labels
    /// tell. `quiet` hides how far a download is.
    ///
    /// MNIST that was not asked for by name and is not to be had gives way to the built-in digits, with a notice on stderr.
    pub(crate) fn to_train_on(
        arguments: &CommonArguments,
        classes: Option<usize>,
        quiet: bool,
    ) -> Result<Self, Error> {
        if let Some(asked_for) = Self::asked_for(arguments, classes, quiet) {
            return asked_for;
        }
        match Self::published(DatasetName::Mnist, arguments, classes, quiet) {
            Err(error @ Error::NoData { .. }) => {
                notice(format_args!("using the built-in digits, because {error}"));
                Self::digits(classes)
            }
            outcome => outcome,
        }
    }
}

impl Data<Examples> {
    /// Finds or fetches the data to test a network on, and reads it: what is asked for, or else what the network was
    /// trained on, or else MNIST. Nothing else takes its place.
    pub(crate) fn to_test(
        saved: &SavedNetwork,
        arguments: &CommonArguments,
    ) -> Result<Self, Error> {
        let classes = Some(saved.network.classes());
        let data = match (Self::asked_for(arguments, classes, false), &saved.trained_on) {
            (Some(asked_for), _) => asked_for,
            (None, Some(recorded)) => Self::recorded(recorded, saved, arguments),
            (None, None) => Self::published(DatasetName::Mnist, arguments, classes, false)
                .map_err(without_others),
        };
        data.map_err(|error| error.of_network(&saved.file, saved.network.classes()))
    }

    /// The data that the run of `saved` has recorded, from its folder at that time. A published data set may have moved.
    fn recorded(
        recorded: &RecordedData,
        saved: &SavedNetwork,
        arguments: &CommonArguments,
    ) -> Result<Self, Error> {
        let classes = Some(saved.network.classes());
        let by_name = |name: &String| DatasetName::from_str(name, false).ok();
        let dataset = recorded.dataset.as_ref().and_then(by_name);
        let Some(folder) = &recorded.folder else {
            let dataset = dataset.unwrap_or(DatasetName::Mnist);
            return Self::published(dataset, arguments, classes, false).map_err(without_others);
        };
        match (Self::read(folder.clone(), classes), dataset) {
            (Err(DatasetError::Folder { .. } | DatasetError::Missing { .. }), Some(dataset)) => {
                Self::published(dataset, arguments, classes, false).map_err(without_others)
            }
            (Err(fault @ DatasetError::NoClass { .. }), _) => Err(fault.into()),
            (Err(fault), _) => {
                Err(Error::RecordedData { model: saved.file.clone(), fault: fault.into() })
            }
            (Ok(data), _) => Ok(data),
        }
    }
}

impl<P: Part> Data<P> {
    /// The data that `--data` or `--dataset` names.
    fn asked_for(
        arguments: &CommonArguments,
        classes: Option<usize>,
        quiet: bool,
    ) -> Option<Result<Self, Error>> {
        let Some(folder) = &arguments.data else {
            let dataset = arguments.dataset?;
            return Some(Self::published(dataset, arguments, classes, quiet));
        };
        Some(Self::read(folder.clone(), classes).map_err(Error::Data))
    }

    /// A data set that the program knows how to come by.
    fn published(
        dataset: DatasetName,
        arguments: &CommonArguments,
        classes: Option<usize>,
        quiet: bool,
    ) -> Result<Self, Error> {
        let mirror = if dataset == DatasetName::Mnist { dataset::named_mirror()? } else { None };
        let mirror = mirror.as_deref();
        let source = match (dataset, mirror.as_slice()) {
            (DatasetName::Mnist, []) => Source::MNIST,
            (DatasetName::Mnist, mirrors) => Source { mirrors, ..Source::MNIST },
            (DatasetName::FashionMnist, _) => Source::FASHION_MNIST,
            (DatasetName::Digits, _) => return Self::digits(classes),
        };
        let folder = obtain::<P>(&source, arguments.offline, quiet)?;
        let cached = source.cache().as_ref() == Some(&folder);
        let broken = if cached { Error::Cached } else { Error::Data };
        let data = Self::read(folder, classes).map_err(broken)?;
        let expected = (cached || arguments.dataset.is_some()).then_some(dataset);
        Ok(Self { expected, ..data })
    }

    fn read(folder: PathBuf, classes: Option<usize>) -> Result<Self, DatasetError> {
        let examples = P::load(&folder, classes)?;
        Ok(Self { origin: Origin(Some(folder)), examples, expected: None })
    }

    fn digits(classes: Option<usize>) -> Result<Self, Error> {
        if let Some(classes) = classes.filter(|&classes| classes < DRAWN_CLASSES) {
            return Err(Error::DrawnClasses { classes });
        }
        Ok(Self { origin: Origin(None), examples: P::drawn(classes), expected: None })
    }

    /// Says on stderr if these images should be others than were `found`.
    pub(crate) fn check_expected(&self, found: Option<DatasetName>) {
        if let Some(expected) = self.expected
            && found != self.expected
        {
            let (origin, name) = (&self.origin, expected.name());
            notice(format_args!("what lies in {origin} is not {name} as it was published"));
        }
    }

    /// Pixels of an image: what a network has to take.
    pub(crate) fn pixels(&self) -> usize {
        self.examples.pixels()
    }
}

/// The error of a network without data: unlike a training, it takes no others by itself.
fn without_others(error: Error) -> Error {
    match error {
        Error::NoData { .. } => Error::NoTestData(Box::new(error)),
        error => error,
    }
}

/// The folder with the files of `source`, which are downloaded if they are not on this machine.
fn obtain<P: Part>(source: &Source<'_>, offline: bool, quiet: bool) -> Result<PathBuf, Error> {
    let (not_found, cache) = match P::locate(source) {
        Err(error @ DatasetError::NotFound { .. }) => (error.into(), source.cache()),
        outcome => return Ok(outcome?),
    };
    let outcome = match cache {
        _ if offline => Err("--offline forbids to download".into()),
        None => Err("there is no cache folder to download to".into()),
        Some(cache) => download(source, &cache, quiet).map(|()| cache),
    };
    outcome.map_err(|why| Error::NoData { why, not_found })
}

#[cfg(all(test, feature = "download"))]
mod tests;
