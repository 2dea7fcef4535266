"""Nearest items: the training images whose features are most like the image's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from cachetools import LRUCache, cached
from numpy.typing import NDArray

from fmnist.classes import CLASS_NAMES
from fmnist.data import Dataset
from fmnist.data.dataset import SplitName
from fmnist.errors import MethodError
from fmnist.explain.explainer import Explainer, Part, Subject, Text, Tile, Tiles
from fmnist.explain.identity import hash_network
from fmnist.inference.pictures import Pool
from fmnist.runs import Run
from fmnist.runs.classical import CLASSICAL
from fmnist.settings import cache_dir

_BATCH: Final = 512
"""Images per progress step, half a second for the slower networks on two cores; waiting predictions
are answered in between (``inference.inference_pool.QUESTION_IMAGES``)."""

_CACHED_BYTES: Final = 300_000_000
"""Disk space for the features of about ten networks: 60,000 images times 128 numbers take 31 MB."""

_NO_KEYS: Final = ["pool", "run", "images", "progress", "computed"]
"""Arguments of ``_compute_keyed`` that do not affect its result beyond the hashes."""

NEIGHBOURS: Final = 10
"""Number of training images that are shown and that vote on the class."""

_CACHED_NETWORKS: Final = 2
"""Number of networks whose features stay in memory if the cache folder is read-only."""


def compute_features(
    pool: Pool, run: Run, images: NDArray[np.uint8], progress: Callable[[float], object]
) -> NDArray[np.float32]:
    """Return the inputs of the last layer, normalised to length 1, float32 ``(n, k)``.

    Args:
        pool: runs the network.
        run: the run whose network is used.
        images: uint8 ``(n, 28, 28)``.
        progress: called with the fraction done, 0 to 1.
    """
    parts = []
    for start in range(0, len(images), _BATCH):
        parts.append(pool.extract(run, np.asarray(images[start : start + _BATCH])))
        progress(min(1.0, (start + _BATCH) / len(images)))
    features = np.concatenate(parts)
    lengths = np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-9)
    return np.asarray(features / lengths, dtype=np.float32)


def _identify(
    _pool: Pool, run: Run, dataset: Dataset, _progress: object, split: SplitName = "train"
) -> tuple[str, str]:
    """Return hashes of the network and the images, on which the features depend."""
    return hash_network(run), dataset.fingerprints[split]


@cached(LRUCache(_CACHED_NETWORKS), key=_identify)
def load_features(
    pool: Pool,
    run: Run,
    dataset: Dataset,
    progress: Callable[[float], object],
    split: SplitName = "train",
) -> NDArray[np.float32]:
    """Return the features of a split's images, from the cache folder if computed before.

    The cache key is the content of model and images, so another run of the same name has its own
    features. The oldest are deleted once the total exceeds 0.3 GB.

    Args:
        pool: runs the network.
        run: the run whose network is used; it has a model.
        dataset: the data set with the images.
        progress: called with the fraction done, 0 to 1, during the computation.
        split: the training images or the test images.

    Returns:
        As ``compute_features``, read-only.
    """
    from joblib import Memory  # not at server start

    images, _ = dataset.split(split)
    try:
        memory = Memory(cache_dir() / "features", mmap_mode="r", verbose=0)
        compute = memory.cache(
            _compute_keyed, ignore=["pool", "run", "images", "progress", "computed"]
        )
    except OSError:  # the folder is read-only
        return compute_features(pool, run, images, progress)
    model, data = _identify(pool, run, dataset, progress, split)
    computed: list[NDArray[np.float32]] = []
    try:
        features = compute(model, data, pool, run, images, progress, computed)
    except KeyError:  # the disk is full: joblib doesn't find what it has just stored
        return computed[0]
    memory.reduce_size(bytes_limit=_CACHED_BYTES)
    return np.asarray(features)


def _compute_keyed(
    _model: str,
    _data: str,
    pool: Pool,
    run: Run,
    images: NDArray[np.uint8],
    progress: Callable[[float], object],
    computed: list[NDArray[np.float32]],
) -> NDArray[np.float32]:
    """Compute features; joblib caches them by the hashes of model and data."""
    computed.append(compute_features(pool, run, images, progress))
    return computed[0]


def find_nearest(
    features: NDArray[np.float32], feature: NDArray[np.float32], count: int = NEIGHBOURS
) -> NDArray[np.int64]:
    """Return the rows with the highest cosine similarity, highest first.

    Args:
        features: float32 ``(n, k)``, each of length 1.
        feature: float32 ``(k,)``.
        count: number of rows to return.
    """
    similarity = features @ (feature / max(float(np.linalg.norm(feature)), 1e-9))
    return np.argsort(-similarity)[:count].astype(np.int64)


def find_winner(labels: NDArray[np.integer]) -> int:
    """Return the most frequent class, 0 to 9; the nearer one wins a tie.

    Args:
        labels: ``(k,)``, 0 to 9, the nearest first.
    """
    votes = np.bincount(labels, minlength=len(CLASS_NAMES))
    return next(int(label) for label in labels if votes[label] == votes.max())


def describe_vote(labels: NDArray[np.integer], predicted: int) -> str:
    """Return in Markdown the vote of the nearest items, and whether the network agrees.

    Args:
        labels: ``(k,)``, 0 to 9, nearest first, which decides ties.
        predicted: the class that the network predicts.
    """
    votes = np.bincount(labels, minlength=len(CLASS_NAMES))
    winner = find_winner(labels)
    others = [
        f"{votes[label]} {CLASS_NAMES[label]}"
        for label in np.argsort(-votes, kind="stable").tolist()
        if votes[label] and label != winner
    ]
    rest = f", {', '.join(others)}" if others else ""
    network = CLASS_NAMES[predicted]
    says = ", as the network does" if winner == predicted else f"; the network says {network}"
    return (
        f"A vote of the {len(labels)} nearest says **{CLASS_NAMES[winner]}**{says}. Their labels: "
        f"{votes[winner]} {CLASS_NAMES[winner]}{rest}."
    )


def find_nearest_items(subject: Subject) -> NDArray[np.int64]:
    """Return the rows of the training images that are most similar to a subject, nearest first.

    Raises:
        MethodError: the run is a classical model, which has no features.
    """
    dataset = subject.dataset
    assert dataset is not None
    if subject.run.recipe.network in CLASSICAL:
        raise MethodError(
            "A classical model has no layers whose features could be compared. *Occlusion* shows "
            "which parts of the image its prediction depends on."
        )
    features = load_features(subject.pool, subject.run, dataset, subject.progress)
    return find_nearest(features, subject.pool.extract(subject.run, subject.image[None])[0])


def explain_nearest(subject: Subject) -> Sequence[Part]:
    """Return the most similar training images and their vote; none for a classical model."""
    dataset = subject.dataset
    assert dataset is not None
    try:
        rows = find_nearest_items(subject)
    except MethodError as error:
        return [Text(str(error))]
    tiles = [
        Tile(
            np.asarray(dataset.x_train[row]), f"{CLASS_NAMES[int(dataset.y_train[row])]}, no. {row}"
        )
        for row in rows
    ]
    sentence = (
        "The training images most similar to this one, by the cosine similarity of the inputs of "
        "the network's last layer."
    )
    vote = describe_vote(np.asarray(dataset.y_train[rows]), subject.label)
    return [Text(sentence), Text(vote, is_result=True), Tiles(tiles, width=112)]


EXPLAINER = Explainer(
    "nearest", "Nearest items", frozenset({"dataset"}), explain_nearest, takes_long=True
)
