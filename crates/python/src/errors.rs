//! The crates' errors as Python's: bad input is a `ValueError`, files are `OSError`s.

use std::io::{self, ErrorKind};

use dataset::DatasetError;
use model::ModelError;
use pyo3::PyErr;
use pyo3::exceptions::{
    PyFileNotFoundError, PyIsADirectoryError, PyMemoryError, PyOSError, PyPermissionError,
    PyValueError,
};

/// The error of an operation on a network.
pub(crate) fn of_model(error: ModelError) -> PyErr {
    let message = error.to_string();
    match error {
        ModelError::Memory { .. } => PyMemoryError::new_err(message),
        ModelError::Io { source, .. } => of_io(&source, message),
        _ => PyValueError::new_err(message),
    }
}

/// The error of a data set, with the ways out that a Python program has.
pub(crate) fn of_dataset(error: DatasetError) -> PyErr {
    let message = message_of(&error);
    match error {
        DatasetError::NotFound { .. }
        | DatasetError::Environment { .. }
        | DatasetError::Missing { .. } => PyFileNotFoundError::new_err(message),
        DatasetError::Folder { ref cause, .. } => of_io(cause, message),
        _ => PyValueError::new_err(message),
    }
}

/// The error of a data set in the cache folder, which is the program's to fill.
pub(crate) fn of_cached(error: &DatasetError) -> PyErr {
    let message = message_of(error);
    PyValueError::new_err(format!(
        "{message} (or delete it: the next load_data downloads what is missing)"
    ))
}

/// The message of an error of a data set, with the way in which a Python program names a folder.
pub(crate) fn message_of(error: &DatasetError) -> String {
    error.message_with("load_data(folder=...)")
}

fn of_io(cause: &io::Error, message: String) -> PyErr {
    match cause.kind() {
        ErrorKind::NotFound => PyFileNotFoundError::new_err(message),
        ErrorKind::PermissionDenied => PyPermissionError::new_err(message),
        ErrorKind::IsADirectory => PyIsADirectoryError::new_err(message),
        _ => PyOSError::new_err(message),
    }
}
