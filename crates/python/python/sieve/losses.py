"""Losses, with Keras 3's arguments and defaults."""

from __future__ import annotations

from typing import Any

from ._words import only, refuse

__all__ = ["CategoricalCrossentropy", "SparseCategoricalCrossentropy", "get"]
__getattr__ = only(__name__, __all__)

_ONLY = {
    "from_logits": False,
    "label_smoothing": 0.0,
    "axis": -1,
    "ignore_class": None,
    "reduction": "sum_over_batch_size",
    "dtype": None,
}


class CategoricalCrossentropy:
    """The crossentropy of distributions, one-hot rows for example."""

    identifier = "categorical_crossentropy"

    def __init__(self, from_logits: bool = False, label_smoothing: float = 0.0, name: str = identifier, **others: Any) -> None:
        refuse(type(self).__name__, {"from_logits": from_logits, "label_smoothing": label_smoothing, **others}, _ONLY)
        self.name = name


class SparseCategoricalCrossentropy:
    """The crossentropy of class indices."""

    identifier = "sparse_categorical_crossentropy"

    def __init__(self, from_logits: bool = False, ignore_class: Any = None, name: str = identifier, **others: Any) -> None:
        refuse(type(self).__name__, {"from_logits": from_logits, "ignore_class": ignore_class, **others}, _ONLY)
        self.name = name


_CLASSES = (CategoricalCrossentropy, SparseCategoricalCrossentropy)


def get(identifier: Any) -> str:
    """The name of the loss that is meant: a loss, or its name."""
    if isinstance(identifier, _CLASSES):
        return identifier.identifier
    names = [each.identifier for each in _CLASSES]
    if identifier in names:
        return identifier
    there_is = ", ".join(f'"{name}"' for name in names)
    raise ValueError(f"loss={identifier!r} is not possible; there is {there_is}")
