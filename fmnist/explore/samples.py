"""The images on a page of samples; facts and nearest neighbours of one image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from fmnist.classes import CLASS_NAMES, IMAGE_SIZE, N_PIXELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CHUNK: Final = 4096


@dataclass(frozen=True, eq=False)
class SamplePage:
    """One page of a selection.

    Attributes:
        rows: int64 ``(m,)``, rows in the split's file, from 1, in the order to show.
        page: number of this page, from 1.
        n_pages: number of pages, at least 1.
        n_items: number of images in the whole selection.
    """

    rows: NDArray[np.int64]
    page: int
    n_pages: int
    n_items: int


@dataclass(frozen=True)
class ItemFacts:
    """Facts about one image: where it is stored, its class, its pixels.

    ``place`` is from ``Source.describe_row``. Intensities are 0–255; ``empty_share`` is
    the share of pixels that are 0; ``mean_distance`` is the Euclidean distance to the mean image of
    its class.
    """

    place: str
    label: int
    class_name: str
    brightness: float
    brightest: int
    empty_share: float
    mean_distance: float


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The training images nearest to one image, nearest first.

    Attributes:
        rows: int64 ``(k,)``, rows in the training file, from 1.
        labels: uint8 ``(k,)``.
        distance: float64 ``(k,)``, Euclidean over the 784 intensities (0–255).
    """

    rows: NDArray[np.int64]
    labels: NDArray[np.uint8]
    distance: NDArray[np.float64]


def choose_samples(
    y: NDArray[np.uint8], *, label: int | None, seed: int, count: int, page: int
) -> SamplePage:
    """Choose one page of images; the same arguments always give the same page.

    Args:
        y: labels of the split, uint8 ``(n,)``.
        label: the class to keep, or None for all.
        seed: order of the images: 0 as in the file, any other number shuffles them.
        count: images per page, at least 1.
        page: from 1; a number outside the selection gives the nearest existing page.
    """
    pool = np.arange(len(y)) if label is None else np.flatnonzero(y == label)
    if seed:
        pool = np.random.default_rng(seed).permutation(pool)
    n_pages = max(1, -(-len(pool) // count))
    page = min(max(page, 1), n_pages)
    rows = pool[(page - 1) * count : page * count] + 1
    return SamplePage(rows.astype(np.int64), page, n_pages, len(pool))


def compute_class_mean(
    x: NDArray[np.uint8], y: NDArray[np.uint8], label: int
) -> NDArray[np.float64]:
    """Return the mean image of one class: float64 ``(28, 28)``, 0–255.

    Raises:
        ValueError: the class has no images.
    """
    members = np.flatnonzero(y == label)
    if not len(members):
        raise ValueError(f"There is no image of {CLASS_NAMES[label]} to average.")
    total = np.zeros(x.shape[1:], dtype=np.int64)
    for start in range(0, len(members), _CHUNK):
        total += x[members[start : start + _CHUNK]].sum(axis=0, dtype=np.int64)
    return total / len(members)


def build_facts(
    image: NDArray[np.uint8], *, place: str, label: int, class_mean: NDArray[np.float64]
) -> ItemFacts:
    """Compute the facts about one image.

    Args:
        image: uint8 ``(28, 28)``.
        place: where it is stored, from ``Source.describe_row``.
        label: its label, 0 to 9.
        class_mean: float ``(28, 28)``, mean image of its class.
    """
    return ItemFacts(
        place=place,
        label=label,
        class_name=CLASS_NAMES[label],
        brightness=float(image.mean()),
        brightest=int(image.max()),
        empty_share=float((image == 0).mean()),
        mean_distance=float(np.linalg.norm(image - class_mean)),
    )


def describe_item(facts: ItemFacts) -> str:
    """Describe in two sentences where an image is stored and what its pixels are like."""
    return (
        f"Row {facts.place}, label {facts.label}. Mean intensity {facts.brightness:.0f}, brightest "
        f"pixel {facts.brightest}, {facts.empty_share:.0%} of the pixels 0. A pixel differs from "
        f"the mean {facts.class_name} by about {facts.mean_distance / IMAGE_SIZE:.0f} of 255 grey "
        "levels (root mean square)."
    )


def build_pixel_table(image: NDArray[np.uint8]) -> pd.DataFrame:
    """Return the 784 intensities as a table of 28 rows and columns, both counted from 1."""
    numbers = np.arange(1, IMAGE_SIZE + 1)
    columns = [str(number) for number in numbers]
    return pd.DataFrame(image, index=pd.Index(numbers, name="row"), columns=columns)


def find_neighbours(
    x_train: NDArray[np.uint8],
    y_train: NDArray[np.uint8],
    image: NDArray[np.uint8],
    *,
    k: int = 8,
    exclude_row: int | None = None,
) -> Neighbours:
    """Return the training images nearest to one image, compared with all of them.

    Args:
        x_train: uint8 ``(n, 28, 28)``.
        y_train: uint8 ``(n,)``.
        image: uint8 ``(28, 28)``.
        k: number of neighbours; fewer are returned from a smaller set.
        exclude_row: the image's own row in the training file, from 1, if it is a training image.
    """
    # NearestNeighbors and cdist take 7 and 1.5 times as long on 60,000 images (0.6 s, 0.13 s).
    query = image.reshape(N_PIXELS).astype(np.float32)
    squared = np.empty(len(x_train))
    for start in range(0, len(x_train), _CHUNK):
        pixels = x_train[start : start + _CHUNK]
        gap = pixels.reshape(len(pixels), N_PIXELS) - query  # float32; small, so 0 stays exactly 0
        squared[start : start + len(pixels)] = np.einsum("ij,ij->i", gap, gap)
    if exclude_row is not None:
        squared[exclude_row - 1] = np.inf
    order = np.argsort(squared, kind="stable")[:k]
    order = order[np.isfinite(squared[order])]
    return Neighbours(order.astype(np.int64) + 1, y_train[order], np.sqrt(squared[order]))
