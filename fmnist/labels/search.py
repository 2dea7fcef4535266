"""The search for label issues: its cache folder and its results."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fmnist import settings
from fmnist.classes import N_CLASSES
from fmnist.data import Dataset
from fmnist.inference import InferencePool
from fmnist.labels.folds import collect_probabilities
from fmnist.labels.learned import predict_learned
from fmnist.labels.near_copies import NearCopies, find_near_copies
from fmnist.labels.neighbours import N_NEIGHBOURS, find_neighbours
from fmnist.labels.scores import (
    LEARNED_ODDS,
    METHODS,
    OUT_OF_FOLD_METHODS,
    rank_candidates,
    score_labels,
    score_with_learned,
)
from fmnist.runs.arrays import Array, load_arrays
from fmnist.runs.computation import Computation, Report
from fmnist.runs.files import write_bytes_atomically

VERSION: Final = 5
"""Version of the results; other versions are recomputed."""

_REMEDY: Final = "Delete the file and search again"
_COPIES_SHARE: Final = 0.6
"""Fraction of the pixel search's time spent on near copies."""


@dataclass(frozen=True)
class PixelIssues:
    """The pixel-based results, for the training images, then the test images.

    Attributes:
        copies: pairs of near copies.
        neighbours: int32 ``(n + m, 10)``, rows of the nearest training images.
        distances: float32 ``(n + m,)``, mean distance to them in grey levels.
    """

    copies: NearCopies
    neighbours: NDArray[np.int32]
    distances: NDArray[np.float32]


@dataclass(frozen=True)
class LabelScores:
    """The results of networks not trained on the image.

    Attributes:
        y_proba: float32 ``(n + m, 10)``.
        scores: by method, float32 ``(n + m,)``, 0 to 1; lower is more suspicious.
        seconds: training time of the networks.
    """

    y_proba: NDArray[np.float32]
    scores: dict[str, NDArray[np.float32]]
    seconds: float


@dataclass(frozen=True, slots=True)
class LabelSearch(Computation):
    """The search of one data set."""

    @property
    def pixels_path(self) -> Path:
        """Path of the pixel-based results."""
        return self.path / "pixels.npz"

    def scores_path(self, key: str) -> Path:
        """Return the path of the scores of five networks, by ``folds.find_key``."""
        return self.path / f"scores-{key}.npz"

    def load_pixels(self) -> PixelIssues | None:
        """Read the pixel-based results; None before the search.

        Raises:
            RunError: the file can't be used.
        """
        if not self.pixels_path.exists():
            return None
        values = load_arrays(self.pixels_path, _PIXELS, _REMEDY)
        copies = NearCopies(values["pairs"], values["shifts"], values["differences"])
        return PixelIssues(copies, values["neighbours"], values["distances"])

    def load_scores(self, key: str | None) -> LabelScores | None:
        """Read the scores of five networks; None if there are none yet.

        Raises:
            RunError: the file can't be used.
        """
        if key is None or not self.scores_path(key).exists():
            return None
        values = load_arrays(self.scores_path(key), _SCORES, _REMEDY)
        scores = {method: values[method] for method in METHODS}
        return LabelScores(values["y_proba"], scores, float(values["seconds"][0]))


def open_label_search(dataset: Dataset) -> LabelSearch:
    """Return the search of a data set, which may not have begun."""
    prints = (dataset.fingerprints["train"], dataset.fingerprints["test"], str(VERSION))
    key = hashlib.sha256(" ".join(prints).encode()).hexdigest()[:16]
    return LabelSearch(settings.cache_dir() / "labels" / key)


def search(dataset: Dataset, found: LabelSearch, report: Report) -> None:
    """Compute the missing results: near copies, neighbours, and scores when the networks are done.

    Args:
        dataset: both splits.
        found: the folder of the results.
        report: called with the current step and the fraction done, 0 to 1.

    Raises:
        RunError: the networks' predictions can't be used.
        InferenceError: a network can't be used.
        OSError: the cache folder can't be written.
    """
    found.path.mkdir(parents=True, exist_ok=True)
    if not found.pixels_path.exists():
        _save(found.pixels_path, _search_pixels(dataset, report))
    out_of_fold = collect_probabilities(dataset)
    if out_of_fold is not None and not found.scores_path(out_of_fold.key).exists():
        report("Scoring labels", 0.9)
        labels = np.concatenate([dataset.y_train, dataset.y_test])
        y_proba = out_of_fold.y_proba
        scores = {method: score_labels(labels, y_proba, method) for method in OUT_OF_FOLD_METHODS}
        rows = rank_candidates(labels, y_proba, len(dataset.y_train))
        learned = predict_learned(InferencePool(), dataset, rows)
        scores[LEARNED_ODDS] = score_with_learned(labels, y_proba, rows, learned)
        seconds = np.array([out_of_fold.seconds], np.float32)
        _save(
            found.scores_path(out_of_fold.key),
            {"y_proba": y_proba, "seconds": seconds, **scores},
        )


def _search_pixels(dataset: Dataset, report: Report) -> dict[str, NDArray[Any]]:
    copies = find_near_copies(
        np.concatenate([dataset.x_train, dataset.x_test]),
        report=lambda share: report("Looking for copies", _COPIES_SHARE * share),
    )
    neighbours, distances = find_neighbours(
        np.asarray(dataset.x_train),
        np.asarray(dataset.x_test),
        report=lambda share: report(
            "Looking for neighbours", _COPIES_SHARE + (0.9 - _COPIES_SHARE) * share
        ),
    )
    return {
        "pairs": copies.pairs,
        "shifts": copies.shifts,
        "differences": copies.differences,
        "neighbours": neighbours,
        "distances": distances,
    }


def _save(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    write_bytes_atomically(path, buffer.getvalue())


_PIXELS: Final = {
    "pairs": Array("integer", ("m", 2), low=0),
    "shifts": Array("integer", ("m", 2), low=-1, high=1),
    "differences": Array("float", ("m",), low=0),
    "neighbours": Array("integer", ("n", N_NEIGHBOURS), low=0),
    "distances": Array("float", ("n",), low=0),
}
_SCORES: Final = {
    "y_proba": Array("float", ("n", N_CLASSES), low=0, high=1.001),
    "seconds": Array("float", (1,), low=0),
    **{method: Array("float", ("n",), low=-0.001, high=1.001) for method in METHODS},
}
