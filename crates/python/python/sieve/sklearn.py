"""scikit-learn's words: `SieveClassifier`, for pipelines, grid searches and sparse matrices. It needs scikit-learn 1.6 or later."""

from __future__ import annotations

import numbers
from typing import Any, List, Optional, Sequence

import numpy as np

try:
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.utils import check_random_state
    from sklearn.utils.multiclass import check_classification_targets, unique_labels
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError as error:
    raise ImportError(f"sieve.sklearn needs scikit-learn 1.6 or later (pip install scikit-learn): {error}") from None

from . import _arrays, optimizers
from ._sieve import Network
from ._words import choice, whole_number
from .utils import later_seed

__all__ = ["SieveClassifier"]


class SieveClassifier(ClassifierMixin, BaseEstimator):
    """A dense network with softmax, trained with RMSprop on the crossentropy. Zeros are skipped, so sparse matrices cost what
    is in them: CSR of `float32` is read where it lies, and never made dense.

    Parameters
    ----------
    hidden_layer_sizes : units of each hidden layer.
    activation : `"relu"` or `"linear"`, in the hidden layers.
    optimizer : `"rmsprop"` or an optimizer of `sieve.optimizers`, whose settings count instead of `learning_rate`.
    learning_rate : the size of a step.
    batch_size : rows in a step.
    max_iter : passes over the data.
    shuffle : whether each pass takes the rows in a new order.
    random_state : a whole number, a `RandomState`, or `None` for NumPy's own: weights and orders. A number is also the seed of
        the same training by the driver.
    warm_start : whether `fit` goes on with the network that is there.
    verbose : whether a line is printed for each pass.

    Attributes
    ----------
    classes_, n_features_in_, feature_names_in_ : as ever.
    loss_curve_ : the mean loss of each pass; `loss_` is the last.
    n_iter_ : passes over the data.
    """

    def __init__(
        self,
        hidden_layer_sizes: Sequence[int] = (512,),
        *,
        activation: str = "relu",
        optimizer: Any = "rmsprop",
        learning_rate: float = 0.001,
        batch_size: int = 32,
        max_iter: int = 20,
        shuffle: bool = True,
        random_state: Any = None,
        warm_start: bool = False,
        verbose: bool = False,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.random_state = random_state
        self.warm_start = warm_start
        self.verbose = verbose

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def fit(self, X: Any, y: Any) -> "SieveClassifier":
        """Trains on the rows of `X` (rows × features, dense or sparse) and their labels, which may be of any kind."""
        goes_on = self.warm_start and hasattr(self, "classes_")
        rows, y = self._examples(X, y, reset=not goes_on)
        labels = unique_labels(y)
        if not goes_on:
            self._begin(_arrays.columns(rows), labels)
        return self._train(rows, y, whole_number("SieveClassifier", "max_iter", self.max_iter))

    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> "SieveClassifier":
        """One pass over the rows of `X`. The first call names all classes, unless `y` has them all."""
        begins = not hasattr(self, "classes_")
        rows, y = self._examples(X, y, reset=begins)
        if begins:
            self._begin(_arrays.columns(rows), unique_labels(y) if classes is None else unique_labels(classes))
        elif classes is not None and not np.array_equal(unique_labels(classes), self.classes_):
            raise ValueError(f"classes={classes!r} are not those of the first call, {self.classes_!r}")
        return self._train(rows, y, 1)

    def predict_proba(self, X: Any) -> np.ndarray:
        """The probabilities of `classes_` for each row: rows × classes."""
        check_is_fitted(self)
        return self._network.predict(self._validated(X))

    def predict_log_proba(self, X: Any) -> np.ndarray:
        """The logarithms of `predict_proba`."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def predict(self, X: Any) -> np.ndarray:
        """The most probable class of each row."""
        best = self.predict_proba(X).argmax(axis=1)
        return self.classes_[best]

    def _validated(self, X: Any) -> _arrays.Rows:
        return _rows(validate_data(self, X, accept_sparse="csr", dtype=np.float32, order="C", reset=False))

    def _examples(self, X: Any, y: Any, reset: bool) -> Any:
        X, y = validate_data(
            self, X, y, accept_sparse="csr", dtype=np.float32, order="C", multi_output=False, reset=reset
        )
        check_classification_targets(y)
        return _rows(X), y

    def _begin(self, inputs: int, labels: np.ndarray) -> None:
        """A new network for these labels."""
        choice("SieveClassifier", "activation", self.activation, ["relu", "linear"])
        asked: Any = self.hidden_layer_sizes
        asked = [asked] if isinstance(asked, numbers.Integral) else list(asked)
        hidden: List[int] = [whole_number("SieveClassifier", "hidden_layer_sizes", units) for units in asked]
        self.classes_ = labels
        self._seed = _seed(self.random_state)
        self._passes_begun = 0
        sizes = [inputs, *hidden, len(labels)]
        self._network = Network.glorot_uniform(sizes, [self.activation] * len(hidden) + ["softmax"], self._seed)
        self.loss_curve_: List[float] = []
        self.n_iter_ = 0

    def _train(self, rows: _arrays.Rows, y: np.ndarray, passes: int) -> "SieveClassifier":
        found = np.searchsorted(self.classes_, y)
        known = found < len(self.classes_)
        known[known] = self.classes_[found[known]] == y[known]
        if not known.all():
            raise ValueError(f"the label {y[~known][0]!r} is none of the classes {self.classes_!r}")
        optimizer = self._optimizer()

        def on_epoch(line: Any) -> None:
            self.loss_curve_.append(line[0])
            self.n_iter_ += 1
            self.loss_ = line[0]
            if self.verbose:
                print(f"Iteration {self.n_iter_}, loss = {line[0]:.8f}", flush=True)

        seed = later_seed(self._seed, self._passes_begun)
        self._passes_begun += 1
        self._network.fit(
            rows,
            _arrays.class_indices(found, len(self.classes_)),
            optimizer=optimizer.kind,
            settings=optimizer.settings,
            epochs=passes,
            batch_size=whole_number("SieveClassifier", "batch_size", self.batch_size),
            shuffle=bool(self.shuffle),
            seed=seed,
            on_epoch=on_epoch,
        )
        return self

    def _optimizer(self) -> optimizers.Optimizer:
        if isinstance(self.optimizer, optimizers.Optimizer):
            return self.optimizer
        kind = type(optimizers.get(self.optimizer))
        return kind(learning_rate=self.learning_rate)  # type: ignore[call-arg]


def _rows(X: Any) -> _arrays.Rows:
    return _arrays.sparse(X) if _arrays.is_sparse(X) else X


def _seed(random_state: Optional[Any]) -> int:
    if isinstance(random_state, numbers.Integral):
        check_random_state(random_state)
        return int(random_state)
    return int(check_random_state(random_state).randint(1 << 31))
