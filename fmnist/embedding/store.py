"""Maps in the cache folder, keyed by the contents of network and data."""

from __future__ import annotations

import hashlib
import io
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fmnist import settings
from fmnist.classes import N_CLASSES
from fmnist.data import Dataset
from fmnist.data.dataset import SplitName
from fmnist.embedding.neighbours import (
    Placement,
    compute_neighbour_accuracy,
    place_among_neighbours,
)
from fmnist.embedding.project import METHODS, project
from fmnist.errors import RunError
from fmnist.explain.explainer import ignore_progress
from fmnist.explain.identity import hash_network
from fmnist.explain.nearest import load_features
from fmnist.explain.robustness import choose_items
from fmnist.inference.pictures import Pool
from fmnist.runs import Run
from fmnist.runs.arrays import Array, load_arrays
from fmnist.runs.classical import CLASSICAL
from fmnist.runs.computation import Computation, Report
from fmnist.runs.files import write_bytes_atomically

MAX_ITEMS: Final = 10_000
"""Images on a map: the test set, or a sample of as many training images."""

MIN_ITEMS: Final = 20
"""With fewer images, ten neighbours are meaningless."""

VERSION: Final = 1
"""Version of the results; maps of other versions are recomputed."""

_PREDICTED: Final = 512
"""Number of images predicted per progress step."""


@dataclass(frozen=True)
class Embedding:
    """Images on a plane.

    Attributes:
        rows: rows of the images in their split, int64 ``(n,)``, ascending.
        positions: float32 ``(n, 2)``.
        y_proba: probabilities predicted by the network, float32 ``(n, 10)``.
        map_accuracy: fraction of images with the class of most of their ten neighbours on the map.
        feature_accuracy: the same for neighbours by the network's features.
        seconds: time of the method, not including the features.
    """

    rows: NDArray[np.int64]
    positions: NDArray[np.float32]
    y_proba: NDArray[np.float32]
    map_accuracy: float
    feature_accuracy: float
    seconds: float


@dataclass(frozen=True, slots=True)
class EmbeddingStore(Computation):
    """The folder of one map, which may not exist yet."""

    @property
    def result_path(self) -> Path:
        """Path of the map."""
        return self.path / "map.npz"

    def load(self) -> Embedding | None:
        """Read the map; None if it has not been computed.

        Raises:
            RunError: the file can't be used.
        """
        if not self.result_path.exists():
            return None
        values = load_arrays(self.result_path, _ARRAYS, "Delete the file and compute the map again")
        return Embedding(**values | {name: float(values[name]) for name in _FIGURES})

    def save(self, found: Embedding) -> None:
        """Write the map and delete the oldest ones beyond ``settings.CACHED_MAPS``.

        Raises:
            OSError: the cache folder can't be written.
        """
        buffer = io.BytesIO()
        np.savez(buffer, **found.__dict__)
        self.path.mkdir(parents=True, exist_ok=True)
        write_bytes_atomically(self.result_path, buffer.getvalue())
        kept = sorted(self.path.parent.glob("*/map.npz"), key=lambda path: path.stat().st_mtime)
        for old in kept[: -settings.CACHED_MAPS]:
            shutil.rmtree(old.parent, ignore_errors=True)


@dataclass(frozen=True)
class MapRequest:
    """The request of a map.

    Attributes:
        run: the run whose features are used.
        dataset: the data set with the images.
        method: a key of ``METHODS``.
        split: the test set, or a sample of the training set.
        seed: the seed of the sample and of t-SNE.
    """

    run: Run
    dataset: Dataset
    method: str
    split: SplitName = "test"
    seed: int = 0


def open_embedding(request: MapRequest) -> EmbeddingStore:
    """Return the folder of a map, which may not exist yet.

    Raises:
        InferenceError: the run has no network, or its file can't be read.
        RunError: it is a classical model, which has no features.
    """
    run, split = request.run, request.split
    if run.recipe.network in CLASSICAL:
        raise RunError(
            f"{run.run_id} is a classical model: it has no layers with features. "
            "Choose the run of a network."
        )
    data = request.dataset.fingerprints[split]
    text = f"{VERSION} {hash_network(run)} {data} {split} {request.method} {request.seed}"
    name = hashlib.sha256(text.encode()).hexdigest()[:20]
    return EmbeddingStore(settings.cache_dir() / "maps" / name)


def list_running() -> list[EmbeddingStore]:
    """Return the maps that are being computed or are waiting for another one."""
    folders = sorted((settings.cache_dir() / "maps").glob("*/process.json"))
    stores = [EmbeddingStore(path.parent) for path in folders]
    return [store for store in stores if store.is_running]


def load_embedding(pool: Pool, request: MapRequest, report: Report) -> Embedding:
    """Return a map; compute and store it if it does not exist.

    Args:
        pool: runs the network.
        request: what the map shows.
        report: called with the current step and the fraction done, 0 to 1.

    Raises:
        InferenceError: the network can't be used.
        RunError: there are too few images, or the run is a classical model.
        OSError: the cache folder can't be written.
    """
    store = open_embedding(request)
    found = store.load()
    if found is None:
        found = _compute(pool, request, report)
        store.save(found)
    return found


def place_image(
    pool: Pool, request: MapRequest, found: Embedding, image: NDArray[np.uint8]
) -> Placement:
    """Return the position of an image on a map.

    Args:
        pool: runs the network.
        request: what the map shows.
        found: the map.
        image: uint8 ``(28, 28)``.
    """
    features = load_features(pool, request.run, request.dataset, ignore_progress, request.split)
    feature = pool.extract(request.run, image[None])[0]
    return place_among_neighbours(np.asarray(features[found.rows]), found.positions, feature)


def _compute(pool: Pool, request: MapRequest, report: Report) -> Embedding:
    method, split, seed = request.method, request.split, request.seed
    _, labels = request.dataset.split(split)
    rows = choose_items(labels, MAX_ITEMS, seed=seed)
    if len(rows) < MIN_ITEMS:
        raise RunError(f"A map needs {MIN_ITEMS} images; this {split} set has {len(rows)}.")
    tell = _tell(report, "Computing features", 0, 0.4)
    features = load_features(pool, request.run, request.dataset, tell, split)[rows]
    y_proba = _predict(pool, request, rows, _tell(report, "Predicting classes", 0.4, 0.5))
    started = time.perf_counter()
    tell = _tell(report, f"Computing {METHODS[method]}", 0.5, 0.95)
    positions = project(features, method, seed=seed, report=tell)
    seconds = time.perf_counter() - started
    report("Comparing neighbours", 0.95)
    return Embedding(
        rows,
        positions,
        y_proba,
        map_accuracy=compute_neighbour_accuracy(positions, labels[rows]),
        feature_accuracy=compute_neighbour_accuracy(features, labels[rows]),
        seconds=seconds,
    )


def _tell(report: Report, what: str, low: float, high: float) -> Callable[[float], object]:
    """Return a progress function for one part of the work, from ``low`` to ``high``."""
    return lambda share: report(what, low + (high - low) * share)


def _predict(
    pool: Pool, request: MapRequest, rows: NDArray[np.int64], report: Callable[[float], object]
) -> NDArray[np.float32]:
    """Return the network's predictions, from its records if it was tested on these images."""
    run, split = request.run, request.split
    recorded = run.load_predictions() if split == "test" else None
    if recorded and recorded.test_fingerprint == request.dataset.fingerprints["test"]:
        return np.asarray(recorded.test_proba[rows], np.float32)
    images, _ = request.dataset.split(split)
    parts = []
    for start in range(0, len(rows), _PREDICTED):
        part = rows[start : start + _PREDICTED]
        parts.append(pool.predict(run, np.asarray(images[part])))
        report((start + len(part)) / len(rows))
    return np.concatenate(parts)


_FIGURES: Final = ("map_accuracy", "feature_accuracy", "seconds")
_ARRAYS: Final[dict[str, Any]] = {
    "rows": Array("integer", ("n",), low=0),
    "positions": Array("float", ("n", 2)),
    "y_proba": Array("float", ("n", N_CLASSES), low=0, high=1.001),
    **{name: Array("float", (), low=0) for name in _FIGURES},
}
