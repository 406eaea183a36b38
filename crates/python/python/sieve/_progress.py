"""What a fit prints: a line an epoch, and a bar before it on a terminal and in a notebook."""

from __future__ import annotations

import sys
import time
from typing import Optional, Tuple

_WIDTH = 24
# Seconds between two drawings of a bar.
_PAUSE = 0.1


class Progress:
    """Prints to stdout as it is when the line comes. `verbose`: 0 nothing, 1 bar and lines, 2 lines."""

    def __init__(self, verbose: int, epochs: int, first: int, accuracy: Optional[str]) -> None:
        self.lines = verbose > 0
        self.bar = verbose == 1 and _shows_bars()
        self.epochs, self.epoch, self.accuracy = epochs, first, accuracy
        self.drawn, self.drawn_at = 0, 0.0

    def on_progress(self, epoch: int, step: int, steps: int, loss: float, accuracy: float) -> None:
        """Draws the bar."""
        now = time.monotonic()
        if now - self.drawn_at < _PAUSE:
            return
        self.drawn_at = now
        full = _WIDTH * step // steps
        bar = "━" * full + "─" * (_WIDTH - full)
        text = f"{self._epoch(self.epoch + epoch)}  {bar}  {step}/{steps}{self._measures('', loss, accuracy)}"
        self._write("\r" + text.ljust(self.drawn), end="")
        self.drawn = len(text)

    def on_epoch(self, number: int, line: Tuple[float, float, float, Optional[Tuple[float, float]]]) -> None:
        """Prints the line of epoch `number`, counted from 1."""
        loss, accuracy, seconds, validation = line
        text = f"{self._epoch(number)}{self._measures('', loss, accuracy)}"
        if validation is not None:
            text += self._measures("val_", *validation)
        text += f"  {seconds:.2f} s"
        self._write(("\r" if self.drawn else "") + text.ljust(self.drawn), end="\n")
        self.drawn = 0

    def end(self) -> None:
        """Leaves a bar's line, where an exception came before the epoch's end."""
        if self.drawn:
            self._write("", end="\n")
            self.drawn = 0

    def _epoch(self, number: int) -> str:
        return f"Epoch {number:>{len(str(self.epochs))}}/{self.epochs}"

    def _measures(self, prefix: str, loss: float, accuracy: float) -> str:
        text = f"  {prefix}loss {loss:.4f}"
        return text if self.accuracy is None else f"{text}  {prefix}{self.accuracy} {accuracy:.4f}"

    @staticmethod
    def _write(text: str, end: str) -> None:
        print(text, end=end, flush=True)


def _shows_bars() -> bool:
    """Whether stdout is a terminal or a notebook's cell: there, a line can be drawn again."""
    out = sys.stdout
    if type(out).__module__.startswith("ipykernel."):
        return True
    try:
        return out.isatty()
    except (AttributeError, ValueError):
        return False
