"""Estimates a run's remaining time over all its phases, from its own measured paces."""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import Final

WINDOW_SECONDS: Final = 10.0
"""A pace is the mean over this many recent seconds, so that it reflects a busy machine."""

FORWARD_SHARE: Final = 0.3
"""Ratio of predicting to training on an image, until a validation has measured it."""

AUGMENTATION_SECONDS: Final = 2.2e-3
"""Seconds to augment an image, until the calibration has measured it (two cores, AVX512)."""


class Work(Enum):
    """Kinds of work and their units."""

    BATCH = "a batch trained on"
    PREDICTION = "an image predicted"
    AUGMENTATION = "an image augmented for the calibration"
    EPOCH_END = "an epoch's end: its files are saved"


class Pace:
    """Seconds per unit, over the last ``WINDOW_SECONDS``.

    Args:
        skip_first: whether to skip the first measurement: the first batch and the first prediction
            include tracing and compilation.
    """

    def __init__(self, *, skip_first: bool = True) -> None:
        self._recent: deque[tuple[int, float]] = deque()
        self._units, self._took = 0, 0.0
        self._skip = skip_first

    def add(self, units: int, seconds: float) -> None:
        """Add units and the seconds that they took together."""
        if self._skip:
            self._skip = False
            return
        self._recent.append((units, seconds))
        self._units, self._took = self._units + units, self._took + seconds
        while self._took - self._recent[0][1] > WINDOW_SECONDS:
            old_units, old_seconds = self._recent.popleft()
            self._units, self._took = self._units - old_units, self._took - old_seconds

    @property
    def seconds(self) -> float | None:
        """Seconds per unit; None before the first measurement."""
        return self._took / self._units if self._units else None


class TimeEstimate:
    """The total and completed work of a run by kind, and the pace of each kind."""

    def __init__(
        self, *, epochs: int, batches: int, batch_size: int, n_validation: int, n_test: int
    ) -> None:
        """Count the work of a whole run.

        Args:
            epochs: the recipe's epochs; early stopping ends some runs sooner.
            batches: batches per epoch.
            batch_size: images per batch.
            n_validation: images predicted after each epoch and, at the end, unchanged, mirrored and
                augmented in two views.
            n_test: images predicted at the end, unchanged and mirrored.
        """
        self._batch_size, self._batches, self._n_validation = batch_size, batches, n_validation
        final = 4 * n_validation + 2 * n_test
        self._total = self._count(epochs, predicted=final, augmented=n_validation)
        self._left = dict(self._total)
        self._epochs = epochs
        self._final = final
        compiled = {Work.BATCH, Work.PREDICTION}
        self._paces = {kind: Pace(skip_first=kind in compiled) for kind in self._total}

    def _count(self, epochs: int, *, predicted: int, augmented: int) -> dict[Work, int]:
        return {
            Work.BATCH: epochs * self._batches,
            Work.PREDICTION: epochs * self._n_validation + predicted,
            Work.AUGMENTATION: augmented,
            Work.EPOCH_END: epochs,
        }

    def begin_epoch(self, epoch: int) -> None:
        """Set the remaining work after a number of completed epochs, also after a resume."""
        n = self._n_validation
        self._left = self._count(self._epochs - epoch, predicted=self._final, augmented=n)

    def finish_training(self) -> None:
        """Drop further epochs: the recipe is complete, or early stopping ended it."""
        self.begin_epoch(self._epochs)

    def add(self, kind: Work, units: int, seconds: float) -> None:
        """Add work and the seconds that it took."""
        self._paces[kind].add(units, seconds)
        self._left[kind] = max(0, self._left[kind] - units)

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the run is finished; None before the first measurement."""
        return self._price(self._left)

    @property
    def progress(self) -> float | None:
        """Fraction of the work done, 0 to 1, by pace; None before the first measurement."""
        total, left = self._price(self._total), self._price(self._left)
        return None if not total or left is None else 1 - left / total

    def _price(self, units: dict[Work, int]) -> float | None:
        batch, image = self._paces[Work.BATCH].seconds, self._paces[Work.PREDICTION].seconds
        if image is None and batch is not None:
            image = FORWARD_SHARE * batch / self._batch_size
        if image is None or (batch is None and self._left[Work.BATCH]):
            return None
        prices = {
            Work.BATCH: batch or 0.0,
            Work.PREDICTION: image,
            Work.AUGMENTATION: self._paces[Work.AUGMENTATION].seconds or AUGMENTATION_SECONDS,
            Work.EPOCH_END: self._paces[Work.EPOCH_END].seconds or 0.0,
        }
        return sum(units[kind] * price for kind, price in prices.items())
