"""Optimizers, with Keras 3's arguments and defaults."""

from __future__ import annotations

import numbers
from typing import Any, Dict

from ._sieve import check_optimizer
from ._words import only, refuse

__all__ = ["Adam", "AdamW", "Optimizer", "RMSprop", "SGD", "get"]
__getattr__ = only(__name__, __all__)

# What Keras's optimizers have and these have not.
_ONLY: Dict[str, Any] = {
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


class Optimizer:
    """What all optimizers have in common."""

    # The engine's name for it.
    kind: str = ""

    def __init__(self, name: str, settings: Dict[str, float]) -> None:
        for setting, value in settings.items():
            if isinstance(value, bool) or not isinstance(value, numbers.Real):
                raise TypeError(f"{type(self).__name__}: {setting} must be a number, not {value!r}")
        self.name = name
        self.settings = {setting: float(value) for setting, value in settings.items()}
        check_optimizer(self.kind, self.settings)

    @property
    def learning_rate(self) -> float:
        """The size of a step."""
        return self.settings["learning_rate"]

    def get_config(self) -> Dict[str, Any]:
        """The arguments that make such an optimizer."""
        return {"name": self.name, **self.settings}

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in self.settings.items())
        return f"{type(self).__name__}({settings})"


class RMSprop(Optimizer):
    """RMSprop as Keras 3 has it: `v = rho * v + (1 - rho) * g**2; w -= learning_rate * g / sqrt(v + epsilon)`."""

    kind = "rmsprop"

    def __init__(
        self,
        learning_rate: float = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        name: str = "rmsprop",
        **others: Any,
    ) -> None:
        refuse("RMSprop", {"momentum": momentum, "centered": centered}, {"momentum": 0.0, "centered": False})
        refuse("RMSprop", others, _ONLY)
        super().__init__(name, {"learning_rate": learning_rate, "rho": rho, "epsilon": epsilon})


class Adam(Optimizer):
    """Adam as Keras 3 has it; with `weight_decay`, AdamW."""

    kind = "adam"

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        weight_decay: Any = None,
        name: str = "adam",
        **others: Any,
    ) -> None:
        refuse(type(self).__name__, {"amsgrad": amsgrad}, {"amsgrad": False})
        refuse(type(self).__name__, others, {key: value for key, value in _ONLY.items() if key != "weight_decay"})
        settings = {"learning_rate": learning_rate, "beta_1": beta_1, "beta_2": beta_2, "epsilon": epsilon}
        super().__init__(name, {**settings, "weight_decay": 0.0 if weight_decay is None else weight_decay})


class AdamW(Adam):
    """AdamW as Keras 3 has it: Adam whose weights fall by `learning_rate * weight_decay` of themselves in each step."""

    def __init__(
        self,
        learning_rate: float = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        name: str = "adamw",
        **others: Any,
    ) -> None:
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay, name, **others)


class SGD(Optimizer):
    """Gradient descent as Keras 3 has it, with or without momentum."""

    kind = "sgd"

    def __init__(
        self,
        learning_rate: float = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        name: str = "SGD",
        **others: Any,
    ) -> None:
        refuse("SGD", others, _ONLY)
        if not isinstance(nesterov, bool):
            raise TypeError(f"SGD: nesterov must be True or False, not {nesterov!r}")
        settings = {"learning_rate": learning_rate, "momentum": momentum, "nesterov": float(nesterov)}
        super().__init__(name, settings)

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
