"""Faithfulness: whether the pixels marked by a map are those that the prediction depends on.

Deletion blackens pixels in the order of the map; insertion restores them in a blurred image
(Petsiuk et al., 2018). Each is the area under the curve of the predicted class's probability by the
fraction of pixels changed. A map is useful if it does better than sorting by brightness, which
needs no network. Deletion favours brightness, because on a black background blackening the
brightest pixels changes most. With grey or the blurred image in place of black, a random order
deletes better than the maps do (``docs/results.md``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from fmnist import settings
from fmnist.classes import N_PIXELS
from fmnist.data import Dataset
from fmnist.errors import MethodError
from fmnist.explain.explainer import Attribute
from fmnist.explain.identity import hash_network
from fmnist.inference.pictures import Pool
from fmnist.runs import Run
from fmnist.runs.fields import Name, Positive, Share
from fmnist.runs.files import write_json
from fmnist.runs.records import Record

N_IMAGES: Final = 100
"""Number of test images, drawn at random with a seed."""

BRIGHTNESS: Final = "brightness"
RANDOM: Final = "random"

_STEPS: Final = 28
"""Steps in which all pixels change, 28 pixels each."""

_BLUR: Final = 11
_BLUR_SIGMA: Final = 5.0
"""Side of the window and standard deviation, in pixels: as published."""

_TOGETHER: Final = 10
"""Images whose maps are computed in one request."""

_VERDICTS: Final = {
    (True, True): "it marks what the prediction depends on better than brightness does",
    (False, True): "it beats brightness in insertion, but **not in deletion**",
    (True, False): "it beats brightness in deletion, but **not in insertion**",
    (False, False): "**it does not beat brightness on this run**",
}
"""Keyed by whether the method beats brightness in deletion and in insertion."""

_VERSION: Final = 1
"""Version of the definition; results of another version are measured again."""


@dataclass(frozen=True, slots=True)
class Faithfulness(Record):
    """How faithful pixel orders are to a run's network, averaged over images.

    Attributes:
        n_images: number of test images.
        deletion: by the id of an explainer, ``BRIGHTNESS`` or ``RANDOM``: area under the deletion
            curve, 0 to 1; lower is better.
        insertion: likewise, under the insertion curve; higher is better.
    """

    n_images: Positive
    deletion: dict[Name, Share]
    insertion: dict[Name, Share]

    def compare(self, method: str, other: str) -> tuple[bool, bool]:
        """Return whether a method beats another in deletion, and in insertion."""
        return (
            self.deletion[method] < self.deletion[other],
            self.insertion[method] > self.insertion[other],
        )


def load_faithfulness(
    pool: Pool,
    run: Run,
    dataset: Dataset,
    methods: Mapping[str, Attribute],
    progress: Callable[[float], object],
) -> Faithfulness:
    """Return how faithful methods are to a run, measured unless cached.

    The arguments are those of ``measure_faithfulness``.
    """
    kept = load_kept_faithfulness(run, dataset)
    if kept is None:
        kept = measure_faithfulness(pool, run, dataset, methods, progress)
        path = _find_path(run, dataset)
        with suppress(OSError):  # the folder is read-only: measured again next time
            path.parent.mkdir(parents=True, exist_ok=True)
            write_json(path, kept.to_dict())
    return kept


def load_kept_faithfulness(run: Run, dataset: Dataset) -> Faithfulness | None:
    """Return the cached measurement, or None."""
    return Faithfulness.load(_find_path(run, dataset))


def measure_faithfulness(
    pool: Pool,
    run: Run,
    dataset: Dataset,
    methods: Mapping[str, Attribute],
    progress: Callable[[float], object],
    *,
    seed: int = 0,
) -> Faithfulness:
    """Measure how faithful methods are to a run, next to orders by brightness and at random.

    Args:
        pool: runs the network.
        run: the run whose network is used.
        dataset: the data set with the test images; ``N_IMAGES`` of them are used.
        methods: the functions that compute the maps, by the explainers' ids; methods that don't
            support this kind of network are skipped.
        progress: called with the fraction done, 0 to 1.
        seed: determines the images and the random order.

    Raises:
        InferenceError: the network can't be used.
    """
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.permutation(len(dataset.y_test))[:N_IMAGES])
    images = np.asarray(dataset.x_test[rows])
    labels = pool.predict(run, images).argmax(axis=1)
    chance = rng.random(images.shape, np.float32)
    ways: dict[str, Attribute | NDArray[np.floating]] = {
        BRIGHTNESS: images.astype(np.float32),
        RANDOM: chance,
        **methods,
    }
    areas: dict[str, NDArray[np.float64]] = {}
    for number, (name, way) in enumerate(ways.items()):
        parts: list[tuple[float, float]] = []
        with suppress(MethodError):
            for start in range(0, len(images), _TOGETHER):
                part = slice(start, start + _TOGETHER)
                given = images[part], labels[part]
                maps = way(pool, run, *given, None) if callable(way) else way[part]
                parts += [
                    compute_areas(pool, run, image, label, values)
                    for image, label, values in zip(*given, maps, strict=True)
                ]
                progress((number + min(1.0, (start + _TOGETHER) / len(images))) / len(ways))
            areas[name] = np.mean(parts, axis=0)
    return Faithfulness(
        len(images),
        {name: float(both[0]) for name, both in areas.items()},
        {name: float(both[1]) for name, both in areas.items()},
    )


def compute_areas(
    pool: Pool, run: Run, image: NDArray[np.uint8], label: int, values: NDArray[np.floating]
) -> tuple[float, float]:
    """Return the areas under the deletion and the insertion curve of one map.

    Args:
        pool: runs the network.
        run: the run whose network is used.
        image: uint8 ``(28, 28)``.
        label: the class whose probability is measured.
        values: ``(28, 28)``; sorted from the highest, ties in a fixed random order. Evidence
            against the class counts as none: negative values are set to zero.
    """
    ties = np.random.default_rng(0).permutation(N_PIXELS)
    order = np.lexsort((ties, -np.maximum(values, 0).ravel()))
    rank = np.empty(N_PIXELS, np.int64)
    rank[order] = np.arange(N_PIXELS)
    counts = np.linspace(0, N_PIXELS, _STEPS + 1)[:, None, None]
    is_first = rank.reshape(image.shape)[None] < counts
    blurred = cv2.GaussianBlur(image, (_BLUR, _BLUR), _BLUR_SIGMA)
    steps = np.concatenate([np.where(is_first, 0, image), np.where(is_first, image, blurred)])
    probability = pool.predict(run, steps.astype(np.uint8))[:, label]
    deletion, insertion = (
        float(np.trapezoid(curve, dx=1 / _STEPS)) for curve in np.split(probability, 2)
    )
    return deletion, insertion


def describe_faithfulness(method: str, title: str, found: Faithfulness) -> str:
    """Return in Markdown how faithful a method is to this run, compared with brightness and chance.

    Empty for a method that doesn't support this kind of network.
    """
    if method not in found.deletion:
        return ""
    verdict = _VERDICTS[found.compare(method, BRIGHTNESS)]
    deletion, insertion = (
        f"{areas[method]:.3f} ({better} is better; brightness {areas[BRIGHTNESS]:.3f}, random "
        f"{areas[RANDOM]:.3f})"
        for areas, better in ((found.deletion, "lower"), (found.insertion, "higher"))
    )
    return (
        f"Faithfulness of {title} on {found.n_images} test images: {verdict}. Deletion AUC "
        f"{deletion}; insertion AUC {insertion}."
    )


def _find_path(run: Run, dataset: Dataset) -> Path:
    text = f"{_VERSION} {hash_network(run)} {dataset.fingerprints['test']}"
    name = hashlib.sha256(text.encode()).hexdigest()[:20]
    return settings.cache_dir() / "faithfulness" / f"{name}.json"
