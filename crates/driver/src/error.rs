//! The errors that stop a command: one line each, with the cause and, where there is one, the way out.

use std::io;
use std::path::{Path, PathBuf};

use dataset::DatasetError;
use indicatif::HumanCount;
use kernels::UnavailableIsa;
use model::{MOST_WEIGHTS, ModelError};

use crate::data::own_pictures::Unusable;

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The environment asks for instructions that this CPU has not.
    #[error(transparent)]
    Isa(#[from] UnavailableIsa),

    /// The data is missing or broken.
    #[error(transparent)]
    Data(#[from] DatasetError),

    /// Data in the cache folder, which is the program's to fill, is broken.
    #[error("{0} (or delete it: the next run downloads what is missing)")]
    Cached(DatasetError),

    /// A data set is not on this machine and does not come here.
    #[error("{why}, and {not_found}")]
    NoData {
        /// Why it was not downloaded.
        why: String,
        /// The error that names the missing files and their place.
        not_found: Box<DatasetError>,
    },

    /// As [`Error::NoData`], of the images for a saved network.
    #[error("{0}; --dataset digits takes the built-in digits")]
    NoTestData(Box<Error>),

    /// The data that a run has recorded is not to be had any more.
    #[error("{fault} ({} was trained on this data; --data PATH or --dataset NAME takes other data)", model.display())]
    RecordedData {
        /// The file of the network.
        model: PathBuf,
        /// The fault of its data.
        fault: Box<DatasetError>,
    },

    /// A label that a saved network has no class for.
    #[error(
        "{}: image {index} has label {label}, but {} knows {classes} classes; \
         give the data it was trained on with --data",
        labels.display(), model.display()
    )]
    UnknownClass {
        /// The file of the labels.
        labels: PathBuf,
        /// Position of the label in its file.
        index: usize,
        /// The label.
        label: u8,
        /// The file of the network.
        model: PathBuf,
        /// The number of classes that the network tells apart.
        classes: usize,
    },

    /// The built-in digits have labels that are none of the classes.
    #[error(
        "the built-in digits are of 10 classes, which is more than {classes}; take other data with --data DIR"
    )]
    DrawnClasses {
        /// As many classes as were asked for, or as a network has.
        classes: usize,
    },

    /// Most classes have no image to learn from.
    #[error(
        "{empty}; if the labels are right all the same, pass --classes {classes}, and if not, correct them"
    )]
    EmptyClasses {
        /// The clause that names them.
        empty: String,
        /// All of them.
        classes: usize,
    },

    /// A folder that was named as a model holds none.
    #[error("{} holds no {file}; name the folder of a run that was completed, or a network's file", folder.display())]
    NoModel {
        /// The folder.
        folder: PathBuf,
        /// The file that is not in it.
        file: &'static str,
    },

    /// A first layer of more weights than any may have.
    #[error(
        "{units} units on images of {pixels} pixels make a layer of {} weights, and the most that one can have is {}; \
         ask for fewer units with --hidden",
        HumanCount(pixels.saturating_mul(*units) as u64), HumanCount(MOST_WEIGHTS as u64)
    )]
    FirstLayer {
        /// Pixels of an image.
        pixels: usize,
        /// Units of the layer.
        units: usize,
    },

    /// As [`Error::FirstLayer`], on features.
    #[error(
        "{units} units on {columns} features make a layer of {} weights, and the most that one can have is {}; ask for \
         fewer units with --hidden, or renumber the features if the greatest index, on line {line} of {}, is no slip",
        HumanCount(columns.saturating_mul(*units) as u64), HumanCount(MOST_WEIGHTS as u64), file.display()
    )]
    FirstFeatureLayer {
        /// Numbers in a row.
        columns: usize,
        /// Units of the layer.
        units: usize,
        /// The file of the rows.
        file: PathBuf,
        /// The line of it that has the greatest index.
        line: usize,
    },

    /// An option that is of no use for pictures.
    #[error("{option} goes with features: name their file with --data")]
    OfFeatures {
        /// The option.
        option: &'static str,
    },

    /// An option of tables, on other data.
    #[error("--label-column goes with a table of pixels: name its file, a .csv, with --data")]
    OfTables,

    /// A network that reads less than was asked for.
    #[error(
        "the test accuracy is {reached}, below the {required} of --require-accuracy; the run is saved"
    )]
    Accuracy {
        /// The share of the test set that is read right.
        reached: f64,
        /// The share asked for.
        required: f64,
    },

    /// An option of pictures, on data of features.
    #[error(
        "--augment, or the recipe, distorts pictures, and --data names a file of features; pass --augment none and no other \
         --augment-… option"
    )]
    OfImages,

    /// All or none of the training set would be held out.
    #[error(
        "--validation holds {count} of {examples} training {plural} out; ask for at least one, and fewer than all"
    )]
    Validation {
        /// How many were to be held out.
        count: usize,
        /// Of the training set.
        examples: usize,
        /// As in "images".
        plural: &'static str,
    },

    /// Pictures that cannot be distorted.
    #[error("the training images cannot be distorted: {0}; take --augment none")]
    Augmentation(dataset::AugmentationError),

    /// Too few features for so many classes.
    #[error(
        "{features} features are too few for {classes} classes; ask for at least {fewest} with --features"
    )]
    FewFeatures {
        /// As many features as were asked for.
        features: usize,
        /// As many classes as were asked for.
        classes: usize,
        /// The fewest possible.
        fewest: usize,
    },

    /// `--init` and `--features` name different networks.
    #[error("{} takes {found} features, --features asks for {asked}; leave --features away", model.display())]
    Features {
        /// The file of the network.
        model: PathBuf,
        /// Numbers that it takes.
        found: usize,
        /// As many as were asked for.
        asked: usize,
    },

    /// The names of the classes in a network's file are not as many as its classes.
    #[error("{}: it has {classes} classes, and its metadata does not name as many; take the file as it was written", model.display())]
    ClassNames {
        /// The file of the network.
        model: PathBuf,
        /// The number of classes that it tells apart.
        classes: usize,
    },

    /// Nothing can be drawn in a training on features.
    #[error(
        "--draw makes a page for networks that read pictures, and --data names a file of features; leave it out"
    )]
    DrawFeatures,

    /// There is no page to draw on for a network.
    #[cfg(feature = "report")]
    #[error("no page to draw on can be made for {}: {fault}", model.display())]
    Drawing {
        /// The file of the network.
        model: PathBuf,
        /// Its fault.
        fault: drawing::DrawingError,
    },

    /// A page was asked for that this program does not make.
    #[cfg(not(feature = "report"))]
    #[error("this program makes no pages; build it with the feature `report`")]
    NoPages,

    /// The network cannot be built, loaded, saved, or does not take these rows.
    #[error(transparent)]
    Model(#[from] ModelError),

    /// A network that does not leave or come.
    #[cfg(feature = "exchange")]
    #[error(transparent)]
    Exchange(#[from] exchange::ExchangeError),

    /// A file to export to whose name says nothing of its format.
    #[cfg(feature = "exchange")]
    #[error("the name of {} does not tell a format; say with --format onnx, npz, keras or pytorch", file.display())]
    NoFormat {
        /// The file.
        file: PathBuf,
    },

    /// The pool of threads does not start.
    #[error("cannot start {threads} threads: {source}; ask for fewer with --threads")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// The answer of the system.
        source: rayon::ThreadPoolBuildError,
    },

    /// A file or folder of the run cannot be written.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// The action that failed, as a verb.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// The answer of the system.
        source: io::Error,
    },

    /// The output folder holds an earlier run, or what may be somebody else's, which must not be lost.
    #[error("{} already exists; name another folder with --output", .0.display())]
    Occupied(PathBuf),

    /// The output folder belongs to a run that is not over.
    #[error("another run is at work in {}; name another folder with --output", .0.display())]
    Busy(PathBuf),

    /// A saved network is made for other images.
    #[error(
        "{} takes {inputs} numbers, but the images have {pixels} pixels; give the data it was trained on with --data",
        model.display()
    )]
    Misfit {
        /// The file of the network.
        model: PathBuf,
        /// Numbers that the network takes.
        inputs: usize,
        /// Pixels of an image.
        pixels: usize,
    },

    /// `--init` and `--classes` name different networks.
    #[error("{} knows {found} classes, --classes asks for {asked}; leave --classes away, or pass --classes {found}", model.display())]
    Classes {
        /// The file of the network.
        model: PathBuf,
        /// The number of classes that it tells apart.
        found: usize,
        /// As many classes as were asked for.
        asked: usize,
    },

    /// `--init` and `--hidden` name different networks.
    #[error("{} has hidden layers {found:?}, --hidden asks for {asked:?}; leave --hidden away", model.display())]
    Hidden {
        /// The file of the network.
        model: PathBuf,
        /// Its hidden layers.
        found: Vec<usize>,
        /// Those asked for.
        asked: Vec<usize>,
    },

    /// A file of the user's own holds no input for a network.
    #[error("{}: {fault}", path.display())]
    Picture {
        /// The file, or a folder.
        path: PathBuf,
        /// Its fault.
        fault: Unusable,
    },

    /// The folders that are named hold no picture.
    #[error("there is no picture in {}; name a folder that holds pictures itself, not in folders of its own", .0.display())]
    NoPicture(PathBuf),

    /// Pictures for a network of features.
    #[error(
        "{} is trained on features, not on pictures; name a network of pictures, or rows of features with --data",
        .0.display()
    )]
    NoPictures(PathBuf),

    /// A network whose pictures have an unknown size.
    #[error(
        "{} takes {inputs} numbers, and its file does not say pictures of which size they are; a square has another number of \
         pixels",
        model.display()
    )]
    PictureSize {
        /// The file of the network.
        model: PathBuf,
        /// Numbers that the network takes.
        inputs: usize,
    },

    /// `--index` names an example that is not there.
    #[error("there is no test {singular} {index}: --index goes from 0 to {last}")]
    NoSuchExample {
        /// Their kind: images or rows.
        singular: &'static str,
        /// The index asked for.
        index: usize,
        /// The greatest there is.
        last: usize,
    },

    /// The loss is infinite or not a number.
    #[error(
        "the loss became {loss} in epoch {epoch}, {place}, so no model is saved; \
         try a --learning-rate below {learning_rate}"
    )]
    Diverged {
        /// The loss.
        loss: f64,
        /// The epoch in which it was seen, from 1.
        epoch: usize,
        /// Where in the epoch: a step, or the test set after the last.
        place: String,
        /// The learning rate that led there.
        learning_rate: f64,
    },

    /// A saved network computes with numbers beyond those there are: its loss is infinite or not a number.
    #[error(
        "the loss of {} is {loss}, because its sums leave the range of f32; train it anew, with a smaller --learning-rate",
        model.display()
    )]
    NoLoss {
        /// The file of the network.
        model: PathBuf,
        /// The loss.
        loss: f64,
    },

    /// As [`Error::NoLoss`], of an example and its probabilities.
    #[error(
        "a probability of {example} is {probability}, because the network's sums leave the range of f32; \
         train it anew, with a smaller --learning-rate"
    )]
    NoReading {
        /// Its name.
        example: String,
        /// The first of its probabilities that is not finite.
        probability: f32,
    },

    /// The system does not let the program notice Ctrl-C.
    #[error("cannot wait for signals: {0}")]
    Signals(io::Error),

    /// Standard output cannot be written. Errors of files are [`Error::File`], so that a bare `?` means this one.
    #[error("cannot write to standard output: {0}")]
    Output(#[from] io::Error),
}

impl Error {
    /// For `map_err`: an [`Error::File`] that still waits for the answer of the system.
    pub(crate) fn file(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { action, path, source }
    }

    /// The same error, but a label that is none of the `classes` is one that the network in the file `model` cannot know.
    pub(crate) fn of_network(self, model: &Path, classes: usize) -> Self {
        match self {
            Self::Data(DatasetError::NoClass { path: labels, index, label, .. })
            | Self::Cached(DatasetError::NoClass { path: labels, index, label, .. }) => {
                Self::UnknownClass { labels, index, label, model: model.to_owned(), classes }
            }
            error => error,
        }
    }
}
