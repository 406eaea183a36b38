"""Dense networks on the CPU, with Keras's words; `sieve.sklearn` has scikit-learn's.

>>> import sieve
>>> (x_train, y_train), (x_test, y_test) = sieve.datasets.digits.load_data()
>>> model = sieve.Sequential([
...     sieve.layers.Input((28, 28)),
...     sieve.layers.Flatten(),
...     sieve.layers.Rescaling(1 / 255),
...     sieve.layers.Dense(512, activation="relu"),
...     sieve.layers.Dense(10, activation="softmax"),
... ])
>>> model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
>>> history = model.fit(x_train, y_train, epochs=5, batch_size=128)
>>> loss, accuracy = model.evaluate(x_test, y_test)
"""

from . import callbacks, config, datasets, layers, losses, models, optimizers, utils
from ._sieve import __version__
from ._words import only
from .layers import Input
from .models import Sequential

__all__ = [
    "Input",
    "Sequential",
    "__version__",
    "callbacks",
    "config",
    "datasets",
    "layers",
    "losses",
    "models",
    "optimizers",
    "utils",
]
__getattr__ = only(__name__, [*__all__, "sklearn"])
