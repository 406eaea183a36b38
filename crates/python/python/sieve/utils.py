"""Keras's `keras.utils`, as far as there is something for it here."""

from __future__ import annotations

import os
import random
from typing import Any, Optional

import numpy as np

from ._words import only, whole_number

__all__ = ["set_random_seed", "to_categorical"]
__getattr__ = only(__name__, __all__)

_STEP = 0x9E3779B97F4A7C15
_seed: Optional[int] = None


def set_random_seed(seed: int) -> None:
    """Seeds all that follows: the networks that are made, the order of their rows, and Python's and NumPy's own generators.

    The first network that is made gets `seed` itself, for its weights and for the orders of its first fit, as
    `driver train --seed` does.
    """
    global _seed
    _seed = whole_number("set_random_seed", "seed", seed, least=0)
    if _seed >= 1 << 64:
        raise ValueError(f"set_random_seed: seed={_seed}; it must be below 2**64")
    random.seed(_seed)
    np.random.seed(_seed % (1 << 32))


def next_seed() -> int:
    """A seed for another network."""
    global _seed
    if _seed is None:
        return int.from_bytes(os.urandom(8), "little")
    seed, _seed = _seed, later_seed(_seed, 1)
    return seed


def later_seed(seed: int, times: int) -> int:
    """The seed that follows on `seed` after so many times."""
    return (seed + times * _STEP) % (1 << 64)


def to_categorical(x: Any, num_classes: Optional[int] = None) -> np.ndarray:
    """One-hot rows of class indices, `float64` as in Keras 3: shape `x.shape + (num_classes,)`, without a last dimension of 1."""
    indices = np.array(x, dtype="int64")
    shape = indices.shape
    if len(shape) > 1 and shape[-1] == 1:
        shape = shape[:-1]
    flat = indices.reshape(-1)
    classes = int(num_classes) if num_classes else (int(flat.max()) + 1 if flat.size else 0)
    if flat.size and not 0 <= flat.min() <= flat.max() < classes:
        raise ValueError(f"to_categorical: class indices from {flat.min()} to {flat.max()} for {classes} classes")
    rows = np.zeros((flat.size, classes))
    rows[np.arange(flat.size), flat] = 1
    return rows.reshape(shape + (classes,))
