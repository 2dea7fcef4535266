"""The images and labels on which a run is trained and validated; independent of Keras."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fmnist.data import Dataset, split_validation
from fmnist.data.edits import apply_edits, compute_digest, find_ignored, load_edits
from fmnist.runs import Recipe


def as_batch(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turn images, uint8 ``(n, 28, 28)``, into a batch, float32 ``(n, 28, 28, 1)``, still 0–255."""
    return images.astype(np.float32)[..., np.newaxis]


def choose_rows(
    y_train: NDArray[np.uint8],
    *,
    validation_share: float,
    train_share: float,
    seed: int,
    validation_fold: int = 0,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Choose disjoint, stratified rows for training and validation.

    The validation rows do not depend on the recipe's seed, so that runs with different seeds are
    compared on the same images.

    Returns:
        Training rows and validation rows; int64, ascending.
    """
    train_rows, val_rows = split_validation(y_train, share=validation_share, fold=validation_fold)
    if train_share < 1.0:
        _, kept = split_validation(y_train[train_rows], share=train_share, seed=seed)
        train_rows = train_rows[kept]
    return train_rows, val_rows


@dataclass(frozen=True)
class TrainingData:
    """The images and labels on which a run is trained and validated.

    Attributes: labels: labels of the whole training set, uint8 ``(n,)``, with the recipe's edits.
        train_rows: int64, ascending. val_rows: int64, ascending; never edited. edits_digest: hash
        of the edits; empty if there are none.
    """

    labels: NDArray[np.uint8]
    train_rows: NDArray[np.int64]
    val_rows: NDArray[np.int64]
    edits_digest: str = ""


def choose_training_data(dataset: Dataset, recipe: Recipe) -> TrainingData:
    """Choose the recipe's rows and apply its edits to the training rows.

    Raises:
        DataError: the recipe's file of edits can't be used with these data.
    """
    train_rows, val_rows = choose_rows(
        dataset.y_train,
        validation_share=recipe.validation_share,
        train_share=recipe.train_share,
        seed=recipe.seed,
        validation_fold=recipe.validation_fold,
    )
    if not recipe.edits:
        return TrainingData(dataset.y_train, train_rows, val_rows)
    edits = load_edits(Path(recipe.edits), dataset)
    ignored = find_ignored(edits, val_rows)
    if len(ignored):
        print(f"{len(ignored)} edited rows are validation images and stay as they are.", flush=True)
    labels, train_rows = apply_edits(np.asarray(dataset.y_train), train_rows, edits)
    return TrainingData(labels, train_rows, val_rows, compute_digest(edits))
