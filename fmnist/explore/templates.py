"""Mean image and outline of a class, to draw over."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from fmnist.data import Dataset

_SHARE: Final = 0.5  # the share of a class's items that cover a pixel inside its outline
_DARK: Final = 12
_LINE_TONE: Final = 230


def compute_template(
    dataset: Dataset, label: int, what: Literal["Mean", "Outline"]
) -> NDArray[np.uint8]:
    """Return the mean of a class's training images, or the outline of what most of them cover.

    Returns:
        uint8 ``(28, 28)``.
    """
    images = np.asarray(dataset.x_train[np.flatnonzero(dataset.y_train == label)])
    if what == "Mean":
        return np.asarray(images.mean(axis=0).round(), dtype=np.uint8)
    covered = np.pad((images > _DARK).mean(axis=0) >= _SHARE, 1)
    inner = covered[1:-1, 1:-1].copy()
    for neighbour in (covered[:-2, 1:-1], covered[2:, 1:-1], covered[1:-1, :-2], covered[1:-1, 2:]):
        inner &= neighbour
    edge = covered[1:-1, 1:-1] & ~inner
    return np.where(edge, _LINE_TONE, 0).astype(np.uint8)
