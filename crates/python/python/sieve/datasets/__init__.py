"""Data sets: `((x_train, y_train), (x_test, y_test))`, `uint8`, from each module's `load_data()`."""

from .._words import only
from . import digits, fashion_mnist, mnist

__all__ = ["digits", "fashion_mnist", "mnist"]
__getattr__ = only(__name__, __all__)
