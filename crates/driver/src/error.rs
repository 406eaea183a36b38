//! What can stop a command: one line each, with the cause and, where there is one, the way out.

use std::io;
use std::path::PathBuf;

use dataset::DatasetError;
use kernels::isa::UnavailableIsa;
use model::ModelError;

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
        /// What is missing, and where it may be put.
        not_found: Box<DatasetError>,
    },

    /// The network cannot be built, loaded, saved, or does not take these rows.
    #[error(transparent)]
    Model(#[from] ModelError),

    /// The pool of threads does not start.
    #[error("cannot start {threads} threads: {source}; ask for fewer with --threads")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system said.
        source: rayon::ThreadPoolBuildError,
    },

    /// A file or folder of the run cannot be written.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// What was tried, as a verb.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// The output folder holds an earlier run, or what may be somebody else's, which must not be lost.
    #[error("{} already exists; name another folder with --output", .0.display())]
    Occupied(PathBuf),

    /// The output folder belongs to a run that is not over.
    #[error("another run is at work in {}; name another folder with --output", .0.display())]
    Busy(PathBuf),

    /// A saved network is made for other images or other classes.
    #[error(
        "{} takes {inputs} numbers and knows {classes} classes, but the images have {pixels} pixels and {labels} classes; \
         give the data it was trained on with --data",
        model.display()
    )]
    Misfit {
        /// The file of the network.
        model: PathBuf,
        /// What the network takes.
        inputs: usize,
        /// What the network tells apart.
        classes: usize,
        /// What an image has.
        pixels: usize,
        /// How many classes the labels name.
        labels: usize,
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

    /// `--index` names an image that is not there.
    #[error("there is no test image {index}: --index goes from 0 to {last}")]
    NoSuchImage {
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

    /// The system does not let the program notice Ctrl-C.
    #[error("cannot wait for signals: {0}")]
    Signals(io::Error),

    /// Standard output cannot be written. Errors of files are [`Error::File`], so that a bare `?` means this one.
    #[error("cannot write to standard output: {0}")]
    Output(#[from] io::Error),
}

impl Error {
    /// For `map_err`: an [`Error::File`] that still waits for what the system said.
    pub(crate) fn file(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { action, path, source }
    }
}
