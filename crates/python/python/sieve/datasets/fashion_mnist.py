"""Fashion-MNIST: 60,000 articles of clothing to train on and 10,000 to test on, 28 × 28 pixels, 10 classes."""

from __future__ import annotations

from typing import Tuple

from .._words import only
from ._published import Folder, Pair, load

__all__ = ["load_data"]
__getattr__ = only(__name__, __all__)


def load_data(folder: Folder = None, *, offline: bool = False) -> Tuple[Pair, Pair]:
    """`((x_train, y_train), (x_test, y_test))`, all `uint8`: images (60000, 28, 28), labels (60000,).

    The files are read from `folder`, or the user's cache folder. Where there are none, they are downloaded into
    the cache, once, and checked; with `offline` that is an error.
    """
    return load("fashion_mnist", folder, offline)
