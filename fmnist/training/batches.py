"""Shuffled batches, determined by seed and epoch alone, so that a resumed run repeats them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from numpy.typing import NDArray

from fmnist.training.data import as_batch

if TYPE_CHECKING:
    from fmnist.training.domain_augmentation.augmentation_pool import AugmentationPool


def shuffle_rows(rows: NDArray[np.int64], seed: int, epoch: int) -> NDArray[np.int64]:
    """Return the rows in the order in which an epoch uses them."""
    return np.random.default_rng([seed, epoch]).permutation(rows)


class EpochBatches(keras.utils.PyDataset):  # type: ignore[misc]
    """The batches of one epoch: ``(x, y)`` with x float32 ``(n, 28, 28, 1)``, 0–255.

    With domain augmentation (``fmnist.training.domain_augmentation``), y also marks outliers; each
    process of its pool, if there is one, works on one batch.

    Keras reads them in its own threads, so the next batch is ready when a step ends. Only a few
    batches are float32 at any time; the whole set would take 188 MB.
    """

    def __init__(
        self,
        x: NDArray[np.uint8],
        y: NDArray[np.uint8],
        rows: NDArray[np.int64],
        *,
        batch_size: int,
        seed: int,
        epoch: int,
        is_domain_augmented: bool = False,
        pool: AugmentationPool | None = None,
    ) -> None:
        # With one worker, Keras leaves prefetching to tf.data and its tuner, and epochs ended with
        # up to 50 idle seconds; with more, it prefetches itself (docs/decisions/0010-precision.md).
        workers = max(2, pool.count if pool else 0)
        super().__init__(workers=workers, max_queue_size=2 * workers)
        self._x, self._y = x, y
        self._order = shuffle_rows(rows, seed, epoch)
        self._batch_size = batch_size
        self._augmentation_seed = [seed, epoch] if is_domain_augmented else None
        self._pool = pool

    def __len__(self) -> int:
        return math.ceil(len(self._order) / self._batch_size)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        start = index * self._batch_size
        rows = self._order[start : start + self._batch_size]
        images, labels = self._x[rows], self._y[rows]
        if self._augmentation_seed is not None:
            from fmnist.training.domain_augmentation import augment_batch  # needs OpenCV

            seed = [*self._augmentation_seed, index]
            augmented, marked = (
                self._pool.augment(images, labels, seed)
                if self._pool
                else augment_batch(images, labels, np.random.default_rng(seed))
            )
            return as_batch(augmented), marked
        return as_batch(images), labels
