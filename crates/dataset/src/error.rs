//! The errors between a path and a data set in memory.

use std::{ffi::OsString, io, path::PathBuf};

use thiserror::Error;

use crate::{
    CsvFault, FolderFault, NpzFault, Obstacle, examples::ExamplesError, idx::IdxFault,
    names::NAMES, source::MIRROR, svmlight::SvmlightFault,
};

mod words;

use words::{in_brackets, listed, way_out};

/// Why a data set could not be found or loaded.
///
/// Each message is one line with the path, the fault and the way out, causes included, so
/// [`source`](std::error::Error::source) is always `None`.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DatasetError {
    /// The data set is in none of the places where [`locate`](crate::locate()) looks.
    #[error("{name} is not on this machine: {}", way_out(DATA_OPTION, *.variable, mirror, missing, obstacles, cache.as_deref()))]
    NotFound {
        /// The data set.
        name: &'static str,
        /// The environment variable that may name its folder.
        variable: Option<&'static str>,
        /// Where its files can be had.
        mirror: Box<str>,
        /// The files that the cache folder lacks.
        missing: Vec<&'static str>,
        /// The things that are in the place of some of them.
        obstacles: Box<[Obstacle]>,
        /// The last place looked in; `None` if this user has no cache folder.
        cache: Option<PathBuf>,
    },

    /// An environment variable names a mirror that cannot be one.
    #[error("{variable} is {value:?}, but a mirror is a URL that begins with http:// or https://")]
    Mirror {
        /// The variable.
        variable: &'static str,
        /// Its value.
        value: OsString,
    },

    /// An environment variable names a folder that does not do.
    #[error("{variable} does not name a data set: {cause}")]
    Environment {
        /// The variable.
        variable: &'static str,
        /// The error that the folder causes.
        cause: Box<DatasetError>,
    },

    /// A folder that does not exist, is no folder, or may not be looked into.
    #[error(
        "cannot look into the folder '{path}' ({cause}); name the folder that holds the data set's four files"
    )]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The operating system's answer.
        cause: io::Error,
    },

    /// A folder without all four files.
    #[error(
        "{folder}: lacks {}{}; put what is missing there, plain or as .gz (MNIST's files are at {MIRROR}){}",
        .missing.join(", "), in_brackets(.obstacles),
        if .missing.len() == NAMES.len() { ", or name a folder with a folder of pictures for each class" } else { "" }
    )]
    Missing {
        /// The folder.
        folder: PathBuf,
        /// The names of the files it lacks, without `.gz`.
        missing: Vec<&'static str>,
        /// The things that are in the place of some of them.
        obstacles: Box<[Obstacle]>,
    },

    /// A folder with several data sets.
    #[error(
        "{}: several data sets are in it; name one by a file of it: {}", .folder.display(),
        listed(.files)
    )]
    SeveralSets {
        /// The folder.
        folder: PathBuf,
        /// A file of each data set.
        files: Vec<String>,
    },

    /// A folder with some of the files of a data set, but not with all.
    #[error("{}: lacks {}; put what is missing there, plain or as .gz", .folder.display(), .missing.join(", "))]
    PartOfSet {
        /// The folder.
        folder: PathBuf,
        /// How the names of the files begin that it lacks.
        missing: Vec<String>,
    },

    /// An archive of arrays that is not what it should be.
    #[error("{}: {fault}", .path.display())]
    Npz {
        /// The file.
        path: PathBuf,
        /// The fault of the file.
        fault: Box<NpzFault>,
    },

    /// A table of pixels that is not what it should be.
    #[error("{}: {fault}", .path.display())]
    Csv {
        /// The file.
        path: PathBuf,
        /// The fault of the file.
        fault: CsvFault,
    },

    /// A folder of classes, or something in it, that is not what it should be.
    #[error("{}: {fault}", .path.display())]
    Folders {
        /// The folder or file.
        path: PathBuf,
        /// Its fault.
        fault: FolderFault,
    },

    /// Pictures of which some are to be tested on, and a file of others to be tested on.
    #[error("{}: its test set is in it; leave --test out", .path.display())]
    OwnTestSet {
        /// The file or folder of the pictures.
        path: PathBuf,
    },

    /// A file of features where pictures are needed.
    #[error("{}: it is a file of features by its name, and pictures are needed; take both sets in one format", .path.display())]
    NoPictures {
        /// The file.
        path: PathBuf,
    },

    /// A label of pictures that is none of the classes.
    #[error(
        "{place}: its label {label} is none of the classes {}, which are {}; correct it, or leave it out",
        if *.of_training { "of the training set" } else { "asked for or known to the network" }, listed(classes)
    )]
    UnknownClass {
        /// The file and line, or the folder.
        place: String,
        /// The label.
        label: String,
        /// The classes.
        classes: Vec<String>,
        /// Whether the classes are those of the training set, or were known before.
        of_training: bool,
    },

    /// A file that is not what it should be.
    #[error("{path}: {fault}")]
    File {
        /// The file.
        path: PathBuf,
        /// The fault of the file.
        fault: IdxFault,
    },

    /// A file or folder that cannot be written.
    #[error("cannot write {path}: {cause}; name a folder that can be written, on a disk with room")]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's answer.
        cause: io::Error,
    },

    /// A file that would be taken for another version of one that is to be written.
    #[error(
        "{path}: another version of {name}, which would be written beside it; remove it, or name another folder"
    )]
    Version {
        /// The file that is there.
        path: PathBuf,
        /// The file to write.
        name: &'static str,
    },

    /// A file of images and a file of labels that are no pair.
    #[error(
        "{images} and {labels} do not belong together: {fault}; take both from the same data set"
    )]
    Pair {
        /// The file of images.
        images: PathBuf,
        /// The file of labels.
        labels: PathBuf,
        /// The fault of the pair.
        fault: ExamplesError,
    },

    /// Test images of another size than the training images.
    #[error(
        "{path}: test images of {}×{} pixels, but the training images have {}×{}; take all files from the same data set",
        .test.0, .test.1, .train.0, .train.1
    )]
    ImageSize {
        /// The file of test images.
        path: PathBuf,
        /// Rows and columns of a test image.
        test: (usize, usize),
        /// Rows and columns of a training image.
        train: (usize, usize),
    },

    /// A test label of a class that no training label can name.
    #[error(
        "{path}: label {label} at index {index} is outside the {classes} classes of the training labels; \
         take all files from the same data set"
    )]
    Label {
        /// The file of test labels.
        path: PathBuf,
        /// Position of the label in the file, from 0.
        index: usize,
        /// The label.
        label: u8,
        /// Number of classes.
        classes: usize,
    },

    /// A label that is none of the classes asked for.
    #[error(
        "{path}: image {index} has label {label}, which is none of the {classes} classes asked for; \
         correct the label, or ask for at least {} classes",
        usize::from(*.label) + 1
    )]
    NoClass {
        /// The file of labels.
        path: PathBuf,
        /// Position of the label in the file, from 0.
        index: usize,
        /// The label.
        label: u8,
        /// Number of classes asked for.
        classes: usize,
    },

    /// A file that is not the svmlight text it should be.
    #[error("{}: {fault}", .path.display())]
    Svmlight {
        /// The file.
        path: PathBuf,
        /// The fault of the file.
        fault: SvmlightFault,
    },

    /// A training set with one class only.
    #[error(
        "{path}: all rows or pictures have the label {class}, and there is nothing to learn from one class; add some of others"
    )]
    OneClass {
        /// The file.
        path: PathBuf,
        /// The label.
        class: String,
    },

    /// A label that is none of the classes.
    #[error(
        "{path}: line {line}: its label {label} is none of the classes {}, which are {}; correct it, or leave the row out",
        if *.of_training { "of the training set" } else { "asked for or known to the network" }, listed(classes)
    )]
    UnknownLabel {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The label.
        label: String,
        /// The classes.
        classes: Vec<String>,
        /// Whether the classes are those of the training set, or were known before.
        of_training: bool,
    },

    /// An index 0 where indices begin with 1.
    #[error(
        "{path}: it has an index 0, but the indices of these features begin with 1; add 1 to all of this file"
    )]
    IndexZero {
        /// The file.
        path: PathBuf,
    },

    /// A training row has a number in a column that there is not.
    #[error(
        "{path}: line {line}: index {index} is beyond the {columns} features that were asked for, or that the network takes; give data of these features"
    )]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The index, as the file has it.
        index: u32,
        /// Numbers in a row.
        columns: usize,
    },

    /// A training set without a test set, from which no row can be held out.
    #[error(
        "{path}: no class has three examples, of which one could be held out to test on; give others to test on with --test"
    )]
    NoneHeldOut {
        /// The file.
        path: PathBuf,
    },

    /// A file of names that cannot be read.
    #[error("{path}: {cause}; a file of feature names has one name a line, in UTF-8")]
    Names {
        /// The file.
        path: PathBuf,
        /// The operating system's answer, or that it is no text.
        cause: io::Error,
    },

    /// A file of names with too few or too many of them.
    #[error(
        "{path}: {found} lines for {columns} features; a file of feature names has one name a line, in the order of the indices"
    )]
    NameCount {
        /// The file.
        path: PathBuf,
        /// Its lines.
        found: usize,
        /// Numbers in a row.
        columns: usize,
    },
}

impl DatasetError {
    /// The message, for a program whose user names the folder of a data set in another way than with `--data DIR`: `folder_option`
    /// says how, after "pass".
    pub fn message_with(&self, folder_option: &str) -> String {
        match self {
            Self::NotFound { name, variable, mirror, missing, obstacles, cache } => format!(
                "{name} is not on this machine: {}",
                way_out(folder_option, *variable, mirror, missing, obstacles, cache.as_deref())
            ),
            _ => self.to_string(),
        }
    }
}

/// How the driver's user names a folder.
const DATA_OPTION: &str = "--data DIR";
