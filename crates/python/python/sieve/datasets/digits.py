"""Handwritten digits that the package draws itself: 60,000 to train on and 10,000 to test on, 28 × 28 pixels, 10 classes."""

from __future__ import annotations

from typing import Tuple

from .._sieve import load_digits
from .._words import only
from ._published import Pair

__all__ = ["load_data"]
__getattr__ = only(__name__, __all__)


def load_data() -> Tuple[Pair, Pair]:
    """`((x_train, y_train), (x_test, y_test))`, all `uint8`: images (60000, 28, 28), labels (60000,). Always the same."""
    return load_digits()
