"""Occlusion: how much covering each part of the image lowers the predicted probability."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import CLASS_NAMES, IMAGE_SIZE
from fmnist.explain.explainer import Explainer, Heatmap, Part, Subject, Text
from fmnist.inference.pictures import Pool
from fmnist.runs import Run

_PATCH: Final = 6
_STRIDE: Final = 2
_MIN_FALL: Final = 0.05
"""Minimum change of a probability drawn in full colour; less is noise."""


def compute_occlusion(
    pool: Pool, run: Run, image: NDArray[np.uint8], label: int, against: int | None = None
) -> NDArray[np.float32]:
    """Return how much covering a patch of the image lowers the probability of a class.

    A patch of 6×6 pixels moves over the image in steps of two. The garment's pixels under it are
    set to the garment's mean tone (Zeiler & Fergus, Visualizing and Understanding Convolutional
    Networks, 2014).

    Args:
        pool: runs the network.
        run: the run whose network is used.
        image: uint8 ``(28, 28)``.
        label: the class, 0–9.
        against: the class whose probability is subtracted, or None.

    Returns:
        float32 ``(28, 28)``, -1 to 1, or -2 to 2 for a difference: the mean drop over the patches
        that cover a pixel; positive where the network finds evidence.
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
    y_proba = pool.predict(run, covered)
    probabilities = y_proba[:, label] - (0 if against is None else y_proba[:, against])
    total = np.zeros(image.shape, np.float32)
    count = np.zeros(image.shape, np.float32)
    for probability, (row, column) in zip(probabilities[1:], corners, strict=True):
        area = slice(row, row + _PATCH), slice(column, column + _PATCH)
        total[area] += probabilities[0] - probability
        count[area] += 1
    return np.asarray(total / np.maximum(count, 1), dtype=np.float32)


def attribute_by_occlusion(
    pool: Pool,
    run: Run,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    against: NDArray[np.integer] | None,
) -> NDArray[np.float32]:
    """Return the occlusion map of each image; see ``Attribute``."""
    others = [None] * len(images) if against is None else against.tolist()
    return np.stack(
        [
            compute_occlusion(pool, run, image, label, other)
            for image, label, other in zip(images, labels.tolist(), others, strict=True)
        ]
    )


def explain_occlusion(subject: Subject) -> Sequence[Part]:
    """Return the occlusion map and how to read it."""
    fall = subject.attribute(attribute_by_occlusion)
    what = f"the probability of {CLASS_NAMES[subject.label]}"
    if subject.against is not None:
        what += f" minus that of {CLASS_NAMES[subject.against]}"
    sentence = (
        f"Orange: covering this part lowers {what} (by up to {max(0.0, float(fall.max())):.0%}). "
        "Blue: covering it raises it."
    )
    return [Text(sentence), Heatmap(fall, min_scale=_MIN_FALL)]


EXPLAINER = Explainer(
    "occlusion", "Occlusion", frozenset(), explain_occlusion, attribute_by_occlusion
)
