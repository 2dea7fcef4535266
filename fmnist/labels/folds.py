"""Out-of-fold probabilities from five quick networks, each for the images it was not trained on."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import N_CLASSES
from fmnist.data import Dataset
from fmnist.errors import RunError
from fmnist.runs import Recipe, Run, RunState, open_run
from fmnist.runs.run import STUDY_OWNER

N_FOLDS: Final = 5
"""Each network trains on four fifths; more folds take longer and rank hardly better."""

EPOCHS: Final = 5
"""About two minutes per network on two idle cores, for an out-of-fold accuracy of 93 %."""

QUICK: Final = Recipe(
    "cnn",
    epochs=EPOCHS,
    learning_rate=3e-3,
    weight_decay=0.05,
    dropout=0.0,
    augmentation="none",
)
"""Settings for few epochs, in which regularisation costs more than it gains
(``docs/results.md``)."""

OWNER: Final = f"{STUDY_OWNER}label check"
"""Owner of the five runs, which run pickers omit like the trials of a study."""


@dataclass(frozen=True)
class OutOfFold:
    """Probabilities of networks that were not trained on the image.

    Attributes:
        y_proba: float32 ``(n + m, 10)``: for each training image, from the one network not trained
            on it; then for each test image, the mean of all five.
        key: changes with the networks.
        seconds: total training time of all five.
    """

    y_proba: NDArray[np.float32]
    key: str
    seconds: float


def build_fold_recipe(fold: int) -> Recipe:
    """Return the recipe of the network that holds out a fold, 0 to 4."""
    return replace(QUICK, validation_share=1 / N_FOLDS, validation_fold=fold)


def name_fold_run(fingerprint: str, fold: int) -> str:
    """Return the name of the run that holds out a fold of a training set."""
    return f"label-check-{fingerprint[:8]}-fold-{fold + 1}"


def find_fold_runs(fingerprint: str) -> list[Run | None]:
    """Return the five runs for a training set, with None for those not started.

    Args:
        fingerprint: ``Dataset.fingerprints["train"]``.
    """
    found: list[Run | None] = []
    for fold in range(N_FOLDS):
        found.append(None)
        with suppress(RunError):
            found[-1] = open_run(name_fold_run(fingerprint, fold))
    return found


def find_key(fingerprint: str) -> str | None:
    """Return a key that changes with the five networks, or None until all are finished."""
    created = []
    for run in find_fold_runs(fingerprint):
        if run is None or run.load_state() is not RunState.FINISHED:
            return None
        report = run.load_report()
        created.append(report.created if report else "")
    return hashlib.sha256(" ".join(created).encode()).hexdigest()[:16]


def collect_probabilities(dataset: Dataset) -> OutOfFold | None:
    """Return the out-of-fold probabilities, or None until all five networks are finished.

    Raises:
        RunError: a run's predictions are missing, unreadable, or for other data.
    """
    fingerprint = dataset.fingerprints["train"]
    key = find_key(fingerprint)
    if key is None:
        return None
    n_train = len(dataset.y_train)
    train = np.full((n_train, N_CLASSES), np.nan, np.float32)
    test = np.zeros((len(dataset.y_test), N_CLASSES), np.float64)
    seconds = 0.0
    for run in find_fold_runs(fingerprint):
        predictions = run.load_predictions() if run else None
        report = run.load_report() if run else None
        if run is None or predictions is None or report is None:
            raise RunError("A network of the label check was deleted. Start the check again.")
        if predictions.train_fingerprint != fingerprint or predictions.test_proba.shape != (
            test.shape
        ):
            raise RunError(
                f"{run.run_id} was trained on other data. Delete it and start the check again."
            )
        train[predictions.val_index] = predictions.val_proba
        test += predictions.test_proba / N_FOLDS
        seconds += report.seconds
    if np.isnan(train).any():
        raise RunError(
            f"The networks of the label check leave out {int(np.isnan(train).any(axis=1).sum()):,} "
            "training images. Delete them and start the check again."
        )
    return OutOfFold(np.concatenate([train, test.astype(np.float32)]), key, seconds)
