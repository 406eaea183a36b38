"""scikit-learn's words: `SieveClassifier`, for pipelines, grid searches and sparse matrices. It needs scikit-learn 1.6 or later."""

from __future__ import annotations

import numbers
from typing import Any, Dict, List, Optional, Sequence, Tuple

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
from ._words import choice, number, whole_number
from .utils import later_seed

__all__ = ["SieveClassifier"]


class SieveClassifier(ClassifierMixin, BaseEstimator):
    """A dense network with softmax, trained with RMSprop on the crossentropy. Zeros are skipped, so sparse matrices cost what
    is in them: CSR of `float32` is read where it lies, and never made dense.

    Parameters
    ----------
    hidden_layer_sizes : units of each hidden layer.
    activation : `"relu"` or `"linear"`, in the hidden layers.
    optimizer : `"rmsprop"`, `"adam"`, `"adamw"`, `"sgd"`, or an optimizer of `sieve.optimizers`, whose settings count instead of
        `learning_rate`.
    learning_rate : the size of a step, or a schedule of `sieve.optimizers.schedules`.
    batch_size : rows in a step.
    max_iter : passes over the data.
    shuffle : whether each pass takes the rows in a new order.
    random_state : a whole number, a `RandomState`, or `None` for NumPy's own: weights and orders. A number is also the seed of
        the same training by the driver.
    early_stopping : whether `fit` holds a part of the rows out, ends when the accuracy on them has not risen for a while, and leaves
        the network that was best. Without, it makes `max_iter` passes.
    validation_fraction : the share of the rows that are held out then, of each class alike.
    n_iter_no_change : passes without a better accuracy after which it ends.
    tol : the difference from the best accuracy up to which another one is not better.
    warm_start : whether `fit` goes on with the network that is there.
    verbose : whether a line is printed for each pass.

    Attributes
    ----------
    classes_, n_features_in_, feature_names_in_ : as ever.
    loss_curve_ : the mean loss of each pass; `loss_` is the last.
    n_iter_ : passes over the data.
    validation_scores_, best_validation_score_ : with `early_stopping`, the accuracy on the rows held out after each pass, and the
        best of them; else `None`.
    """

    def __init__(
        self,
        hidden_layer_sizes: Sequence[int] = (512,),
        *,
        activation: str = "relu",
        optimizer: Any = "rmsprop",
        learning_rate: optimizers.LearningRate = 0.001,
        batch_size: int = 32,
        max_iter: int = 20,
        shuffle: bool = True,
        random_state: Any = None,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
        tol: float = 1e-4,
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
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol
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
        passes = whole_number("SieveClassifier", "max_iter", self.max_iter)
        return self._train(rows, y, passes, self._held_out(y) if self.early_stopping else None)

    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> "SieveClassifier":
        """One pass over the rows of `X`. The first call names all classes, unless `y` has them all."""
        if self.early_stopping:
            raise ValueError("SieveClassifier: partial_fit is not possible with early_stopping=True")
        begins = not hasattr(self, "classes_")
        rows, y = self._examples(X, y, reset=begins)
        if begins:
            self._begin(_arrays.columns(rows), unique_labels(y) if classes is None else unique_labels(classes))
        elif classes is not None and not np.array_equal(unique_labels(classes), self.classes_):
            raise ValueError(f"classes={classes!r} are not those of the first call, {self.classes_!r}")
        return self._train(rows, y, 1, None)

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

    def _held_out(self, y: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """The indices of the rows to train on and of those that are held out."""
        # Takes longer to import than all the rest.
        from sklearn.model_selection import train_test_split

        share = number("SieveClassifier", "validation_fraction", self.validation_fraction)
        if not 0 < share < 1:
            raise ValueError(f"SieveClassifier: validation_fraction={share!r}; it must be between 0 and 1")
        indices = np.arange(len(y), dtype=np.uint32)
        parts = train_test_split(indices, test_size=share, stratify=y, random_state=self._seed % (1 << 32))
        return np.sort(parts[0]), np.sort(parts[1])

    def _stopping(self) -> Dict[str, Any]:
        """When a fit with rows held out ends."""
        tolerance = number("SieveClassifier", "tol", self.tol)
        if tolerance < 0:
            raise ValueError(f"SieveClassifier: tol={tolerance!r}; it must be at least 0")
        patience = whole_number("SieveClassifier", "n_iter_no_change", self.n_iter_no_change)
        what = {"validation": True, "accuracy": True, "rising": True, "restore": True}
        return {**what, "min_delta": tolerance, "patience": patience}

    def _train(
        self, rows: _arrays.Rows, y: np.ndarray, passes: int, parts: Optional[Tuple[np.ndarray, np.ndarray]]
    ) -> "SieveClassifier":
        found = np.searchsorted(self.classes_, y)
        known = found < len(self.classes_)
        known[known] = self.classes_[found[known]] == y[known]
        if not known.all():
            raise ValueError(f"the label {y[~known][0]!r} is none of the classes {self.classes_!r}")
        optimizer = self._optimizer()
        size = whole_number("SieveClassifier", "batch_size", self.batch_size)
        count = len(y) if parts is None else len(parts[0])
        rates = optimizer.rates(self._network.steps(), -(-count // size) * passes)
        stopping = None if parts is None else self._stopping()
        self.validation_scores_: Optional[List[float]] = None if parts is None else []
        self.best_validation_score_: Optional[float] = None

        def on_epoch(line: Any) -> None:
            self.loss_curve_.append(line[0])
            self.n_iter_ += 1
            self.loss_ = line[0]
            told = f"Iteration {self.n_iter_}, loss = {line[0]:.8f}"
            if self.validation_scores_ is not None:
                score = line[3][1]
                self.validation_scores_.append(score)
                self.best_validation_score_ = max(self.validation_scores_)
                told += f", validation score = {score:.6f}"
            if self.verbose:
                print(told, flush=True)

        seed = later_seed(self._seed, self._passes_begun)
        self._passes_begun += 1
        self._network.fit(
            rows,
            _arrays.class_indices(found, len(self.classes_)),
            optimizer=optimizer.kind,
            settings=optimizer.settings,
            epochs=passes,
            batch_size=size,
            shuffle=bool(self.shuffle),
            seed=seed,
            rates=rates,
            parts=parts,
            stopping=stopping,
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
