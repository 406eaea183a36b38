"""The engine of `sieve`: dense networks on NumPy arrays."""

import os
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

import numpy as np

__version__: str

_Path = Union[str, "os.PathLike[str]"]
_Rows = Union[np.ndarray, Tuple[np.ndarray, np.ndarray, np.ndarray, int]]
_Pair = Tuple[np.ndarray, np.ndarray]
_Epoch = Tuple[float, float, float, Optional[Tuple[float, float]]]

class Network:
    """A dense network, and in training the optimizer's state."""

    @staticmethod
    def glorot_uniform(sizes: Sequence[int], activations: Sequence[str], seed: int) -> Network: ...
    @staticmethod
    def from_parameters(layers: Sequence[Tuple[np.ndarray, np.ndarray, str]]) -> Network: ...
    @staticmethod
    def load(path: _Path) -> Network: ...
    def save(self, path: _Path) -> None: ...
    def parameters(self) -> List[Tuple[np.ndarray, np.ndarray, str]]: ...
    def sizes(self) -> List[int]: ...
    def activations(self) -> List[str]: ...
    def forget_optimizer(self) -> None: ...
    def fit(
        self,
        x: _Rows,
        y: np.ndarray,
        *,
        optimizer: str,
        settings: Dict[str, float],
        epochs: int,
        batch_size: int,
        shuffle: bool,
        seed: int,
        validation: Optional[Tuple[_Rows, np.ndarray]] = None,
        on_progress: Optional[Callable[[int, int, int, float, float], Any]] = None,
        on_epoch: Optional[Callable[[_Epoch], Any]] = None,
    ) -> List[_Epoch]: ...
    def evaluate(self, x: _Rows, y: np.ndarray) -> Tuple[float, float]: ...
    def predict(self, x: _Rows) -> np.ndarray: ...

def check_optimizer(name: str, settings: Dict[str, float]) -> None: ...
def threads() -> int: ...
def set_threads(count: int) -> None: ...
def instruction_set() -> str: ...
def load_digits() -> Tuple[_Pair, _Pair]: ...
def load_published(
    name: str,
    folder: Optional[_Path] = None,
    offline: bool = False,
    progress: Optional[Callable[[str, int, Optional[int]], Any]] = None,
) -> Tuple[_Pair, _Pair, Optional[str]]: ...
