"""Networks, with Keras 3's arguments and defaults."""

from __future__ import annotations

import math
import os
import warnings
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

import numpy as np

from . import _arrays, losses, optimizers
from ._history import History
from ._progress import Progress
from ._sieve import Network
from ._words import choice, only, refuse, whole_number
from .callbacks import EarlyStopping, stopping_of
from .layers import Dense, Flatten, InputLayer, Layer, Rescaling
from .utils import later_seed, next_seed

__all__ = ["Sequential", "load_model"]
__getattr__ = only(__name__, __all__)

_ACCURACIES = ("accuracy", "acc", "categorical_accuracy", "sparse_categorical_accuracy")


class Sequential:
    """Layers one after the other, from rows of numbers or bytes to the probabilities of classes."""

    def __init__(self, layers: Optional[Sequence[Layer]] = None, name: Optional[str] = None, trainable: bool = True) -> None:
        refuse("Sequential", {"trainable": trainable}, {"trainable": True})
        self.name = name or "sequential"
        self._layers: List[Layer] = []
        self._network: Optional[Network] = None
        self._input_shape: Optional[Tuple[int, ...]] = None
        self._seed, self._fits = 0, 0
        self._compiled = False
        self.optimizer: Optional[optimizers.Optimizer] = None
        self.history: Optional[History] = None
        for layer in layers or []:
            self.add(layer)

    def add(self, layer: Layer) -> None:
        """Adds a layer behind the last."""
        if not isinstance(layer, Layer):
            raise TypeError(f"Sequential: {layer!r} is no layer; there is sieve.layers.Dense, Flatten, Input, Rescaling")
        if isinstance(layer, Dense) and layer._model not in (None, self):
            raise ValueError(f"{layer.name} is a layer of another model; make another one")
        self._layers.append(layer)
        if self._network is not None:
            self._network = None
            for each in self._dense:
                each._model = None
        self._check_order()
        first = self._layers[0].input_shape_asked
        if first is not None and self._dense and self._dense[-1].activation == "softmax" and layer is self._dense[-1]:
            self.build(first)

    def pop(self) -> Layer:
        """Takes the last layer away."""
        layer = self._layers.pop()
        for each in [*self._dense, layer]:
            if isinstance(each, Dense):
                each._model = None
        self._network = None
        return layer

    @property
    def layers(self) -> List[Layer]:
        """The layers, but for `Input`."""
        return [layer for layer in self._layers if not isinstance(layer, InputLayer)]

    @property
    def _dense(self) -> List[Dense]:
        return [layer for layer in self._layers if isinstance(layer, Dense)]

    def _check_order(self) -> None:
        seen_dense: Optional[Dense] = None
        for i, layer in enumerate(self._layers):
            if i > 0 and layer.input_shape_asked is not None:
                raise ValueError(f"{layer.name}: only the first layer says the shape of the input")
            if seen_dense is not None and not isinstance(layer, Dense):
                raise ValueError(f"{layer.name}: {type(layer).__name__} is possible before the first Dense only")
            if isinstance(layer, Dense):
                if seen_dense is not None and seen_dense.activation == "softmax":
                    raise ValueError(f'{seen_dense.name}: activation="softmax" is for the last layer only')
                seen_dense = layer

    @property
    def built(self) -> bool:
        """Whether the network is made: the shape of its input is known."""
        return self._network is not None

    def build(self, input_shape: Optional[Sequence[Optional[int]]] = None) -> None:
        """Draws the weights, for rows of `input_shape`. A model without `Input` is built by its first fit."""
        shape = self._layers[0].input_shape_asked if self._layers else None
        if input_shape is not None:
            shape = tuple(size for size in input_shape if size is not None)
        if shape is None:
            raise ValueError("build: input_shape is missing: the shape of a row, (784,) for example")
        if not self._dense or self._dense[-1].activation != "softmax":
            raise ValueError('the last layer of a model must be Dense(classes, activation="softmax")')
        self._input_shape = shape
        sizes: List[int] = []
        for layer in self._layers:
            if isinstance(layer, Dense) and not sizes:
                layer.output_shape(shape)
                sizes.append(shape[0])
            shape = layer.output_shape(shape)
            if isinstance(layer, Dense):
                sizes.append(layer.units)
        self._seed, self._fits = next_seed(), 0
        self._take(Network.glorot_uniform(sizes, [layer.activation for layer in self._dense], self._seed))

    def _take(self, network: Network) -> None:
        self._network = network
        for layer in self._dense:
            layer._model = self

    def _built(self, call: str) -> Network:
        if self._network is None:
            if self._layers and self._layers[0].input_shape_asked is not None:
                self.build()
            else:
                raise ValueError(f"{call}: the model is not built; give it an Input(...), or fit it first")
        assert self._network is not None
        return self._network

    def compile(
        self,
        optimizer: Union[str, optimizers.Optimizer] = "rmsprop",
        loss: Any = None,
        loss_weights: None = None,
        metrics: Optional[Sequence[str]] = None,
        weighted_metrics: None = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: Any = "auto",
        auto_scale_loss: bool = True,
    ) -> None:
        """Says how to train. The optimizer begins anew."""
        refuse(
            "compile",
            {
                "loss_weights": loss_weights,
                "weighted_metrics": weighted_metrics,
                "run_eagerly": run_eagerly,
                "steps_per_execution": steps_per_execution,
            },
            {"loss_weights": None, "weighted_metrics": None, "run_eagerly": False, "steps_per_execution": 1},
        )
        names = [metrics] if isinstance(metrics, str) else list(metrics or [])
        for name in names:
            choice("compile", "metrics", name, _ACCURACIES)
        if len(names) > 1:
            raise ValueError(f"compile: metrics={names!r}: these are the same here; take one of them")
        self._loss = losses.get(loss)
        self.optimizer = optimizers.get(optimizer)
        self._accuracy = names[0] if names else None
        self._compiled = True
        if self._dense and self._layers and self._dense[-1].activation != "softmax":
            raise ValueError('the last layer of a model must be Dense(classes, activation="softmax")')
        if self._network is not None:
            self._network.forget_optimizer()

    @property
    def metrics_names(self) -> List[str]:
        """What `evaluate` returns."""
        return ["loss"] if self._accuracy is None else ["loss", self._accuracy]

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: Optional[int] = None,
        epochs: int = 1,
        verbose: Union[str, int] = "auto",
        callbacks: Union[EarlyStopping, Sequence[EarlyStopping], None] = None,
        validation_split: float = 0.0,
        validation_data: Optional[Tuple[Any, Any]] = None,
        shuffle: bool = True,
        class_weight: None = None,
        sample_weight: None = None,
        initial_epoch: int = 0,
        steps_per_epoch: None = None,
        validation_steps: None = None,
        validation_batch_size: Optional[int] = None,
        validation_freq: int = 1,
    ) -> History:
        """Trains for `epochs` passes over the rows of `x`, in batches of 32 if nothing else is said, and returns the history.

        `x` are rows of numbers (NumPy, lists, or a sparse matrix of scipy's), `y` class indices or one-hot rows, as the loss
        says. A second fit goes on where the first ended. Ctrl-C ends it after the current step, and the model stays usable.
        `callbacks` can be a `sieve.callbacks.EarlyStopping`, or a list with one.
        """
        stopping = stopping_of(callbacks)
        refuse(
            "fit",
            {
                "class_weight": class_weight,
                "sample_weight": sample_weight,
                "steps_per_epoch": steps_per_epoch,
                "validation_steps": validation_steps,
                "validation_freq": validation_freq,
            },
            {
                "class_weight": None,
                "sample_weight": None,
                "steps_per_epoch": None,
                "validation_steps": None,
                "validation_freq": 1,
            },
        )
        choice("fit", "verbose", verbose, ["auto", 0, 1, 2, True, False])
        choice("fit", "shuffle", shuffle, [True, False])
        size = 32 if batch_size is None else whole_number("fit", "batch_size", batch_size)
        epochs = whole_number("fit", "epochs", epochs)
        first = whole_number("fit", "initial_epoch", initial_epoch, least=0)
        self._check_compiled("fit")
        if self._network is None:
            asked = self._layers[0].input_shape_asked if self._layers else None
            self.build(asked if asked is not None else np.shape(x)[1:])
        network = self._built("fit")
        assert self.optimizer is not None
        rows, targets = self._examples("fit", x, y)
        validation = None
        if validation_data is not None:
            if len(validation_data) != 2:
                raise ValueError("fit: validation_data must be (x, y)")
            validation = self._examples("fit: validation_data", *validation_data)
        elif validation_split:
            if not 0 < validation_split < 1:
                raise ValueError(f"fit: validation_split={validation_split!r}; it must be in [0, 1)")
            count = _arrays.count(rows)
            at = math.floor(count * (1 - validation_split))
            if at == 0 or at == count:
                raise ValueError(f"fit: validation_split={validation_split!r} of {count} rows leaves a part without any")
            rows, held_out = _arrays.split(rows, at)
            validation, targets = (held_out, targets[at:]), targets[:at]

        steps = -(-_arrays.count(rows) // size)
        history = History(self, {"verbose": verbose, "epochs": epochs, "steps": steps})
        self.history = history
        if first >= epochs:
            return history
        progress = Progress(1 if verbose == "auto" else int(verbose), epochs, first, self._accuracy)

        def on_epoch(line: Any) -> None:
            history.append(first + len(history.epoch), line, self._accuracy)
            if progress.lines:
                progress.on_epoch(history.epoch[-1] + 1, line)

        seed = later_seed(self._seed, self._fits)
        rates = self.optimizer.rates(network.steps(), steps * (epochs - first))
        ends = None if stopping is None else stopping.settings(self._accuracy, validation is not None)
        self._fits += 1
        try:
            _, best = network.fit(
                rows,
                targets,
                optimizer=self.optimizer.kind,
                settings=self.optimizer.settings,
                epochs=epochs - first,
                batch_size=size,
                shuffle=bool(shuffle),
                seed=seed,
                rates=rates,
                validation=validation,
                stopping=ends,
                on_progress=progress.on_progress if progress.bar else None,
                on_epoch=on_epoch,
            )
        finally:
            progress.end()
        if stopping is not None:
            stopping.ended(history, first, epochs, best)
        return history

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: Optional[int] = None,
        verbose: Union[str, int] = "auto",
        sample_weight: None = None,
        steps: None = None,
        callbacks: None = None,
        return_dict: bool = False,
    ) -> Union[float, List[float], Dict[str, float]]:
        """The mean loss, or with metrics `[loss, accuracy]`. The batch size does not matter."""
        none = {"sample_weight": None, "steps": None, "callbacks": None}
        refuse("evaluate", {"sample_weight": sample_weight, "steps": steps, "callbacks": callbacks}, none)
        choice("evaluate", "verbose", verbose, ["auto", 0, 1, 2, True, False])
        self._check_compiled("evaluate")
        network = self._built("evaluate")
        loss, accuracy = network.evaluate(*self._examples("evaluate", x, y))
        if verbose:
            text = f"loss {loss:.4f}"
            print(text if self._accuracy is None else f"{text}  {self._accuracy} {accuracy:.4f}", flush=True)
        values = [loss, accuracy][: len(self.metrics_names)]
        if return_dict:
            return dict(zip(self.metrics_names, values))
        return values if len(values) > 1 else loss

    def predict(
        self, x: Any, batch_size: Optional[int] = None, verbose: Union[str, int] = "auto", steps: None = None, callbacks: None = None
    ) -> np.ndarray:
        """The probabilities of the classes, `float32`, rows × classes. The batch size does not matter."""
        refuse("predict", {"steps": steps, "callbacks": callbacks}, {"steps": None, "callbacks": None})
        choice("predict", "verbose", verbose, ["auto", 0, 1, 2, True, False])
        network = self._built("predict")
        return network.predict(self._rows("predict", x))

    def _check_compiled(self, call: str) -> None:
        if not self._compiled:
            raise ValueError(f"{call}: call compile() first")

    def _examples(self, call: str, x: Any, y: Any) -> Tuple[_arrays.Rows, np.ndarray]:
        if y is None:
            raise ValueError(f"{call}: y is missing")
        rows = self._rows(call, x)
        classes = self._dense[-1].units
        sparse = self._loss == "sparse_categorical_crossentropy"
        targets = _arrays.class_indices(y, classes) if sparse else _arrays.distributions(y, classes)
        if _arrays.count(rows) != len(targets):
            raise ValueError(f"{call}: {_arrays.count(rows)} rows with {len(targets)} targets")
        if len(targets) == 0:
            raise ValueError(f"{call}: no rows")
        return rows, targets

    def _rows(self, call: str, x: Any) -> _arrays.Rows:
        """What goes into the first dense layer."""
        if x is None:
            raise ValueError(f"{call}: x is missing")
        assert self._input_shape is not None
        rescalings = [layer for layer in self._layers if isinstance(layer, Rescaling)]
        if _arrays.is_sparse(x):
            if tuple(x.shape[1:]) != self._input_shape:
                raise ValueError(f"{call}: rows of shape {tuple(x.shape[1:])} for a model that takes {self._input_shape}")
            if any(each.offset for each in rescalings):
                raise ValueError(f"{call}: Rescaling with an offset would make every zero of a sparse matrix another number")
            return _arrays.sparse(x, math.prod(each.scale for each in rescalings) if rescalings else None)
        array = _arrays.numbers(x, f"{call}: x")
        if array.shape[1:] != self._input_shape or array.ndim == 0:
            raise ValueError(f"{call}: rows of shape {array.shape[1:]} for a model that takes {self._input_shape}")
        inputs = math.prod(self._input_shape)
        if array.dtype == np.uint8 and len(rescalings) == 1 and _is_bytes(rescalings[0]):
            return np.ascontiguousarray(array).reshape(len(array), inputs)
        array = _arrays.floats(array)
        for each in rescalings:
            array = array * np.float32(each.scale) + np.float32(each.offset)
        return array.reshape(len(array), inputs)

    def _pictures(self) -> Optional[Tuple[int, int]]:
        """The rows and columns of the pictures that go in as bytes; `None` if other things go in."""
        shape = self._input_shape
        rescalings = [layer for layer in self._layers if isinstance(layer, Rescaling)]
        if shape is None or len(rescalings) != 1 or not _is_bytes(rescalings[0]):
            return None
        if len(shape) == 3 and shape[2] == 1:
            shape = shape[:2]
        return (shape[0], shape[1]) if len(shape) == 2 else None

    def count_params(self) -> int:
        """The number of weights and bias numbers."""
        sizes = self._built("count_params").sizes()
        return sum((inputs + 1) * units for inputs, units in zip(sizes, sizes[1:]))

    def get_weights(self) -> List[np.ndarray]:
        """Copies of kernel (inputs × units) and bias (units) of each `Dense`, in turn."""
        layers = self._built("get_weights").parameters()
        return [array for kernel, bias, _ in layers for array in (kernel, bias)]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Sets kernel and bias of each `Dense`, in turn. The optimizer's state stays as it is."""
        network = self._built("set_weights")
        sizes = network.sizes()
        shapes = [shape for pair in zip(sizes, sizes[1:]) for shape in (pair, pair[1:])]
        arrays = [_arrays.floats(_arrays.numbers(each, "set_weights: weights")) for each in weights]
        found = [array.shape for array in arrays]
        if found != shapes:
            raise ValueError(f"set_weights: weights of shapes {found} for a model that takes {shapes}")
        activations = [layer.activation for layer in self._dense]
        network.set_parameters(list(zip(arrays[::2], arrays[1::2], activations)))

    def _layer_weights(self, layer: Dense) -> List[np.ndarray]:
        i = self._dense.index(layer)
        return self.get_weights()[2 * i : 2 * i + 2]

    def _set_layer_weights(self, layer: Dense, weights: Sequence[Any]) -> None:
        i = self._dense.index(layer)
        everything = self.get_weights()
        everything[2 * i : 2 * i + 2] = weights
        self.set_weights(everything)

    def save(self, filepath: Union[str, "os.PathLike[str]"], overwrite: bool = True, **others: Any) -> None:
        """Writes the `Dense` layers to a `.safetensors` file, which is the old one or the new one at any time."""
        refuse("save", others, {"zipped": None, "include_optimizer": False})
        path = os.fspath(filepath)
        if not path.endswith(".safetensors"):
            raise ValueError(f"save: filepath={path!r} is not possible; there is only .safetensors")
        if not overwrite and os.path.exists(path):
            raise FileExistsError(f"save: {path} is there already")
        network = self._built("save")
        if any(isinstance(layer, Rescaling) for layer in self._layers):
            warnings.warn(
                "the file holds the Dense layers alone; give Flatten and Rescaling to load_model(before=[...])", stacklevel=2
            )
        network.save(path, self._pictures())

    def summary(self, print_fn: Any = None, **others: Any) -> None:
        """Prints a table of layers, output shapes and parameters."""
        none = {"line_length": None, "positions": None, "expand_nested": False, "show_trainable": False, "layer_range": None}
        refuse("summary", others, none)
        shape, rows = self._input_shape, [["Layer (type)", "Output Shape", "Param #"]]
        total = 0
        for layer in self.layers:
            parameters: Any = 0
            if shape is not None:
                if isinstance(layer, Dense):
                    parameters = (shape[0] + 1) * layer.units
                    total += parameters
                shape = layer.output_shape(shape)
            text = "?" if shape is None else "(" + ", ".join(["None", *map(str, shape)]) + ")"
            rows.append([f"{layer.name} ({type(layer).__name__})", text, "?" if shape is None else f"{parameters:,}"])
        widths = [max(len(row[i]) for row in rows) for i in range(3)]
        rule = "─" * (sum(widths) + 4)
        lines = [f'Model: "{self.name}"', rule]
        for i, (a, b, c) in enumerate(rows):
            lines.append(f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}")
            if i == 0:
                lines.append(rule)
        lines += [rule, f"Total params: {total:,}" if self._network is not None else "Total params: ? (the model is not built)"]
        (print_fn or print)("\n".join(lines))

    def __repr__(self) -> str:
        return f"<Sequential name={self.name}, built={self.built}>"


def _is_bytes(rescaling: Rescaling) -> bool:
    """Whether a byte b becomes b / 255, which is what the engine makes of bytes."""
    return rescaling.offset == 0 and np.float32(rescaling.scale) == np.float32(1 / 255)


def load_model(
    filepath: Union[str, "os.PathLike[str]"],
    custom_objects: None = None,
    compile: bool = True,
    safe_mode: bool = True,
    *,
    before: Optional[Sequence[Layer]] = None,
) -> Sequential:
    """Reads a model from a `.safetensors` file. The file holds the `Dense` layers; `before` are those in front of them,
    `[Input((28, 28)), Flatten(), Rescaling(1 / 255)]` for example. It can predict; before `evaluate` and `fit`, compile it."""
    refuse("load_model", {"custom_objects": custom_objects}, {"custom_objects": None})
    network = Network.load(os.fspath(filepath))
    sizes = network.sizes()
    front = list(before or [])
    if not front or front[0].input_shape_asked is None:
        front.insert(0, InputLayer((sizes[0],)))
    dense = [Dense(units, activation) for units, activation in zip(sizes[1:], network.activations())]
    model = Sequential()
    model._layers = [*front, *dense]
    model._check_order()
    shape = front[0].input_shape_asked
    assert shape is not None
    model._input_shape = shape
    for layer in front:
        shape = layer.output_shape(shape)
    if shape != (sizes[0],):
        raise ValueError(f"load_model: before gives rows of shape {shape}; the first Dense takes ({sizes[0]},)")
    model._seed = next_seed()
    model._take(network)
    return model
