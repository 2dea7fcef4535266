"""Thirty fixed validation items and their predicted probabilities after each epoch."""

from __future__ import annotations

import dataclasses
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import N_CLASSES
from fmnist.errors import RunError
from fmnist.runs.arrays import Array, check_probabilities, load_arrays
from fmnist.runs.file_cache import read_cached
from fmnist.runs.files import write_bytes_atomically
from fmnist.runs.layout import RunFile

LEVELS: Final = ("easy", "medium", "hard")
"""Of each class one item is watched at each level."""

_QUANTILES: Final = (0.9, 0.3, 0.02)
"""Which item of a class represents a level: its quantile in the order of margins, hardest first.

Not the extremes: the hardest of all are mostly mislabelled.
"""

N_WATCHED: Final = N_CLASSES * len(LEVELS)


@dataclass(frozen=True, slots=True)
class Watch:
    """The content of ``watch.npz``.

    Attributes:
        rows: rows of the training set, int64 ``(30,)``: ten easy items, ten medium, ten hard,
            each in label order; fewer if a class has too few.
        y_true: labels, uint8 ``(30,)``.
        fingerprint: fingerprint of the training set, as in ``Dataset.fingerprints["train"]``: if
            the loaded data have it, ``rows`` finds the images. The record contains no images, so
            that a run can be shared without the data.
        epochs: which epochs were recorded, counted from 1, int64 ``(e,)``, ascending.
        proba: float32 ``(e, 30, 10)``.
        confusion: validation images by true and predicted class, int32 ``(e, 10, 10)``.
    """

    rows: NDArray[np.int64]
    y_true: NDArray[np.uint8]
    fingerprint: str
    epochs: NDArray[np.int64]
    proba: NDArray[np.float32]
    confusion: NDArray[np.int32]

    def save(self, path: Path) -> None:
        """Write ``watch.npz`` atomically."""
        buffer = io.BytesIO()
        arrays: dict[str, Any] = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        np.savez(buffer, **arrays)
        write_bytes_atomically(path, buffer.getvalue())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read ``watch.npz``.

        Raises:
            RunError: the file is broken or incomplete; the message names it.
        """
        values = load_arrays(path, _WATCH, "Only what was watched is lost; delete the file")
        check_probabilities(path, "proba", values["proba"])
        epochs, confusion = values["epochs"], values["confusion"]
        is_ascending = len(epochs) and (np.diff(epochs) > 0).all()
        if not is_ascending or not (confusion.sum(axis=(1, 2)) > 0).all():
            raise RunError(
                f"{path} can't be read: its epochs do not ascend or hold no images. Only what was "
                "watched is lost; delete the file."
            )
        values["fingerprint"] = str(values["fingerprint"])
        return cls(**values)


_WATCH: Final = {
    "rows": Array("integer", ("n",), low=0),
    "y_true": Array("integer", ("n",), low=0, high=N_CLASSES - 1),
    "fingerprint": Array("text", ()),
    "epochs": Array("integer", ("e",), low=0, high=10**6),
    "proba": Array("float", ("e", "n", N_CLASSES)),
    "confusion": Array("integer", ("e", N_CLASSES, N_CLASSES), low=0, high=2**31 - 1),
}


def load_watch(run_path: Path) -> Watch | None:
    """Read the record of a run, or None if there is none.

    Raises:
        RunError: the file is broken; the message names it.
    """
    path = run_path / RunFile.WATCH
    return read_cached(path, "watch", Watch.load) if path.exists() else None


def choose_watched(x: NDArray[np.uint8], y: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Choose three items per class, from easy to hard, by the data alone.

    Difficulty is measured with a nearest-centroid classifier: how much nearer an item lies to the
    mean image of its own class than to the nearest mean of another class. So every run on the same
    data watches the same items, whatever its network.

    Args:
        x: images, uint8 ``(n, 28, 28)``.
        y: labels, uint8 ``(n,)``.

    Returns:
        Positions in ``x``, int64 ``(30,)``: the easy ones in label order, then the medium, then
        the hard; fewer if a class has fewer than three items.
    """
    flat = x.reshape(len(x), -1).astype(np.float32)
    labels = np.unique(y)
    means = np.stack([flat[y == label].mean(axis=0) for label in labels])
    distances = (flat**2).sum(axis=1)[:, None] - 2 * flat @ means.T + (means**2).sum(axis=1)
    own = labels[None, :] == y[:, None]
    margins = np.where(own, np.inf, distances).min(axis=1) - distances[own]
    chosen: list[list[int]] = [[] for _ in LEVELS]
    for label in labels:
        members = np.flatnonzero(y == label)
        members = members[np.argsort(margins[members], kind="stable")]
        places = [round(quantile * (len(members) - 1)) for quantile in _QUANTILES]
        for level, place in enumerate(places):
            if place not in places[:level]:
                chosen[level].append(int(members[place]))
    return np.array([place for level in chosen for place in level], np.int64)
