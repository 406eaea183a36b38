"""Learning rates that follow the step, with Keras 3's arguments and defaults: for the `learning_rate` of an optimizer.

A schedule is called with the number of steps that the optimizer has made, an `int` or an array of them, and says the rate of the
next one. A second fit goes on where the first ended. A class of one's own derives from `LearningRateSchedule`.
"""

from __future__ import annotations

import math
from typing import Any, Dict, Optional, Sequence

import numpy as np

from .._words import number, only, whole_number

__all__ = [
    "CosineDecay",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
]
__getattr__ = only(__name__, __all__)


class LearningRateSchedule:
    """What all schedules have in common. One of your own overrides `__call__`."""

    def __call__(self, step: Any) -> Any:
        """The learning rate of the step that follows on `step` others."""
        raise NotImplementedError(f"{type(self).__name__} has no __call__(step)")

    def rates(self, first: int, steps: int) -> np.ndarray:
        """The learning rates of `steps` steps, of which the first follows on `first` others: `float64`."""
        return np.array([float(self(step)) for step in range(first, first + steps)])

    def get_config(self) -> Dict[str, Any]:
        """The arguments that make such a schedule."""
        return dict(vars(self))

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self.get_config().items())
        return f"{type(self).__name__}({arguments})"


class _Formula(LearningRateSchedule):
    """A schedule that takes arrays."""

    def __call__(self, step: Any) -> Any:
        rates = self._rates(np.asarray(step, dtype=np.float64))
        return float(rates) if np.ndim(step) == 0 else rates

    def rates(self, first: int, steps: int) -> np.ndarray:
        return self._rates(np.arange(first, first + steps, dtype=np.float64))

    def _rates(self, step: np.ndarray) -> np.ndarray:
        raise NotImplementedError


class CosineDecay(_Formula):
    """Half a cosine from `initial_learning_rate` down to `alpha` of it, over `decay_steps`. With `warmup_target`, first a line from
    `initial_learning_rate` to `warmup_target` over `warmup_steps`, from which the cosine falls."""

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        alpha: float = 0.0,
        name: str = "CosineDecay",
        warmup_target: Optional[float] = None,
        warmup_steps: int = 0,
    ) -> None:
        self.initial_learning_rate = number("CosineDecay", "initial_learning_rate", initial_learning_rate)
        self.decay_steps = whole_number("CosineDecay", "decay_steps", decay_steps)
        self.alpha = number("CosineDecay", "alpha", alpha)
        self.name = name
        self.warmup_target = None if warmup_target is None else number("CosineDecay", "warmup_target", warmup_target)
        self.warmup_steps = whole_number("CosineDecay", "warmup_steps", warmup_steps, least=0)

    def _rates(self, step: np.ndarray) -> np.ndarray:
        begin, warmup = self.initial_learning_rate, 0
        if self.warmup_target is not None:
            begin, warmup = self.warmup_target, self.warmup_steps
        done = np.clip((step - warmup) / self.decay_steps, 0, 1)
        falling = begin * ((1 - self.alpha) * 0.5 * (1 + np.cos(math.pi * done)) + self.alpha)
        if warmup == 0:
            return falling
        rising = self.initial_learning_rate + (begin - self.initial_learning_rate) * step / warmup
        return np.where(step < warmup, rising, falling)


class ExponentialDecay(_Formula):
    """`initial_learning_rate * decay_rate ** (step / decay_steps)`; with `staircase`, the power is a whole number."""

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = "ExponentialDecay",
    ) -> None:
        self.initial_learning_rate = number("ExponentialDecay", "initial_learning_rate", initial_learning_rate)
        self.decay_steps = whole_number("ExponentialDecay", "decay_steps", decay_steps)
        self.decay_rate = number("ExponentialDecay", "decay_rate", decay_rate)
        self.staircase = bool(staircase)
        self.name = name

    def _rates(self, step: np.ndarray) -> np.ndarray:
        power = step / self.decay_steps
        return self.initial_learning_rate * self.decay_rate ** (np.floor(power) if self.staircase else power)


class InverseTimeDecay(_Formula):
    """`initial_learning_rate / (1 + decay_rate * step / decay_steps)`; with `staircase`, the quotient of steps is a whole number."""

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = "InverseTimeDecay",
    ) -> None:
        self.initial_learning_rate = number("InverseTimeDecay", "initial_learning_rate", initial_learning_rate)
        self.decay_steps = whole_number("InverseTimeDecay", "decay_steps", decay_steps)
        self.decay_rate = number("InverseTimeDecay", "decay_rate", decay_rate)
        self.staircase = bool(staircase)
        self.name = name

    def _rates(self, step: np.ndarray) -> np.ndarray:
        quotient = step / self.decay_steps
        return self.initial_learning_rate / (1 + self.decay_rate * (np.floor(quotient) if self.staircase else quotient))


class PiecewiseConstantDecay(_Formula):
    """`values[0]` up to and with step `boundaries[0]`, then `values[1]`, and so on: one value more than boundaries."""

    def __init__(self, boundaries: Sequence[int], values: Sequence[float], name: str = "PiecewiseConstant") -> None:
        self.boundaries = [whole_number("PiecewiseConstantDecay", "boundaries", each, least=0) for each in boundaries]
        self.values = [number("PiecewiseConstantDecay", "values", each) for each in values]
        self.name = name
        if len(self.values) != len(self.boundaries) + 1:
            counts = f"{len(self.values)} values for {len(self.boundaries)} boundaries"
            raise ValueError(f"PiecewiseConstantDecay: {counts}; there must be one more")
        if any(a >= b for a, b in zip(self.boundaries, self.boundaries[1:])):
            raise ValueError(f"PiecewiseConstantDecay: boundaries={self.boundaries!r} must rise")

    def _rates(self, step: np.ndarray) -> np.ndarray:
        return np.asarray(self.values, dtype=np.float64)[np.searchsorted(self.boundaries, step, side="left")]


class PolynomialDecay(_Formula):
    """From `initial_learning_rate` to `end_learning_rate` over `decay_steps`, by `(1 - step / decay_steps) ** power`. With `cycle`,
    `decay_steps` is as many times as long as it takes to reach beyond the step."""

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = "PolynomialDecay",
    ) -> None:
        self.initial_learning_rate = number("PolynomialDecay", "initial_learning_rate", initial_learning_rate)
        self.decay_steps = whole_number("PolynomialDecay", "decay_steps", decay_steps)
        self.end_learning_rate = number("PolynomialDecay", "end_learning_rate", end_learning_rate)
        self.power = number("PolynomialDecay", "power", power)
        self.cycle = bool(cycle)
        self.name = name

    def _rates(self, step: np.ndarray) -> np.ndarray:
        share = step / self.decay_steps
        done = share / np.maximum(np.ceil(share), 1) if self.cycle else np.minimum(share, 1)
        return (self.initial_learning_rate - self.end_learning_rate) * (1 - done) ** self.power + self.end_learning_rate
