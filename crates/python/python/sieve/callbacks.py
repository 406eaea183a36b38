"""What can be asked of a fit beside its training, with Keras 3's arguments and defaults."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence

from ._words import choice, number, only, refuse, whole_number

__all__ = ["EarlyStopping"]
__getattr__ = only(__name__, __all__)


class EarlyStopping:
    """Ends a fit after `patience` epochs in a row in which `monitor` was not better than its best so far by more than `min_delta`.

    `monitor` is `"val_loss"`, `"loss"`, or a metric's name with or without `"val_"`; less of a loss is better and more of an accuracy, unless
    `mode` is `"min"` or `"max"`. With `restore_best_weights`, the model is left with the weights of its best epoch. After a fit,
    `stopped_epoch` is the epoch that was the last (0 if the fit was not ended), `best_epoch` the best one, both counted from 0, and `best` is its number.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        refuse(
            "EarlyStopping",
            {"baseline": baseline, "start_from_epoch": start_from_epoch},
            {"baseline": None, "start_from_epoch": 0},
        )
        choice("EarlyStopping", "mode", mode, ["auto", "min", "max"])
        choice("EarlyStopping", "verbose", verbose, [0, 1, True, False])
        self.monitor = monitor
        self.min_delta = abs(number("EarlyStopping", "min_delta", min_delta))
        self.patience = whole_number("EarlyStopping", "patience", patience, least=0)
        self.verbose = int(verbose)
        self.mode = mode
        self.restore_best_weights = bool(restore_best_weights)
        self.stopped_epoch, self.best_epoch = 0, 0
        self.best: Optional[float] = None

    def settings(self, accuracy: Optional[str], has_validation: bool) -> Dict[str, Any]:
        """As the engine takes it, for a model whose metric is called `accuracy`."""
        names = ["loss"] if accuracy is None else ["loss", accuracy]
        known = names + [f"val_{name}" for name in names if has_validation]
        if self.monitor not in known:
            hint = "" if has_validation else " (val_... with validation_data or validation_split)"
            raise ValueError(f"EarlyStopping: monitor={self.monitor!r} is not possible; there is {', '.join(known)}{hint}")
        is_accuracy = not self.monitor.endswith("loss")
        return {
            "validation": self.monitor.startswith("val_"),
            "accuracy": is_accuracy,
            "rising": is_accuracy if self.mode == "auto" else self.mode == "max",
            "min_delta": self.min_delta,
            "patience": self.patience,
            "restore": self.restore_best_weights,
        }

    def ended(self, history: Any, first: int, epochs: int, best: Optional[int]) -> None:
        """Takes what a fit has found that began with epoch `first`, counted from 0, and was to end with `epochs`."""
        numbers: List[float] = history.history[self.monitor]
        self.best_epoch = first + (0 if best is None else best - 1)
        self.best = None if best is None else numbers[best - 1]
        last = first + len(numbers)
        self.stopped_epoch = last - 1 if last < epochs else 0
        if self.verbose and self.stopped_epoch:
            print(f"Epoch {last}: early stopping", flush=True)
        if self.verbose and self.restore_best_weights and best is not None:
            print(f"Restoring model weights from the end of the best epoch: {self.best_epoch + 1}.", flush=True)


def stopping_of(callbacks: Any) -> Optional[EarlyStopping]:
    """The one callback that there may be."""
    if callbacks is None:
        return None
    each: Sequence[Any] = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
    for callback in each:
        if not isinstance(callback, EarlyStopping):
            raise ValueError(f"fit: callbacks={callback!r} is not possible; there is sieve.callbacks.EarlyStopping(...)")
    if len(each) > 1:
        raise ValueError("fit: callbacks can have one EarlyStopping only")
    return each[0] if each else None
