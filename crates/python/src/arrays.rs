//! NumPy's arrays as rows and targets, where they lie.

use kernels::{Csr, MatrixRef, Rows, Targets};
use numpy::{PyReadonlyArray1, PyReadonlyArray2, PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Rows of examples in the forms that are read in place: rows × columns, C-contiguous.
#[derive(FromPyObject)]
pub(crate) enum RowsArray<'py> {
    /// `uint8`; a byte `b` stands for `b / 255`.
    Bytes(PyReadonlyArray2<'py, u8>),
    /// `float32`.
    Floats(PyReadonlyArray2<'py, f32>),
    /// Compressed sparse rows: where each row starts (`uintp`), columns (`uint32`), values (`float32`), number of columns.
    Sparse(
        PyReadonlyArray1<'py, usize>,
        PyReadonlyArray1<'py, u32>,
        PyReadonlyArray1<'py, f32>,
        usize,
    ),
}

/// [`RowsArray`], checked. Sparse rows that are not in order are copied for it.
pub(crate) enum Examples<'a> {
    Bytes(&'a [u8], usize),
    Floats(MatrixRef<'a>),
    Sparse(Csr<'a>),
}

impl RowsArray<'_> {
    /// The numbers, checked.
    pub(crate) fn examples(&self) -> PyResult<Examples<'_>> {
        Ok(match self {
            Self::Bytes(array) => {
                Examples::Bytes(array.as_slice()?, at_least_one(array.shape()[1])?)
            }
            Self::Floats(array) => {
                let (rows, columns) = (array.shape()[0], at_least_one(array.shape()[1])?);
                Examples::Floats(MatrixRef::new(array.as_slice()?, rows, columns))
            }
            Self::Sparse(starts, indices, values, columns) => {
                let csr =
                    Csr::new(starts.as_slice()?, indices.as_slice()?, values.as_slice()?, *columns);
                Examples::Sparse(csr.map_err(|error| PyValueError::new_err(error.to_string()))?)
            }
        })
    }
}

impl Examples<'_> {
    /// As a network reads them.
    pub(crate) fn rows(&self) -> Rows<'_> {
        match self {
            Self::Bytes(bytes, columns) => Rows::bytes(bytes, *columns),
            Self::Floats(matrix) => Rows::floats(*matrix),
            Self::Sparse(csr) => Rows::sparse(csr),
        }
    }
}

fn at_least_one(columns: usize) -> PyResult<usize> {
    match columns {
        0 => Err(PyValueError::new_err("rows of 0 numbers")),
        _ => Ok(columns),
    }
}

/// Targets in the forms that are read in place: C-contiguous.
#[derive(FromPyObject)]
pub(crate) enum TargetsArray<'py> {
    /// Class indices below 256.
    Classes(PyReadonlyArray1<'py, u8>),
    /// Class indices.
    WideClasses(PyReadonlyArray1<'py, u16>),
    /// A distribution over the classes for each row, rows × classes.
    Distributions(PyReadonlyArray2<'py, f32>),
}

impl TargetsArray<'_> {
    /// As a network is taught them.
    pub(crate) fn targets(&self) -> PyResult<Targets<'_>> {
        Ok(match self {
            Self::Classes(classes) => Targets::Classes(classes.as_slice()?),
            Self::WideClasses(classes) => Targets::WideClasses(classes.as_slice()?),
            Self::Distributions(array) => {
                let (rows, classes) = (array.shape()[0], array.shape()[1]);
                Targets::Distributions(MatrixRef::new(array.as_slice()?, rows, classes))
            }
        })
    }
}

/// A copy of numbers in C order, with their shape.
pub(crate) fn floats(array: &PyReadonlyArrayDyn<'_, f32>) -> PyResult<Vec<f32>> {
    Ok(array.as_slice()?.to_vec())
}
