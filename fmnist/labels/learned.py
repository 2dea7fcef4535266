"""What the networks of the label check say about training images that they learned."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import N_CLASSES
from fmnist.data import Dataset
from fmnist.errors import RunError
from fmnist.inference.pictures import Pool
from fmnist.labels.folds import N_FOLDS, find_fold_runs


def predict_learned(pool: Pool, dataset: Dataset, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the mean probabilities of the four networks that were trained on each image.

    Args:
        pool: runs the networks.
        dataset: the data set that the five networks, all finished, were trained on.
        rows: training images, ``(k,)``.

    Returns:
        float32 ``(k, 10)``.

    Raises:
        RunError: a network was deleted meanwhile.
        InferenceError: a network can't be used.
    """
    total = np.zeros((len(rows), N_CLASSES), np.float64)
    for run in find_fold_runs(dataset.fingerprints["train"]):
        predictions = run.load_predictions() if run else None
        if run is None or predictions is None:
            raise RunError("A network of the label check was deleted. Start the check again.")
        learned = ~np.isin(rows, predictions.val_index)
        images = np.asarray(dataset.x_train[rows[learned]])
        total[learned] += pool.predict(run, images) / (N_FOLDS - 1)
    return total.astype(np.float32)
