"""Arrays as the engine reads them: C-contiguous `float32` and `uint8` where they lie, all others converted once."""

from __future__ import annotations

import sys
import warnings
from typing import Any, NamedTuple, Optional, Tuple, Union

import numpy as np

from ._sieve import to_float32

class Sparse(NamedTuple):
    """Compressed sparse rows, in the types of the engine."""

    indptr: np.ndarray
    indices: np.ndarray
    data: np.ndarray
    columns: int


Rows = Union[np.ndarray, Sparse]


def is_sparse(x: Any) -> bool:
    """Whether `x` is a matrix of scipy's. Where nobody has imported scipy, there is none."""
    scipy_sparse = sys.modules.get("scipy.sparse")
    return scipy_sparse is not None and scipy_sparse.issparse(x)


def numbers(x: Any, name: str) -> np.ndarray:
    """An array of numbers, in any type and order."""
    try:
        array = np.asarray(x)
    except ValueError as error:
        raise ValueError(f"{name} is no array: {error}") from None
    if array.dtype.kind == "O":
        try:
            array = array.astype(np.float32)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name} holds objects that are no numbers: {error}") from None
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} is of type {array.dtype}; there is float, integer and bool")
    return array


def floats(array: np.ndarray) -> np.ndarray:
    """`float32`, C-contiguous, in the machine's byte order; the array itself if it is that already."""
    rounded, overflow = rounded_floats(array)
    if overflow:
        warnings.warn("overflow encountered in cast", RuntimeWarning, stacklevel=3)
    return rounded


def rounded_floats(array: np.ndarray) -> Tuple[np.ndarray, bool]:
    """As `floats`, and whether a finite `float64` was too large and has become infinite."""
    if array.dtype != np.float64:
        return np.ascontiguousarray(array, dtype=np.float32), False
    array = np.require(array, requirements=["C", "A"])
    rounded = np.empty(array.shape, np.float32)
    return rounded, to_float32(array.reshape(-1), rounded.reshape(-1))


def sparse(x: Any, scale: Optional[float] = None) -> Sparse:
    """A scipy matrix as compressed sparse rows, without making it dense; its values times `scale`."""
    csr = x.tocsr()
    if csr.ndim != 2:
        raise ValueError(f"a sparse array of {csr.ndim} dimensions; it must have 2")
    columns = csr.shape[1]
    indices = csr.indices
    if indices.dtype == np.int32:
        # A negative index becomes one that no column has.
        indices = np.ascontiguousarray(indices).view(np.uint32)
    else:
        if indices.size and not 0 <= indices.min() <= indices.max() < columns:
            raise ValueError(f"a column index of a sparse matrix is not in 0 ... {columns - 1}")
        indices = np.ascontiguousarray(indices, dtype=np.uint32)
    indptr = csr.indptr
    if indptr.dtype.itemsize == np.dtype(np.uintp).itemsize:
        indptr = np.ascontiguousarray(indptr).view(np.uintp)
    else:
        indptr = np.ascontiguousarray(indptr, dtype=np.uintp)
    data = floats(numbers(csr.data, "x"))
    if scale is not None:
        data = data * np.float32(scale)
    # scipy allows room behind the last row.
    used = int(indptr[-1])
    return Sparse(indptr, indices[:used], data[:used], columns)


def count(rows: Rows) -> int:
    """Number of rows."""
    return len(rows.indptr) - 1 if isinstance(rows, Sparse) else len(rows)


def columns(rows: Rows) -> int:
    """Numbers in a row."""
    return rows.columns if isinstance(rows, Sparse) else rows.shape[1]


def split(rows: Rows, at: int) -> Tuple[Rows, Rows]:
    """The rows before `at` and those from it on, without a copy of their numbers."""
    if not isinstance(rows, Sparse):
        return rows[:at], rows[at:]
    indptr, indices, data, wide = rows
    middle = int(indptr[at])
    first = Sparse(indptr[: at + 1], indices[:middle], data[:middle], wide)
    return first, Sparse(indptr[at:] - indptr[at], indices[middle:], data[middle:], wide)


def class_indices(y: Any, classes: int) -> np.ndarray:
    """Class indices in the smallest type that the engine reads."""
    array = numbers(y, "y")
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise ValueError(
            f"y of shape {array.shape}: sparse_categorical_crossentropy takes one class index for each row; "
            "for one-hot rows there is categorical_crossentropy"
        )
    if array.dtype != np.uint8:
        wrong = (array < 0) | (array >= classes)
        if array.dtype.kind == "f":
            wrong |= array != np.floor(array)
        if wrong.any():
            row = int(np.argmax(wrong))
            raise ValueError(f"target {array[row]} of row {row} for a network of {classes} classes")
    return np.ascontiguousarray(array, dtype=np.uint8 if classes <= 256 else np.uint16)


def distributions(y: Any, classes: int) -> np.ndarray:
    """One-hot rows, or any distributions."""
    array = numbers(y, "y")
    if array.ndim != 2:
        raise ValueError(
            f"y of shape {array.shape}: categorical_crossentropy takes (rows, {classes}); for class indices there is "
            "sparse_categorical_crossentropy, or sieve.utils.to_categorical"
        )
    if array.shape[1] != classes:
        raise ValueError(f"y of shape {array.shape}: categorical_crossentropy takes (rows, {classes})")
    return floats(array)
