"""Optimizers, with Keras 3's arguments, in its order and with its defaults. Where an argument can have one value only, another is
refused."""

from __future__ import annotations

from typing import Any, Dict, Optional, Sequence, Union

import numpy as np

from .._sieve import check_optimizer
from .._words import number, only, refuse
from . import schedules
from .schedules import LearningRateSchedule

__all__ = ["Adam", "AdamW", "Optimizer", "RMSprop", "SGD", "get", "schedules"]
__getattr__ = only(__name__, __all__)

# A number, or a schedule that says it for each step.
LearningRate = Union[float, LearningRateSchedule]

# What an argument must be where it is no setting.
_ONLY: Dict[str, Any] = {
    "momentum": 0.0,
    "centered": False,
    "amsgrad": False,
    "weight_decay": None,
    "clipnorm": None,
    "clipvalue": None,
    "global_clipnorm": None,
    "use_ema": False,
    "ema_momentum": 0.99,
    "ema_overwrite_frequency": None,
    "loss_scale_factor": None,
    "gradient_accumulation_steps": None,
}
# More steps of a schedule than this are not worked out ahead of a fit.
_MOST_STEPS = 1 << 27


class Optimizer:
    """What all optimizers have in common."""

    # The engine's name for it, and Keras's for one that gets none.
    kind: str = ""
    default_name: str = ""

    def __init__(self, arguments: Dict[str, Any], settings: Sequence[str]) -> None:
        """Takes the `settings` from all `arguments` of a class, and refuses what is not possible of the others."""
        call, name = type(self).__name__, arguments["name"]
        others = {key: value for key, value in arguments.items() if key in _ONLY and key not in settings}
        refuse(call, others, _ONLY)
        self.name: str = self.default_name if name is None else name
        self.schedule: Optional[LearningRateSchedule] = None
        self.settings: Dict[str, float] = {}
        for key in settings:
            if key != "learning_rate":
                self.settings[key] = number(call, key, arguments[key])
        self.learning_rate = arguments["learning_rate"]

    @property
    def learning_rate(self) -> LearningRate:
        """The size of a step, or the schedule that says it. Another one counts from the next fit on."""
        return self.settings["learning_rate"] if self.schedule is None else self.schedule

    @learning_rate.setter
    def learning_rate(self, value: LearningRate) -> None:
        schedule = value if isinstance(value, LearningRateSchedule) else None
        # With a schedule, every step gets its own rate, and this one is for none.
        rate = 1.0 if schedule is not None else number(type(self).__name__, "learning_rate", value)
        settings = {"learning_rate": rate, **{key: old for key, old in self.settings.items() if key != "learning_rate"}}
        check_optimizer(self.kind, settings)
        self.settings, self.schedule = settings, schedule

    def rates(self, first: int, steps: int) -> Optional[np.ndarray]:
        """The learning rates of `steps` steps after `first` others, if a schedule says them."""
        if self.schedule is None:
            return None
        if steps > _MOST_STEPS:
            raise ValueError(f"a schedule of {steps} steps is too long; fit fewer epochs at a time")
        rates = np.ascontiguousarray(self.schedule.rates(first, steps), dtype=np.float64)
        wrong = ~((rates >= 0) & (rates <= np.finfo(np.float32).max))
        if rates.shape != (steps,) or wrong.any():
            step = int(np.argmax(wrong)) if rates.shape == (steps,) else 0
            raise ValueError(f"{self.schedule!r}: no learning rate for step {first + step}, but {rates.flat[step]}")
        return rates

    def get_config(self) -> Dict[str, Any]:
        """The arguments that make such an optimizer."""
        return {"name": self.name, **self.settings, "learning_rate": self.learning_rate}

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self.get_config().items() if name != "name")
        return f"{type(self).__name__}({arguments})"


class RMSprop(Optimizer):
    """RMSprop as Keras 3 has it: `v = rho * v + (1 - rho) * g**2; w -= learning_rate * g / sqrt(v + epsilon)`."""

    kind = default_name = "rmsprop"

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        weight_decay: None = None,
        clipnorm: None = None,
        clipvalue: None = None,
        global_clipnorm: None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: None = None,
        name: Optional[str] = None,
    ) -> None:
        """`learning_rate`: the size of a step. `rho`: the share of the running mean that a step keeps. `epsilon`: keeps the root from 0.
        All others are there for their names, and can have their defaults only."""
        super().__init__(locals(), ["learning_rate", "rho", "epsilon"])


class Adam(Optimizer):
    """Adam as Keras 3 has it: `m` and `v`, the running means of gradients and of their squares, without the bias of their first steps;
    `w -= learning_rate * m / (sqrt(v) + epsilon)`. With `weight_decay` it is AdamW."""

    kind = default_name = "adam"

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        weight_decay: Optional[float] = None,
        clipnorm: None = None,
        clipvalue: None = None,
        global_clipnorm: None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: None = None,
        name: Optional[str] = None,
    ) -> None:
        """`learning_rate`: the size of a step. `beta_1`, `beta_2`: the shares of the two means that a step keeps. `epsilon`: keeps the
        divisor from 0. `weight_decay`: a step takes `learning_rate * weight_decay` off each weight. All others are there for
        their names, and can have their defaults only."""
        if weight_decay is None:
            weight_decay = 0.0
        super().__init__(locals(), ["learning_rate", "beta_1", "beta_2", "epsilon", "weight_decay"])


class AdamW(Adam):
    """AdamW as Keras 3 has it: Adam whose weights fall by `learning_rate * weight_decay` of themselves in each step."""

    default_name = "adamw"

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        clipnorm: None = None,
        clipvalue: None = None,
        global_clipnorm: None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: None = None,
        name: Optional[str] = None,
    ) -> None:
        """As `Adam`, in another order and with a weight decay."""
        Optimizer.__init__(self, locals(), ["learning_rate", "beta_1", "beta_2", "epsilon", "weight_decay"])


class SGD(Optimizer):
    """Gradient descent as Keras 3 has it: `w -= learning_rate * g`; with momentum, `m = momentum * m - learning_rate * g; w += m`,
    with Nesterov's `w += momentum * m - learning_rate * g`."""

    kind, default_name = "sgd", "SGD"

    def __init__(
        self,
        learning_rate: LearningRate = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: None = None,
        clipnorm: None = None,
        clipvalue: None = None,
        global_clipnorm: None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: None = None,
        name: Optional[str] = None,
    ) -> None:
        """`learning_rate`: the size of a step. `momentum`: the share of the velocity that a step keeps. `nesterov`: whether a step looks
        ahead. All others are there for their names, and can have their defaults only."""
        if not isinstance(nesterov, bool):
            raise TypeError(f"SGD: nesterov must be True or False, not {nesterov!r}")
        super().__init__({**locals(), "nesterov": float(nesterov)}, ["learning_rate", "momentum", "nesterov"])

    def get_config(self) -> Dict[str, Any]:
        """The arguments that make such an optimizer."""
        return {**super().get_config(), "nesterov": bool(self.settings["nesterov"])}


_BY_NAME = {"rmsprop": RMSprop, "adam": Adam, "adamw": AdamW, "sgd": SGD}


def get(identifier: Any) -> Optimizer:
    """The optimizer that is meant: an optimizer, or its name in any case."""
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, str) and identifier.lower() in _BY_NAME:
        return _BY_NAME[identifier.lower()]()
    there_is = ", ".join(f'"{name}"' for name in _BY_NAME)
    classes = ", ".join(f"sieve.optimizers.{each.__name__}(...)" for each in _BY_NAME.values())
    raise ValueError(f"optimizer={identifier!r} is not possible; there is {there_is}, {classes}")
