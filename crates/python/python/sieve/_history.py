"""What a fit returns."""

from __future__ import annotations

from typing import Any, Dict, List, Optional


class History:
    """`history`: for `"loss"`, the accuracy, and `"val_loss"` and so on, a number for each epoch. `epoch`: their indices."""

    def __init__(self, model: Any, params: Dict[str, Any]) -> None:
        self.model = model
        self.params = params
        self.epoch: List[int] = []
        self.history: Dict[str, List[float]] = {}

    def append(self, epoch: int, line: Any, accuracy: Optional[str]) -> None:
        """Notes an epoch: loss, accuracy, seconds, and loss and accuracy on the validation set."""
        loss, right, _, validation = line
        self.epoch.append(epoch)
        for prefix, pair in (("", (loss, right)), ("val_", validation)):
            if pair is None:
                continue
            # Keras's order: accuracy before loss.
            if accuracy is not None:
                self.history.setdefault(prefix + accuracy, []).append(pair[1])
            self.history.setdefault(prefix + "loss", []).append(pair[0])
