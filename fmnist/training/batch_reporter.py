"""The reports of a worker from inside Keras' ``fit``: counters, live curve, stop."""

from __future__ import annotations

import time
from typing import Any, Final

import keras

from fmnist.training.estimate import Work
from fmnist.training.optimiser import SHOWN_LOSS
from fmnist.training.reporter import Reporter

STEP_SECONDS: Final = 0.2
"""Minimum interval between two rows of the live curve."""


class BatchReporter(keras.callbacks.Callback):  # type: ignore[misc]
    """Reports from inside ``fit``: counters, live curve, stop."""

    def __init__(
        self, reporter: Reporter, *, epoch: int, batches: int, images: int, seconds: float
    ) -> None:
        super().__init__()
        self._reporter = reporter
        self._epoch, self._batches, self._images = epoch, batches, images
        self._seconds_before = seconds
        self._start = self._last = time.monotonic()
        self._reported = self._counted = 0
        self._means = (0.0, 0.0)

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Report the batches since the last call, and add a row to the live curve if one is due.

        On a stop request, training ends here.
        """
        clock, done = time.monotonic(), batch + 1
        changes: dict[str, Any] = {}
        if clock - self._last >= STEP_SECONDS or done >= self._batches:
            changes = self._report_step(done, clock, logs or {})
        self._reporter.count(Work.BATCH, done - self._counted, batch=done, **changes)
        self._counted = done

    def _report_step(self, done: int, clock: float, logs: dict[str, float]) -> dict[str, float]:
        means = (float(logs[SHOWN_LOSS]), float(logs["accuracy"]))
        new = done - self._reported
        # Keras reports the mean since the epoch began; the curve needs that of the new batches.
        loss, accuracy = (
            (mean * done - before * self._reported) / new
            for mean, before in zip(means, self._means, strict=True)
        )
        seconds = self._seconds_before + clock - self._start
        pace = new / (clock - self._last) * self._images / self._batches
        self._reporter.add_step(
            {
                "step": self._epoch * self._batches + done,
                "epoch": self._epoch + done / self._batches,
                "loss": loss,
                "accuracy": accuracy,
                "learning_rate": float(self.model.optimizer.learning_rate),
                "images_per_second": pace,
                "seconds": seconds,
            }
        )
        self._last, self._reported, self._means = clock, done, means
        return {"images_per_second": pace, "seconds": seconds}
