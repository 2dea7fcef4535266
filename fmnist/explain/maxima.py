"""Maxima: the training images that activate each feature map most."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeAlias
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from fmnist import settings
from fmnist.data import Dataset
from fmnist.explain.identity import hash_network
from fmnist.explain.inside import find_model
from fmnist.keras_worker import find_maxima
from fmnist.runs import Run
from fmnist.runs.files import replace_file

KEPT: Final = 9
"""Number of images kept per map."""

_BATCH: Final = 256
"""Images per request to the Keras worker, half a second of ``compact`` on two cores."""

_VERSION: Final = 1
"""Version of the results; other versions are recomputed."""

Maxima: TypeAlias = dict[str, NDArray[np.int32]]
"""For each stage, int32 ``(9, c, 2)``, or fewer rows if there are fewer images: the rows of the
training images with the highest activations of each map, and the position of the maximum in the
map, in row-major order."""


def load_maxima(run: Run, dataset: Dataset, progress: Callable[[float], object]) -> Maxima:
    """Return the training images that activate each map most, computed unless cached.

    Args:
        run: the run whose network is used.
        dataset: the data set with the training images.
        progress: called with the fraction done, 0 to 1, during the computation.

    Raises:
        InferenceError: the run has no Keras network, or the worker could not answer.
    """
    kept = load_kept_maxima(run, dataset)
    if kept is not None:
        return kept
    found = compute_maxima(find_model(run), dataset.x_train, progress)
    path = _find_path(run, dataset)
    with suppress(OSError):  # the folder is read-only: computed again next time
        path.parent.mkdir(parents=True, exist_ok=True)
        with replace_file(path) as file:
            np.savez_compressed(file, **found)  # type: ignore[arg-type]
    return found


def load_kept_maxima(run: Run, dataset: Dataset) -> Maxima | None:
    """Return the result cached by ``load_maxima``, or None."""
    try:
        with np.load(_find_path(run, dataset)) as kept:
            return dict(kept)
    except (OSError, ValueError, BadZipFile):  # missing or damaged
        return None


def compute_maxima(
    path: Path, images: NDArray[np.uint8], progress: Callable[[float], object]
) -> Maxima:
    """Return the images that activate each map most, highest first.

    Args:
        path: a ``model.keras``.
        images: uint8 ``(n, 28, 28)``, at least one.
        progress: called with the fraction done, 0 to 1.
    """
    kept: dict[str, tuple[NDArray[Any], ...]] = {}
    for start in range(0, len(images), _BATCH):
        part = np.asarray(images[start : start + _BATCH])
        rows = np.arange(start, start + len(part))[:, None]
        for stage, (values, positions) in find_maxima(path, part).items():
            found = values, np.broadcast_to(rows, values.shape), positions
            kept[stage] = _keep_highest(kept.get(stage), found)
        progress(min(1.0, (start + _BATCH) / len(images)))
    return {
        stage: np.stack([rows, positions], axis=-1).astype(np.int32)
        for stage, (_values, rows, positions) in kept.items()
    }


def _keep_highest(
    kept: tuple[NDArray[Any], ...] | None, found: tuple[NDArray[Any], ...]
) -> tuple[NDArray[Any], ...]:
    """Merge two sets of maxima: values, rows and positions, each ``(KEPT, c)``."""
    if kept is not None:
        found = tuple(np.concatenate(pair) for pair in zip(kept, found, strict=True))
    order = np.argsort(-found[0], axis=0, kind="stable")[:KEPT]
    return tuple(np.take_along_axis(each, order, axis=0) for each in found)


def _find_path(run: Run, dataset: Dataset) -> Path:
    text = f"{_VERSION} {hash_network(run)} {dataset.fingerprints['train']}"
    name = hashlib.sha256(text.encode()).hexdigest()[:20]
    return settings.cache_dir() / "maxima" / f"{name}.npz"
