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

/// The error of a data set.
pub(crate) fn of_dataset(error: DatasetError) -> PyErr {
    match error {
        DatasetError::NotFound { .. } => PyFileNotFoundError::new_err(not_found(&error)),
        DatasetError::Environment { .. } | DatasetError::Missing { .. } => {
            PyFileNotFoundError::new_err(error.to_string())
        }
        DatasetError::Folder { ref cause, .. } => of_io(cause, error.to_string()),
        _ => PyValueError::new_err(error.to_string()),
    }
}

/// [`DatasetError::NotFound`] with the ways out that a Python program has.
pub(crate) fn not_found(error: &DatasetError) -> String {
    error.to_string().replace("pass --data DIR", "pass load_data(folder=...)")
}

fn of_io(cause: &io::Error, message: String) -> PyErr {
    match cause.kind() {
        ErrorKind::NotFound => PyFileNotFoundError::new_err(message),
        ErrorKind::PermissionDenied => PyPermissionError::new_err(message),
        ErrorKind::IsADirectory => PyIsADirectoryError::new_err(message),
        _ => PyOSError::new_err(message),
    }
}
