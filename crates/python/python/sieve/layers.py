"""Layers, with Keras 3's arguments and defaults. The last of a network is `Dense(classes, activation="softmax")`."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np

from ._words import choice, only, refuse, whole_number

__all__ = ["Dense", "Flatten", "Input", "InputLayer", "Rescaling"]
__getattr__ = only(__name__, __all__)

Shape = Tuple[int, ...]
_counts: Dict[str, int] = {}


def _shape(call: str, shape: Any) -> Shape:
    """A shape without the dimension of the rows."""
    if isinstance(shape, (int, np.integer)):
        shape = (shape,)
    return tuple(whole_number(call, "shape", size) for size in shape)


class Layer:
    """What all layers have in common."""

    def __init__(self, call: str, name: Optional[str], others: Dict[str, Any]) -> None:
        self.input_shape_asked: Optional[Shape] = None
        others = dict(others)
        if others.get("input_shape") is not None:
            self.input_shape_asked = _shape(call, others.pop("input_shape"))
        if others.get("input_dim") is not None:
            self.input_shape_asked = _shape(call, others.pop("input_dim"))
        refuse(call, others, {"input_shape": None, "input_dim": None, "dtype": None, "trainable": True})
        if name is None:
            kind = call.lower()
            number = _counts[kind] = _counts.get(kind, -1) + 1
            name = f"{kind}_{number}" if number else kind
        self.name = name

    def output_shape(self, shape: Shape) -> Shape:
        """The shape of a row of output, for rows of input of `shape`."""
        return shape

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


class InputLayer(Layer):
    """Says the shape of a row of input."""

    def __init__(self, shape: Optional[Sequence[int]] = None, name: Optional[str] = None, **others: Any) -> None:
        refuse("Input", others, {"batch_size": None, "dtype": None, "sparse": None, "batch_shape": None, "tensor": None})
        if shape is None:
            raise ValueError("Input: shape is missing: the shape of a row, (784,) for example")
        super().__init__("Input", name, {})
        self.input_shape_asked = _shape("Input", shape)


def Input(shape: Optional[Sequence[int]] = None, name: Optional[str] = None, **others: Any) -> InputLayer:
    """Says the shape of a row of input, as the first in a `Sequential`: `Input((784,))`, `Input((28, 28))`."""
    return InputLayer(shape, name, **others)


class Flatten(Layer):
    """Makes one row of numbers of each picture: (28, 28) becomes (784,)."""

    def __init__(self, data_format: Optional[str] = None, name: Optional[str] = None, **others: Any) -> None:
        refuse("Flatten", {"data_format": data_format}, {"data_format": None})
        super().__init__("Flatten", name, others)

    def output_shape(self, shape: Shape) -> Shape:
        size = 1
        for each in shape:
            size *= each
        return (size,)


class Rescaling(Layer):
    """Makes `x * scale + offset` of each number. `Rescaling(1 / 255)` on `uint8` pictures costs nothing: bytes are read where
    they lie."""

    def __init__(self, scale: float, offset: float = 0.0, name: Optional[str] = None, **others: Any) -> None:
        super().__init__("Rescaling", name, others)
        self.scale, self.offset = float(scale), float(offset)


class Dense(Layer):
    """A layer of `units` on all inputs: `activation(x @ kernel + bias)`. The activation is `"relu"` or `None` (linear) in hidden
    layers, `"softmax"` in the last."""

    def __init__(
        self,
        units: int,
        activation: Optional[str] = None,
        use_bias: bool = True,
        kernel_initializer: str = "glorot_uniform",
        bias_initializer: str = "zeros",
        kernel_regularizer: None = None,
        bias_regularizer: None = None,
        activity_regularizer: None = None,
        kernel_constraint: None = None,
        bias_constraint: None = None,
        lora_rank: None = None,
        name: Optional[str] = None,
        **others: Any,
    ) -> None:
        choice("Dense", "activation", activation, ["relu", "softmax", "linear", None])
        refuse(
            "Dense",
            {
                "use_bias": use_bias,
                "kernel_initializer": kernel_initializer,
                "bias_initializer": bias_initializer,
                "kernel_regularizer": kernel_regularizer,
                "bias_regularizer": bias_regularizer,
                "activity_regularizer": activity_regularizer,
                "kernel_constraint": kernel_constraint,
                "bias_constraint": bias_constraint,
                "lora_rank": lora_rank,
            },
            {
                "use_bias": True,
                "kernel_initializer": "glorot_uniform",
                "bias_initializer": "zeros",
                "kernel_regularizer": None,
                "bias_regularizer": None,
                "activity_regularizer": None,
                "kernel_constraint": None,
                "bias_constraint": None,
                "lora_rank": None,
            },
        )
        super().__init__("Dense", name, others)
        self.units = whole_number("Dense", "units", units)
        self.activation = activation or "linear"
        # The model that it is a layer of.
        self._model: Any = None

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 1:
            raise ValueError(f"{self.name}: Dense takes rows of numbers, not of shape {shape}; put Flatten() before it")
        return (self.units,)

    def get_weights(self) -> List[np.ndarray]:
        """Copies of the kernel (inputs × units) and the bias (units); none before the model is built."""
        return [] if self._model is None else self._model._layer_weights(self)

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Sets kernel and bias. The optimizer's state stays as it is."""
        if self._model is None:
            raise ValueError(f"{self.name}: set_weights before the model is built; give it an Input(...)")
        self._model._set_layer_weights(self, weights)

    @property
    def kernel(self) -> np.ndarray:
        """A copy of the weights, inputs × units."""
        return self.get_weights()[0]

    @property
    def bias(self) -> np.ndarray:
        """A copy of the bias, one number for each unit."""
        return self.get_weights()[1]
