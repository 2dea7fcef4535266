"""What a network says about prepared pictures, each asked about in several variants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import N_CLASSES
from fmnist.evaluation.calibration import combine_views
from fmnist.images import Prepared
from fmnist.runs import Run


class Pool(Protocol):
    """Whoever answers for a run: the inference pool."""

    def predict(self, run: Run, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return probabilities, float32 ``(n, 10)``, of images, uint8 ``(n, 28, 28)``."""

    def extract(self, run: Run, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return what the last layer but one says, float32 ``(n, k)``."""


def predict_pictures(pool: Pool, run: Run, pictures: Sequence[Prepared]) -> NDArray[np.float32]:
    """Return the network's answer to each picture: the mean over its variants and their mirrors.

    A picture that is an image of the data set's kind has one variant and is asked about as it is.

    Args:
        pool: answers.
        run: whose network.
        pictures: any number of them; all are asked about at once.

    Returns:
        Probabilities, float32 ``(len(pictures), 10)``.
    """
    if not pictures:
        return np.zeros((0, N_CLASSES), np.float32)
    views = [_mirror(picture.variants) for picture in pictures]
    y_proba = pool.predict(run, np.concatenate(views))
    ends = np.cumsum([len(view) for view in views])[:-1]
    return np.stack([combine_views(each) for each in np.split(y_proba, ends)])


def _mirror(variants: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return variants if len(variants) == 1 else np.concatenate([variants, variants[..., ::-1]])
