"""Split the training set into training and validation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fmnist.classes import N_CLASSES
from fmnist.data.dataset import UInt8Array


def split_validation(
    y_train: UInt8Array, *, share: float = 0.1, seed: int = 0
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the indices of the training and of the validation part, each sorted.

    The split is stratified: of each class, ``share`` goes to validation, rounded to the nearest
    count, but at least one image and never all; a share of 0 keeps none. With the same seed, the
    validation part of a smaller share is a subset of that of a larger one.

    Args:
        y_train: Labels, uint8 ``(n,)``, 0 to 9.
        share: Share of validation, from 0 to below 1.
        seed: The same seed splits the same labels in the same way.

    Returns:
        Two disjoint int64 arrays that together hold each of ``0 … n - 1`` once.

    Raises:
        ValueError: ``share`` is not between 0 and 1.
    """
    if share == 0:
        return np.arange(len(y_train), dtype=np.int64), np.zeros(0, np.int64)
    if not 0 < share < 1:
        raise ValueError(f"The validation share must be between 0 and 1, not {share}.")
    rng = np.random.default_rng(seed)
    is_validation = np.zeros(len(y_train), bool)
    for label in range(N_CLASSES):
        members = rng.permutation(np.flatnonzero(y_train == label))
        n_validation = min(max(round(share * len(members)), 1), len(members) - 1)
        is_validation[members[: max(n_validation, 0)]] = True
    return (
        np.flatnonzero(~is_validation).astype(np.int64),
        np.flatnonzero(is_validation).astype(np.int64),
    )
