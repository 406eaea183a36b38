"""Data sets that are published, from this machine or downloaded."""

from __future__ import annotations

import os
import sys
import warnings
from typing import Any, Optional, Tuple, Union

import numpy as np

from .._sieve import load_published

Pair = Tuple[np.ndarray, np.ndarray]
Folder = Optional[Union[str, "os.PathLike[str]"]]


def load(name: str, folder: Folder, offline: bool) -> Tuple[Pair, Pair]:
    """Training and test images with their labels."""
    bar = _Bar()
    try:
        train, test, remark = load_published(name, folder, offline=offline, progress=bar)
    finally:
        bar.end()
    if remark is not None:
        warnings.warn(remark, stacklevel=3)
    return train, test


class _Bar:
    """How far a download is, on a terminal; elsewhere a line for each file."""

    def __init__(self) -> None:
        self.file, self.drawn = "", 0

    def __call__(self, file: str, received: int, of: Optional[int]) -> None:
        if not sys.stderr.isatty():
            if file != self.file:
                print(f"Downloading {file}", file=sys.stderr, flush=True)
            self.file = file
            return
        total: Any = "" if of is None else f" of {of / 1e6:.1f}"
        text = f"Downloading {file}: {received / 1e6:.1f}{total} MB"
        print("\r" + text.ljust(self.drawn), end="", file=sys.stderr, flush=True)
        self.drawn = len(text)

    def end(self) -> None:
        if self.drawn:
            print("\r" + " " * self.drawn + "\r", end="", file=sys.stderr, flush=True)
