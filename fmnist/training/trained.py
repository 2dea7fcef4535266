"""The result of a training: a model that predicts, and its history; no Keras here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from fmnist.training.data import TrainingData


class Model(Protocol):
    """A model that predicts: a Keras network, or a classical model."""

    def predict_on_batch(self, x: NDArray[np.float32]) -> NDArray[np.floating]:
        """Return probabilities ``(n, 10)`` of a batch, ``(n, 28, 28, 1)``, 0–255."""

    def count_params(self) -> int:
        """Return how many numbers it holds."""


@dataclass
class Progress:
    """The state of the loop between two epochs.

    Attributes:
        epoch: epochs completed.
        best_epoch: epoch, from 1, of the best validation accuracy; 0 before there is one.
        best_accuracy: the best validation accuracy.
        seconds: training time so far.
    """

    epoch: int = 0
    best_epoch: int = 0
    best_accuracy: float = -1.0
    seconds: float = 0.0

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Build it from JSON values."""
        return cls(**{name: values[name] for name in cls.__dataclass_fields__})

    @property
    def weights_name(self) -> str:
        """Name of the checkpoint's file with the state after the last epoch."""
        return f"epoch-{self.epoch:04d}.npz"

    @property
    def best_name(self) -> str:
        """Name of the checkpoint's hard link to the best epoch's ``model.keras``."""
        return f"best-{self.best_epoch:04d}.keras"


@dataclass(frozen=True)
class Trained:
    """The result of training.

    Attributes:
        network: the float32 network, with the weights of its best validation epoch.
        progress: epochs, best epoch and training time.
        data: the images and labels that it was trained and validated on.
        precision: ``float32`` or ``mixed_bfloat16``.
        libraries: the packages, in addition to NumPy, whose versions decide the result.
    """

    network: Model
    progress: Progress
    data: TrainingData
    precision: str
    libraries: tuple[str, ...]
