"""Words that this package does not know are refused at once, with those that it knows."""

from __future__ import annotations

import math
import numbers
from typing import Any, Callable, Iterable, Mapping


def only(module: str, names: Iterable[str]) -> Callable[[str], Any]:
    """A module's `__getattr__`, which tells what there is."""
    there_is = ", ".join(sorted(name for name in names if not name.startswith("_")))

    def __getattr__(name: str) -> Any:
        raise AttributeError(f"{module} has no {name}; there is {there_is}")

    return __getattr__


def refuse(call: str, arguments: Mapping[str, Any], only_value: Mapping[str, Any]) -> None:
    """Refuses Keras's arguments that have another value than the only one that works here, and names that nobody knows."""
    for name, value in arguments.items():
        if name not in only_value:
            raise TypeError(f"{call} has no argument {name!r}")
        there_is = only_value[name]
        empty = value is None or (isinstance(value, (list, tuple, dict)) and not value)
        if not (value is there_is or (there_is is None and empty) or _equal(value, there_is)):
            raise ValueError(f"{call}: {name}={value!r} is not possible; there is only {name}={there_is!r}")


def _equal(a: Any, b: Any) -> bool:
    return type(a) in (str, int, float, bool) and type(b) in (str, int, float, bool) and a == b


def choice(call: str, name: str, value: Any, possible: Iterable[Any]) -> None:
    """Refuses a value that is none of the possible ones."""
    possible = list(possible)
    if not any(value is each or _equal(value, each) for each in possible):
        there_is = ", ".join(repr(each) for each in possible)
        raise ValueError(f"{call}: {name}={value!r} is not possible; there is {there_is}")


def whole_number(call: str, name: str, value: Any, least: int = 1) -> int:
    """The value as an `int`, if it is a whole number and at least `least`."""
    try:
        number = value.__index__()
    except AttributeError:
        raise TypeError(f"{call}: {name} must be a whole number, not {value!r}") from None
    if number < least:
        raise ValueError(f"{call}: {name}={number}; it must be at least {least}")
    return number


def number(call: str, name: str, value: Any) -> float:
    """The value as a `float`, if it is a finite number."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{call}: {name} must be a number, not {value!r}")
    if not math.isfinite(value):
        raise ValueError(f"{call}: {name}={value!r} is not finite")
    return float(value)
