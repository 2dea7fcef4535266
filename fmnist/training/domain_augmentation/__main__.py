"""A process that augments batches: ``python -m fmnist.training.domain_augmentation``.

See ``domain_augmentation.augmentation_pool``. An error ends the process, with a traceback in the
run's log. The training process then augments the batch itself, and fails as it would have without
the pool.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from fmnist.training.domain_augmentation.augment import augment_batch
from fmnist.worker_process import Answer, answer_questions


def answer(function: str, arguments: tuple[Any, ...]) -> Answer:
    """Augment a batch with the draws of a seed; ``warm`` only imports this module."""
    if function == "warm":
        return False, None
    images, labels, seed = arguments
    return False, augment_batch(images, labels, np.random.default_rng(seed))


if __name__ == "__main__":
    cv2.setNumThreads(1)  # there is a process for each core to spare
    answer_questions(answer)
