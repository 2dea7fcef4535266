"""Why a network answers as it does: where it looks, how firmly it stands, what it reminds it of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import IMAGE_SIZE
from fmnist.data import Dataset
from fmnist.inference.pictures import Pool
from fmnist.runs import Run
from fmnist.settings import cache_dir

_PATCH: Final = 6
_STRIDE: Final = 2
_NEIGHBOUR_IMAGES: Final = 2_000
"""Images a call: other answers are given between two of them."""

_KEPT_BYTES: Final = 300_000_000
"""Features of some ten networks: 60,000 images times 128 numbers are 31 MB."""


def compute_occlusion(
    pool: Pool, run: Run, image: NDArray[np.uint8], label: int
) -> NDArray[np.float32]:
    """Return how much the probability of a class falls where a patch of the image is covered.

    A patch of 6×6 moves over the image in steps of two; what it covers of the garment becomes the
    garment's mean tone (Zeiler & Fergus, Visualizing and Understanding Convolutional Networks,
    2014).

    Args:
        pool: answers.
        run: whose network.
        image: uint8 ``(28, 28)``.
        label: the class, 0–9.

    Returns:
        float32 ``(28, 28)``, -1 to 1: mean fall over the patches that cover a pixel; positive
        where the network finds evidence.
    """
    corners = [
        (row, column)
        for row in range(0, IMAGE_SIZE - _PATCH + 1, _STRIDE)
        for column in range(0, IMAGE_SIZE - _PATCH + 1, _STRIDE)
    ]
    covered = np.repeat(image[None], len(corners) + 1, axis=0)
    inside = image[image > 0]
    tone = np.uint8(inside.mean()) if inside.size else np.uint8(0)
    for each, (row, column) in zip(covered[1:], corners, strict=True):
        patch = each[row : row + _PATCH, column : column + _PATCH]
        patch[patch > 0] = tone
    probabilities = pool.predict(run, covered)[:, label]
    total = np.zeros(image.shape, np.float32)
    count = np.zeros(image.shape, np.float32)
    for probability, (row, column) in zip(probabilities[1:], corners, strict=True):
        area = slice(row, row + _PATCH), slice(column, column + _PATCH)
        total[area] += probabilities[0] - probability
        count[area] += 1
    return np.asarray(total / np.maximum(count, 1), dtype=np.float32)


def load_features(
    pool: Pool, run: Run, dataset: Dataset, progress: Callable[[float], object]
) -> NDArray[np.float32]:
    """Return the training images' features, from the cache folder where they were computed before.

    They are kept by what the model and the training set hold: another run of the same name, or
    other data, has features of its own. The oldest go when all take more than 0.3 GB. Where the
    folder can't be written, they are computed anew the next time.

    Args:
        pool: answers.
        run: whose network; it has a model.
        dataset: has the training images.
        progress: is told the share that is done, 0 to 1, while they are computed.

    Returns:
        As ``compute_features``, read-only.
    """
    from joblib import Memory  # not at the start of the server

    try:
        memory = Memory(cache_dir() / "features", mmap_mode="r", verbose=0)
        compute = memory.cache(_compute_known, ignore=["pool", "run", "images", "progress"])
    except OSError:  # the folder can't be made: that must not keep anybody from an answer
        return compute_features(pool, run, dataset.x_train, progress)
    model = hashlib.sha256(run.model_path.read_bytes() if run.model_path else b"").hexdigest()
    features = compute(model, dataset.fingerprints["train"], pool, run, dataset.x_train, progress)
    memory.reduce_size(bytes_limit=_KEPT_BYTES)
    return np.asarray(features)


def _compute_known(
    _model: str,
    _data: str,
    pool: Pool,
    run: Run,
    images: NDArray[np.uint8],
    progress: Callable[[float], object],
) -> NDArray[np.float32]:
    """Compute features; the hashes of model and data tell joblib whether it has them."""
    return compute_features(pool, run, images, progress)


def compute_features(
    pool: Pool, run: Run, images: NDArray[np.uint8], progress: Callable[[float], object]
) -> NDArray[np.float32]:
    """Return what the last layer but one makes of images, each of length 1, float32 ``(n, k)``."""
    parts = []
    for start in range(0, len(images), _NEIGHBOUR_IMAGES):
        parts.append(pool.extract(run, np.asarray(images[start : start + _NEIGHBOUR_IMAGES])))
        progress(min(1.0, (start + _NEIGHBOUR_IMAGES) / len(images)))
    features = np.concatenate(parts)
    lengths = np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-9)
    return np.asarray(features / lengths, dtype=np.float32)


def find_nearest(
    features: NDArray[np.float32], feature: NDArray[np.float32], count: int = 5
) -> NDArray[np.int64]:
    """Return the rows whose features point most in the same direction, nearest first."""
    likeness = features @ (feature / max(float(np.linalg.norm(feature)), 1e-9))
    return np.argsort(-likeness)[:count].astype(np.int64)
