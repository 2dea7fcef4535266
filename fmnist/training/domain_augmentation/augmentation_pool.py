"""Processes that augment batches while training steps run."""

from __future__ import annotations

from collections.abc import Sequence
from queue import SimpleQueue
from typing import Final

import numpy as np
import numpy.typing as npt

from fmnist import settings
from fmnist.training.domain_augmentation.augment import augment_batch
from fmnist.worker_process import WorkerEndedError, WorkerHungError, WorkerProcess

BATCH_SECONDS: Final = 120.0
"""Time after which a process counts as hung: 2,048 images take a core twenty seconds."""

MAX_PROCESSES: Final = 16
"""More than the fastest accelerator needs; each takes 100 MB."""


class AugmentationPool:
    """Augments batches in processes, each with the result of ``augment_batch`` for its seed.

    There is one process per core. On two busy cores an epoch of ``outside`` at half width took 5.5
    seconds with them and 8.5 with threads (medians of three alternating epochs of 1,280 images).

    Attributes:
        count: number of batches augmented at the same time.
    """

    def __init__(self) -> None:
        """Start the processes without waiting for their imports.

        Raises:
            OSError: one can't be started.
        """
        self.count = min(settings.count_cores(), MAX_PROCESSES)
        self._workers = [
            WorkerProcess("fmnist.training.domain_augmentation", {}) for _ in range(self.count)
        ]
        self._free: SimpleQueue[WorkerProcess] = SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)

    def augment(
        self, images: npt.NDArray[np.uint8], labels: npt.NDArray[np.uint8], seed: Sequence[int]
    ) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int8]]:
        """Augment a batch; called from several threads, each of which waits for a free process.

        If the process runs out of memory or is killed, the batch is augmented here.
        """
        worker = self._free.get()
        try:
            augmented: tuple[npt.NDArray[np.uint8], npt.NDArray[np.int8]] = worker.ask(
                "augment", images, labels, seed,
                seconds=BATCH_SECONDS, start_seconds=settings.WORKER_START_SECONDS,
            )  # fmt: skip
        except (WorkerEndedError, WorkerHungError):
            return augment_batch(images, labels, np.random.default_rng(seed))
        else:
            return augmented
        finally:
            self._free.put(worker)

    def close(self) -> None:
        """End the processes."""
        for worker in self._workers:
            worker.kill()
