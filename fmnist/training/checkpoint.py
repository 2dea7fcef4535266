"""Enough to go on after kill -9: weights, optimiser, random states, and what was best."""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self
from zipfile import BadZipFile

import keras
import numpy as np

from fmnist.errors import RunError
from fmnist.runs.files import load_json, write_bytes_atomically, write_json


@dataclass
class Progress:
    """What the loop carries from one epoch to the next.

    Attributes:
        epoch: epochs completed.
        best_epoch: epoch, from 1, of the best validation accuracy; 0 before there is one.
        best_accuracy: that accuracy.
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


def save_checkpoint(folder: Path, trainer: keras.Model, progress: Progress) -> None:
    """Write the state after an epoch; the one before is removed once this one is safe.

    ``progress.json`` names the file with the weights and is replaced last, so whatever moment the
    process is killed at, it names a complete file.
    """
    folder.mkdir(exist_ok=True)
    buffer = io.BytesIO()
    arrays: dict[str, Any] = {
        f"v{i}": np.asarray(value) for i, value in enumerate(_variables(trainer))
    }
    np.savez(buffer, **arrays)
    name = f"epoch-{progress.epoch:04d}.npz"
    write_bytes_atomically(folder / name, buffer.getvalue())
    write_json(folder / "progress.json", {**asdict(progress), "weights": name})
    for old in folder.glob("epoch-*.npz"):
        if old.name != name:
            old.unlink(missing_ok=True)


def load_checkpoint(folder: Path, trainer: keras.Model) -> Progress:
    """Restore the state after the last completed epoch, or a fresh start where there is none.

    Raises:
        RunError: the checkpoint does not fit the network or can't be read.
    """
    values = load_json(folder / "progress.json")
    if values is None:
        return Progress()
    path = folder / str(values.get("weights", "progress.json"))
    try:
        progress = Progress.from_dict(values)
        with np.load(path, allow_pickle=False) as arrays:
            variables = _variables(trainer)
            if len(arrays.files) != len(variables):
                raise RunError(f"{path} belongs to another network. Start the run anew.")
            for i, variable in enumerate(variables):
                variable.assign(arrays[f"v{i}"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise RunError(f"{path} can't be read: {error}. Start the run anew.") from error
    return progress


def _variables(trainer: keras.Model) -> list[Any]:
    """All that a step changes: weights, random states of dropout and augmentation, optimiser."""
    return [*trainer.variables, *trainer.optimizer.variables]
