from __future__ import annotations

import numpy as np
import pytest

from fmnist.data import Dataset
from fmnist.inference import InferencePool
from fmnist.labels.folds import find_key
from fmnist.labels.scores import CONFUSION_ODDS, LEARNED_ODDS, METHODS
from fmnist.labels.search import open_label_search, search
from fmnist.runs import Run
from tests.support.label_issues import write_fold_runs, write_search


@pytest.mark.slow  # cleanlab takes seconds to import
def test_finished_networks_are_asked_about_the_images_that_they_learned(
    small: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them contradict the label of training image 7, and no other."""

    def predict(_self: object, _run: Run, images: np.ndarray) -> np.ndarray:
        labels = [
            int(small.y_train[row]) + (row == 7)
            for image in images
            for row in np.flatnonzero((small.x_train == image).all(axis=(1, 2)))[:1]
        ]
        return np.eye(10, dtype=np.float32)[np.array(labels) % 10] * 0.98 + 0.002

    monkeypatch.setattr(InferencePool, "predict", predict)
    write_search()
    write_fold_runs(small)
    found = open_label_search(small)
    search(small, found, lambda *_: None)
    scores = found.load_scores(find_key(small.fingerprints["train"]))
    assert scores is not None
    assert set(scores.scores) == set(METHODS)
    before, after = scores.scores[CONFUSION_ODDS], scores.scores[LEARNED_ODDS]
    assert after[7] < before[7]
    assert (after[:50] >= before[:50]).sum() == 49
    np.testing.assert_allclose(after[50:], before[50:], rtol=1e-5)
