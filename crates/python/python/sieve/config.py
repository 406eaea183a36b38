"""How the engine computes: its threads and its instruction set."""

from ._sieve import instruction_set, set_threads, threads
from ._words import only

__all__ = ["instruction_set", "set_threads", "threads"]
__getattr__ = only(__name__, __all__)
