"""A small data set and runs with planted mistakes, for the tests of the Evaluate page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from streamlit.testing.v1 import AppTest

from fmnist.runs import Predictions, Recipe, Report, create_run
from fmnist.runs.files import write_json
from tests.support import pages
from tests.support.archives import write_idx

N_TEST = 200
TRUE_LABELS = (np.arange(N_TEST) % 10).astype(np.uint8)


def write_archive(folder: Path) -> None:
    """Write 50 training images and 200 test images of noise, whose labels go 0…9, 0…9, …"""
    rng = np.random.default_rng(0)
    arrays = {}
    for split, labels in (("train", TRUE_LABELS[:50]), ("test", TRUE_LABELS)):
        arrays[f"x_{split}"] = rng.integers(0, 256, (len(labels), 28, 28), np.uint8)
        arrays[f"y_{split}"] = labels
    write_idx(folder, arrays)


def build_probabilities() -> np.ndarray:
    """Return probabilities with 4 shirts classified as T-shirts and 26 mistakes in shared cells."""
    answers = TRUE_LABELS.copy()
    answers[[6, 16, 26, 36]] = 0
    answers[[9, 19]] = 7
    answers[np.arange(100, 124)] = (TRUE_LABELS[100:124] + 1) % 10
    proba = np.full((N_TEST, 10), 0.02, np.float32)
    proba[np.arange(N_TEST), answers] = 0.82
    return proba


def write_run(
    run_id: str, fingerprint: str, *, owner: str = "", validation_accuracy: float | None = 0.88
) -> None:
    """Write a finished run with these probabilities for the test set of a fingerprint.

    Without a validation accuracy, it was trained on all images.
    """
    n_validation = 50 if validation_accuracy is not None else 0
    recipe = Recipe("baseline", validation_share=0.1 if n_validation else 0.0)
    run = create_run(recipe, run_id=run_id, owner=owner)
    proba = build_probabilities()
    Predictions(
        val_index=np.arange(n_validation),
        val_true=TRUE_LABELS[:n_validation],
        val_proba=proba[:n_validation],
        test_true=TRUE_LABELS,
        test_proba=proba,
        test_fingerprint=fingerprint,
        train_fingerprint="t",
    ).save(run.path / "predictions.npz")
    report = Report(
        network="baseline",
        parameters=1234,
        seed=7,
        best_epoch=2,
        epochs_run=3,
        n_train=450,
        n_validation=n_validation,
        n_test=N_TEST,
        validation=None
        if validation_accuracy is None
        else {"accuracy": validation_accuracy, "loss": 0.4},
        test={"accuracy": 0.85, "loss": 0.5},
        data={"kind": "idx", "test": fingerprint},
        seconds=12.3,
        hardware={"processor": "A processor", "cores": 2, "accelerators": []},
        versions={},
        created="2026-01-02T03:04:05+00:00",
        command="python -m fmnist train --network baseline",
    )
    write_json(run.report_path, report.to_dict())


def open_page(**query: str) -> AppTest:
    """Open the Evaluate page; it has links to others, so through the router."""
    return pages.open_page("evaluate", **query)
