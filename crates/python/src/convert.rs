//! Numbers of another type, made `float32` once.

use numpy::{PyReadonlyArray1, PyReadwriteArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use rayon::prelude::*;

use crate::threads;

/// Numbers that a thread converts at a time: 128 KiB of them are read, 64 KiB written.
const PIECE: usize = 16 * 1024;

/// Writes `numbers` into `rounded`, each rounded to the nearest `float32`, by all threads. Whether a finite number was too large
/// and has become infinite.
#[pyfunction]
pub(crate) fn to_float32(
    py: Python<'_>,
    numbers: PyReadonlyArray1<'_, f64>,
    mut rounded: PyReadwriteArray1<'_, f32>,
) -> PyResult<bool> {
    let (from, to) = (numbers.as_slice()?, rounded.as_slice_mut()?);
    if from.len() != to.len() {
        let message = format!("{} numbers into {}", from.len(), to.len());
        return Err(PyValueError::new_err(message));
    }
    if from.len() <= PIECE {
        return Ok(round(from, to));
    }
    threads::run(py, || {
        let pieces = to.par_chunks_mut(PIECE).zip(from.par_chunks(PIECE));
        pieces.map(|(to, from)| round(from, to)).reduce(|| false, |a, b| a | b)
    })
}

/// As [`to_float32`].
fn round(from: &[f64], to: &mut [f32]) -> bool {
    let mut overflow = false;
    for (to, &from) in to.iter_mut().zip(from) {
        *to = from as f32;
        overflow |= to.is_infinite() & from.is_finite();
    }
    overflow
}
