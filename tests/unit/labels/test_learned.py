from __future__ import annotations

import numpy as np
import pytest

from fmnist.data import Dataset
from fmnist.errors import RunError
from fmnist.labels.folds import find_fold_runs
from fmnist.labels.learned import predict_learned
from fmnist.runs import Run
from tests.support.label_issues import write_fold_runs


class Folds:
    """Stands for the inference pool: each fold's network is sure of the class of its number."""

    def predict(self, run: Run, images: np.ndarray) -> np.ndarray:
        return np.eye(10, dtype=np.float32)[[run.recipe.validation_fold] * len(images)]

    def extract(self, run: Run, images: np.ndarray) -> np.ndarray:
        raise NotImplementedError


def test_those_who_learned_an_image_are_asked_and_no_other(small: Dataset) -> None:
    write_fold_runs(small)
    rows = np.array([7, 5, 31])
    learned = predict_learned(Folds(), small, rows)
    for row, y_proba in zip(rows, learned, strict=True):
        (held_out,) = np.flatnonzero(y_proba[:5] == 0)
        run = find_fold_runs(small.fingerprints["train"])[held_out]
        assert run is not None
        predictions = run.load_predictions()
        assert predictions is not None
        assert row in predictions.val_index
        assert y_proba.sum() == pytest.approx(1)
        assert y_proba.max() == pytest.approx(0.25)


def test_a_deleted_network_is_reported(small: Dataset) -> None:
    with pytest.raises(RunError, match="Start the check again"):
        predict_learned(Folds(), small, np.array([0]))
