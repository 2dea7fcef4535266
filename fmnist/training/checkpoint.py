"""The state needed to resume after kill -9: weights, optimiser, random states, best epoch."""

from __future__ import annotations

import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import keras
import numpy as np

from fmnist.errors import RunError
from fmnist.runs.files import load_json, remove_leftovers, replace_file, write_json
from fmnist.runs.layout import RunFile
from fmnist.training.teacher import Teaching
from fmnist.training.trained import Progress


def save_checkpoint(folder: Path, trainer: keras.Model, progress: Progress) -> None:
    """Write the state after an epoch; remove the previous one once this one is safe.

    ``progress.json`` names the files that belong together. It is replaced last, once they are on
    disk, so it names complete files whenever the process is killed or the power fails.
    ``model.keras`` may then be that of a later epoch without a checkpoint; therefore the checkpoint
    keeps the best epoch's file under its own name.

    Args:
        folder: the run's ``checkpoint/``, next to its ``model.keras``.
        trainer: the compiled trainer, after the last step of the epoch.
        progress: the progress, including the epoch.
    """
    folder.mkdir(exist_ok=True)
    if progress.best_epoch == progress.epoch:
        _hold(folder.parent / RunFile.MODEL, folder / progress.best_name)
    arrays: dict[str, Any] = {
        f"v{i}": np.asarray(value) for i, value in enumerate(_variables(trainer))
    }
    with replace_file(folder / progress.weights_name) as file:
        np.savez(file, **arrays)
    write_json(folder / RunFile.PROGRESS, {**asdict(progress), "weights": progress.weights_name})
    for old in (*folder.glob("epoch-*.npz"), *folder.glob("best-*.keras")):
        if old.name not in {progress.weights_name, progress.best_name}:
            old.unlink(missing_ok=True)


def has_checkpoint(folder: Path) -> bool:
    """Return whether there is a state to resume from."""
    return (folder / RunFile.PROGRESS).exists()


def load_checkpoint(folder: Path, trainer: keras.Model) -> Progress:
    """Restore the state after the last completed epoch, or start from scratch if there is none.

    ``model.keras`` is reset to the best of the completed epochs.

    Raises:
        RunError: the checkpoint does not fit the network or can't be read.
    """
    remove_leftovers(folder)
    values = load_json(folder / RunFile.PROGRESS)
    if values is None:
        return Progress()
    path = folder / str(values.get("weights", RunFile.PROGRESS))
    try:
        progress = Progress.from_dict(values)
        with np.load(path, allow_pickle=False) as arrays:
            variables = _variables(trainer)
            if len(arrays.files) != len(variables):
                raise RunError(f"{path} belongs to another network. Start a new run.")
            for i, variable in enumerate(variables):
                variable.assign(arrays[f"v{i}"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise RunError(f"{path} can't be read: {error}. Start a new run.") from error
    _hold(folder / progress.best_name, folder.parent / RunFile.MODEL)
    return progress


def _hold(source: Path, target: Path) -> None:
    """Hard-link a file and flush the link to disk; do nothing if there is no such file.

    A link takes no space. ``model.keras`` is only ever replaced, never modified, so the link keeps
    its content.
    """
    if not source.exists() or (target.exists() and target.samefile(source)):
        return
    temporary = target.with_name(f".{target.name}.{os.getpid()}-0.tmp")
    temporary.unlink(missing_ok=True)
    try:
        with source.open("rb+") as file:
            os.fsync(file.fileno())
        os.link(source, temporary)
    except OSError:  # not every file system supports hard links
        with source.open("rb") as original, replace_file(target) as file:
            shutil.copyfileobj(original, file)
    else:
        temporary.replace(target)


def _variables(trainer: keras.Model) -> list[Any]:
    """All variables changed by a step: weights, optimiser, random states of the layers.

    A teacher is loaded from its own run.
    """
    teaching = [layer for layer in trainer.layers if isinstance(layer, Teaching)]
    unchanged = {id(variable) for layer in teaching for variable in layer.variables}
    changed = [variable for variable in trainer.variables if id(variable) not in unchanged]
    return [*changed, *trainer.optimizer.variables]
