"""A small data set with label issues, without processes or cleanlab."""

from __future__ import annotations

import io

import numpy as np

from fmnist.data import Dataset, load_dataset, split_validation
from fmnist.labels.folds import N_FOLDS, OWNER, build_fold_recipe, find_key, name_fold_run
from fmnist.labels.scores import METHODS
from fmnist.labels.search import open_label_search
from fmnist.runs import Predictions, create_run
from fmnist.runs.files import write_json
from tests.support.runs import build_report


def write_search() -> Dataset:
    """Write the pixel-based results of a search: a leak, a copy, and the last image as an
    outlier."""
    dataset = load_dataset()
    found = open_label_search(dataset)
    found.path.mkdir(parents=True, exist_ok=True)
    n_train = len(dataset.y_train)
    n = n_train + len(dataset.y_test)
    arrays = {
        "pairs": np.array([[2, 3], [1, n_train + 4]]),
        "shifts": np.array([[0, 0], [0, 1]]),
        "differences": np.array([0.0, 2.5]),
        "neighbours": np.tile(np.arange(10, dtype=np.int32), (n, 1)),
        "distances": np.arange(n, dtype=np.float32),
    }
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    found.pixels_path.write_bytes(buffer.getvalue())
    return dataset


def write_fold_runs(dataset: Dataset) -> np.ndarray:
    """Write five finished runs confident in every label except that of training image 5.

    Returns:
        The out-of-fold probabilities, float32 (n + m, 10).
    """
    labels = np.concatenate([dataset.y_train, dataset.y_test])
    y_proba = np.full((len(labels), 10), 0.01, np.float32)
    y_proba[np.arange(len(labels)), labels] = 0.91
    y_proba[5] = np.roll(y_proba[5], 1)
    n_train = len(dataset.y_train)
    fingerprint = dataset.fingerprints["train"]
    for fold in range(N_FOLDS):
        recipe = build_fold_recipe(fold)
        run = create_run(recipe, run_id=name_fold_run(fingerprint, fold), owner=OWNER)
        _, rows = split_validation(dataset.y_train, share=recipe.validation_share, fold=fold)
        Predictions(
            val_index=rows,
            val_true=dataset.y_train[rows],
            val_proba=y_proba[rows],
            test_true=dataset.y_test,
            test_proba=y_proba[n_train:],
            test_fingerprint=dataset.fingerprints["test"],
            train_fingerprint=fingerprint,
        ).save(run.path / "predictions.npz")
        write_json(run.report_path, build_report().to_dict())
    return y_proba


def write_scores(dataset: Dataset, y_proba: np.ndarray) -> None:
    """Write the scores of the five runs: the probability of the label, for every method."""
    labels = np.concatenate([dataset.y_train, dataset.y_test])
    scores = y_proba[np.arange(len(labels)), labels]
    key = find_key(dataset.fingerprints["train"])
    assert key is not None
    buffer = io.BytesIO()
    arrays = {"y_proba": y_proba, "seconds": np.array([325.0], np.float32)}
    np.savez(buffer, **arrays, **dict.fromkeys(METHODS, scores))
    open_label_search(dataset).scores_path(key).write_bytes(buffer.getvalue())
