"""A network's feature maps for one image, computed in the Keras worker and cached by content."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Final

import numpy as np
from cachetools import LRUCache, cached
from numpy.typing import NDArray

from fmnist.errors import InferenceError
from fmnist.keras_worker import (
    PixelTrace,
    Stage,
    compute_stages,
    find_fields,
    find_maxima,
    trace_pixel,
)
from fmnist.runs import Run

N_LIVELY: Final = 256
"""Number of training images for which a dead map is zero everywhere; takes ``compact`` half a
second."""

_CACHED_IMAGES: Final = 6
"""Number of images whose maps are cached, about 2 MB each; a page that reruns requests the same
ones."""

_CACHED_TRACES: Final = 256
_CACHED_NETWORKS: Final = 8


def has_maps(run: Run) -> bool:
    """Return whether a run has a Keras network, so that its layers can be shown."""
    return run.model_path is not None


def load_stages(run: Run, image: NDArray[np.uint8]) -> list[Stage]:
    """Return the stages of a run's network with their maps for an image, uint8 ``(28, 28)``.

    Raises:
        InferenceError: the run has no Keras network, or the worker could not answer.
    """
    return _load_stages(find_model(run), image)


def load_trace(
    run: Run, image: NDArray[np.uint8], stage: str, channel: int, position: tuple[int, int]
) -> PixelTrace:
    """Return how a pixel of a map gets its value; see ``fmnist.keras_worker.trace.trace_pixel``.

    Raises:
        InferenceError: as for ``load_stages``, or there is no such pixel.
    """
    return _load_trace(find_model(run), image, stage, channel, position)


def load_fields(
    run: Run, stage: str, positions: tuple[tuple[int, int], ...]
) -> list[tuple[int, int, int, int]]:
    """Return the receptive fields of a stage's pixels: top, left, bottom, right, inclusive.

    Raises:
        InferenceError: as for ``load_stages``.
    """
    return _load_fields(find_model(run), np.asarray(positions), stage)


def find_dead_maps(
    run: Run, stages: list[Stage], x_train: NDArray[np.uint8]
) -> dict[str, NDArray[np.bool_]]:
    """Return which maps of each stage are dead, ``(c,)`` by stage name.

    A dead map is zero everywhere for the given image and the first ``N_LIVELY`` training images;
    only stages that end in a ReLU can have one.

    Args:
        run: the run whose network is used.
        stages: from ``load_stages``.
        x_train: uint8 ``(n, 28, 28)``.

    Raises:
        InferenceError: as for ``load_stages``.
    """
    highest = _find_highest(find_model(run), np.asarray(x_train[:N_LIVELY]))
    return {
        stage.name: stage.is_rectified & (highest[stage.name] <= 0) & ~stage.maps.any(axis=(0, 1))
        for stage in stages
    }


def find_model(run: Run) -> Path:
    """Return the path of a run's Keras network.

    Raises:
        InferenceError: the run has none.
    """
    if run.model_path is None:
        raise InferenceError(
            f"{run.run_id} has no Keras network, so there are no maps to look at. Choose another "
            "run."
        )
    return run.model_path


def identify(path: Path, images: NDArray[np.uint8], *question: object) -> tuple[object, ...]:
    """Return a cache key of all inputs to a Keras worker's result, including its files."""
    stat = path.stat()
    content = hashlib.blake2b(images.tobytes(), digest_size=16).digest()
    return path, stat.st_mtime_ns, stat.st_size, content, *question


@cached(LRUCache(_CACHED_IMAGES), key=identify, lock=threading.Lock())
def _load_stages(path: Path, image: NDArray[np.uint8]) -> list[Stage]:
    return compute_stages(path, image)


@cached(LRUCache(_CACHED_TRACES), key=identify, lock=threading.Lock())
def _load_trace(
    path: Path,
    image: NDArray[np.uint8],
    stage: str,
    channel: int,
    position: tuple[int, int],
) -> PixelTrace:
    return trace_pixel(path, image, stage, channel, position)


@cached(LRUCache(_CACHED_TRACES), key=identify, lock=threading.Lock())
def _load_fields(
    path: Path, positions: NDArray[np.integer], stage: str
) -> list[tuple[int, int, int, int]]:
    return find_fields(path, stage, tuple((int(row), int(column)) for row, column in positions))


@cached(LRUCache(_CACHED_NETWORKS), key=identify, lock=threading.Lock())
def _find_highest(path: Path, images: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    found = find_maxima(path, images)
    return {stage: values.max(axis=0) for stage, (values, _) in found.items()}
