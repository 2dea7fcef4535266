"""Split the training set into training and validation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fmnist.classes import N_CLASSES
from fmnist.data.dataset import UInt8Array


def split_validation(
    y_train: UInt8Array, *, share: float = 0.1, seed: int = 0, fold: int = 0
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the indices of the training and of the validation part, each sorted.

    The split is stratified: of each class, ``share`` goes to validation, rounded to the nearest
    count, in fold 0 at least one image and never all; a share of 0 keeps none. With the same seed,
    the validation part of a smaller share is a subset of that of a larger one, in fold 0.

    Args:
        y_train: Labels, uint8 ``(n,)``, 0 to 9.
        share: Share of validation, from 0 to below 1.
        seed: Equal seeds split equal labels equally.
        fold: Index of the disjoint part of that share used for validation. With a share of 0.2,
            folds 0 to 4 contain each image once.

    Returns:
        Two disjoint int64 arrays that together contain each of ``0 … n - 1`` once.

    Raises:
        ValueError: ``share`` is not between 0 and 1, or there is no such fold.
    """
    if share == 0:
        return np.arange(len(y_train), dtype=np.int64), np.zeros(0, np.int64)
    if not 0 < share < 1:
        raise ValueError(f"The validation share must be between 0 and 1, not {share}.")
    if not 0 <= fold < count_folds(share):
        raise ValueError(f"A share of {share} has folds 0 to {count_folds(share) - 1}, not {fold}.")
    rng = np.random.default_rng(seed)
    is_validation = np.zeros(len(y_train), bool)
    for label in range(N_CLASSES):
        members = rng.permutation(np.flatnonzero(y_train == label))
        first = max(min(max(round(share * len(members)), 1), len(members) - 1), 0)
        start, end = (max(round(k * share * len(members)), first) for k in (fold, fold + 1))
        is_validation[members[start if fold else 0 : end if fold else first]] = True
    return (
        np.flatnonzero(~is_validation).astype(np.int64),
        np.flatnonzero(is_validation).astype(np.int64),
    )


def count_folds(share: float) -> int:
    """Return the number of disjoint validation parts of a share, at least 1."""
    return max(1, int(1 / share + 1e-9)) if share else 1
