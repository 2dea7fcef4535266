"""Robustness: a run's accuracy on test images with increasing corruption."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist import settings
from fmnist.classes import N_CLASSES
from fmnist.data import Dataset
from fmnist.explain.identity import hash_network
from fmnist.images.corruptions import CORRUPTIONS, SEVERITIES, corrupt_images
from fmnist.inference.pictures import Pool
from fmnist.runs import Run
from fmnist.runs.fields import Name, Positive, Share
from fmnist.runs.files import write_json
from fmnist.runs.records import Record

N_ITEMS: Final = 2000
"""Default number of test images, for an accuracy interval of about one percentage point."""


VERSION: Final = 1
"""Version of the corruptions; results of other versions are measured again."""


@dataclass(frozen=True, slots=True)
class Robustness(Record):
    """The accuracy of a run by corruption and severity.

    Attributes:
        n_items: number of test images.
        clean: accuracy on the unchanged images, severity 0; 0 to 1.
        accuracy: by name in ``CORRUPTIONS``, at severities 1 to 5; 0 to 1.
    """

    n_items: Positive
    clean: Share
    accuracy: dict[Name, list[Share]]

    @property
    def mean(self) -> float:
        """Mean accuracy over all corruptions and severities, 0 to 1."""
        return float(np.mean(list(self.accuracy.values())))


def choose_items(y_test: NDArray[np.uint8], count: int, *, seed: int = 0) -> NDArray[np.int64]:
    """Return the rows of a class-balanced sample of test images, ascending, or all rows.

    Args:
        y_test: labels, uint8 ``(n,)``.
        count: maximum number; a class with too few images contributes all of them.
        seed: equal seeds give equal rows.
    """
    if count >= len(y_test):
        return np.arange(len(y_test))
    rng = np.random.default_rng(seed)
    each = max(1, count // N_CLASSES)
    rows = [rng.permutation(np.flatnonzero(y_test == label))[:each] for label in range(N_CLASSES)]
    return np.sort(np.concatenate(rows))


def measure_robustness(
    pool: Pool,
    run: Run,
    dataset: Dataset,
    count: int,
    progress: Callable[[float], object],
) -> Robustness:
    """Measure the accuracy on corrupted test images.

    Args:
        pool: runs the network.
        run: the run whose network is used.
        dataset: the data set with the test images.
        count: the number of images, as for ``choose_items``.
        progress: called with the fraction done, 0 to 1.

    Raises:
        InferenceError: the network can't be used.
    """
    rows = choose_items(dataset.y_test, count)
    images, labels = np.asarray(dataset.x_test[rows]), dataset.y_test[rows]

    def measure(corrupted: NDArray[np.uint8]) -> float:
        return float((pool.predict(run, corrupted).argmax(axis=1) == labels).mean())

    clean = measure(images)
    accuracy: dict[str, list[float]] = {}
    for number, name in enumerate(CORRUPTIONS):
        accuracy[name] = []
        for severity in SEVERITIES:
            accuracy[name].append(measure(corrupt_images(images, name, severity)))
            progress((number + severity / len(SEVERITIES)) / len(CORRUPTIONS))
    return Robustness(len(rows), clean, accuracy)


def load_robustness(
    pool: Pool,
    run: Run,
    dataset: Dataset,
    count: int,
    progress: Callable[[float], object],
) -> Robustness:
    """Return a run's robustness, measured unless cached; see ``measure_robustness``."""
    path = find_kept_path(run, dataset.fingerprints["test"], count)
    kept = Robustness.load(path)
    if kept is None:
        kept = measure_robustness(pool, run, dataset, count, progress)
        with suppress(OSError):  # the folder is read-only: measured again next time
            path.parent.mkdir(parents=True, exist_ok=True)
            write_json(path, kept.to_dict())
    return kept


def find_kept_path(run: Run, fingerprint: str, count: int) -> Path:
    """Return the cache path of a run's robustness, from the contents of network and test set.

    Args:
        run: the run whose network is used.
        fingerprint: the fingerprint of the test set.
        count: number of images measured.

    Raises:
        InferenceError: the run has no network, or its file can't be read.
    """
    text = f"{VERSION} {hash_network(run)} {fingerprint} {count}"
    name = hashlib.sha256(text.encode()).hexdigest()[:20]
    return settings.cache_dir() / "robustness" / f"{name}.json"
