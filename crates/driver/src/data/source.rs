//! Which images a command works on, and where they come from.

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

use clap::ValueEnum;
use dataset::{Asked, DatasetError, Examples, Format, Mnist, PictureSet, Source, TestSource};

use crate::arguments::{CommonArguments, DatasetName, Named, TrainArguments};
use crate::data::bar::Bar;
use crate::data::class_names::named;
use crate::data::download::download;
use crate::data::files::Files;
use crate::error::Error;
use crate::run::saved_network::{RecordedData, SavedNetwork};
use crate::terminal::notice::notice;

/// The seed of the built-in digits: they are the same in every run.
const DIGITS_SEED: u64 = 0;
/// The digits 0 to 9.
const DRAWN_CLASSES: usize = 10;

/// The names of classes, where they are known before the data is.
type Known<'a> = Option<&'a [String]>;

/// The part of a data set that a command reads: all of it to train on, or the test set alone.
pub(crate) trait Part: Sized {
    /// The folder on this machine that has the files of this part.
    fn locate(source: &Source<'_>) -> Result<PathBuf, DatasetError>;
    /// Reads the files. Without names of classes, the labels tell them.
    fn load(files: &Files, classes: Known<'_>, bar: &Bar) -> Result<Self, DatasetError>;
    /// Draws the built-in digits. They count as of all these classes, of which they have the first ten.
    fn drawn(classes: Known<'_>) -> Self;
    /// Pixels of an image.
    fn pixels(&self) -> usize;
}

/// All of the data set.
impl Part for PictureSet {
    fn locate(source: &Source<'_>) -> Result<PathBuf, DatasetError> {
        dataset::locate(source)
    }

    fn load(files: &Files, classes: Known<'_>, bar: &Bar) -> Result<Self, DatasetError> {
        let test = match (&files.test, files.held_out) {
            (Some(test), _) => TestSource::File(test),
            (None, seed) => TestSource::HeldOut(seed.unwrap_or(0)),
        };
        let asked = Asked { classes, label_column: files.label_column.as_deref() };
        Self::load(&files.path, test, &asked, &mut |progress| bar.show(progress))
    }

    fn drawn(classes: Known<'_>) -> Self {
        let drawn = Self::from(Mnist::digits(DIGITS_SEED));
        Self { classes: classes.map_or(drawn.classes, <[String]>::to_vec), ..drawn }
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

    fn load(files: &Files, classes: Known<'_>, bar: &Bar) -> Result<Self, DatasetError> {
        let asked = Asked { classes, label_column: files.label_column.as_deref() };
        let classes = classes.unwrap_or_default();
        let watch = &mut |progress: dataset::Progress<'_>| bar.show(progress);
        PictureSet::load_test(&files.path, files.held_out, &asked, classes, watch)
    }

    fn drawn(_: Known<'_>) -> Self {
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

/// Where images came from: their files; `None` if they are built in. Displayed, it follows "Data from".
#[derive(Debug, PartialEq)]
pub(crate) struct Origin(pub(crate) Option<Files>);

impl Display for Origin {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(files) => files.fmt(f),
            None => write!(f, "the built-in digits"),
        }
    }
}

impl Data<PictureSet> {
    /// Finds or fetches the data to train on, and reads it. Without names of classes, the labels tell them.
    pub(crate) fn to_train_on(
        arguments: &TrainArguments,
        classes: Known<'_>,
    ) -> Result<Self, Error> {
        let mut data = Self::training(arguments, classes)?;
        if let Some(files) = &mut data.origin.0 {
            files.held_out = files.held_out.filter(|_| data.examples.is_held_out);
            if classes.is_none() {
                data.examples.classes = named(data.examples.classes, &files.path, data.expected);
            }
        }
        Ok(data)
    }

    fn training(arguments: &TrainArguments, classes: Known<'_>) -> Result<Self, Error> {
        let TrainArguments { common, test, seed, quiet, .. } = arguments;
        let files = |path: &PathBuf| Files {
            path: path.clone(),
            test: test.clone(),
            held_out: test.is_none().then_some(*seed),
            label_column: common.label_column.clone(),
        };
        if let Some(files) = common.data.as_ref().map(files) {
            check_label_column(&files)?;
            return Ok(Self::read(files, classes, *quiet)?);
        }
        if let Some(dataset) = common.dataset {
            return Self::published(dataset, common, classes, *quiet);
        }
        match Self::published(DatasetName::Mnist, common, classes, *quiet) {
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
    pub(crate) fn to_test(saved: &SavedNetwork, common: &CommonArguments) -> Result<Self, Error> {
        let classes = Some(&saved.classes[..]);
        let data = match (&common.data, common.dataset, &saved.trained_on) {
            (Some(path), ..) => {
                let label_column = common.label_column.clone();
                let files = Files { label_column, ..Files::all_of(path.clone()) };
                check_label_column(&files)?;
                Self::read(files, classes, false).map_err(Error::Data)
            }
            (None, Some(dataset), _) => Self::published(dataset, common, classes, false),
            (None, None, Some(recorded)) => Self::recorded(recorded, saved, common),
            (None, None, None) => {
                Self::published(DatasetName::Mnist, common, classes, false).map_err(without_others)
            }
        };
        data.map_err(|error| error.of_network(&saved.file, saved.network.classes()))
    }

    /// The data that the run of `saved` has recorded, from its place at that time. A published data set may have moved.
    fn recorded(
        recorded: &RecordedData,
        saved: &SavedNetwork,
        common: &CommonArguments,
    ) -> Result<Self, Error> {
        let classes = Some(&saved.classes[..]);
        let by_name = |name: &String| DatasetName::from_str(name, false).ok();
        let dataset = recorded.dataset.as_ref().and_then(by_name);
        let Some(files) = recorded.test_files() else {
            let dataset = dataset.unwrap_or(DatasetName::Mnist);
            return Self::published(dataset, common, classes, false).map_err(without_others);
        };
        let is_gone = !files.path.exists();
        match (Self::read(files, classes, false), dataset) {
            (Err(fault), Some(dataset))
                if is_gone || matches!(fault, DatasetError::Missing { .. }) =>
            {
                Self::published(dataset, common, classes, false).map_err(without_others)
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
    /// A data set that the program knows how to come by.
    fn published(
        dataset: DatasetName,
        arguments: &CommonArguments,
        classes: Known<'_>,
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
        let data = Self::read(Files::all_of(folder), classes, quiet).map_err(broken)?;
        let expected = (cached || arguments.dataset.is_some()).then_some(dataset);
        Ok(Self { expected, ..data })
    }

    fn read(files: Files, classes: Known<'_>, quiet: bool) -> Result<Self, DatasetError> {
        let bar = Bar::new(quiet);
        let examples = P::load(&files, classes, &bar);
        bar.finish();
        Ok(Self { origin: Origin(Some(files)), examples: examples?, expected: None })
    }

    fn digits(classes: Known<'_>) -> Result<Self, Error> {
        if let Some(classes) = classes.map(<[_]>::len).filter(|&classes| classes < DRAWN_CLASSES) {
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

/// Refuses a column of labels where there is no table.
fn check_label_column(files: &Files) -> Result<(), Error> {
    match Format::of(&files.path) {
        Format::Csv => Ok(()),
        _ if files.label_column.is_none() => Ok(()),
        _ => Err(Error::OfTables),
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
