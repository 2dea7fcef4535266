"""Number of images of each class in each split."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fmnist.classes import CLASS_NAMES, N_CLASSES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fmnist.data import Dataset


def count_classes(y: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the number of images of each class, int64 ``(10,)``, in label order."""
    return np.bincount(y, minlength=N_CLASSES).astype(np.int64)


def compute_imbalance(counts: NDArray[np.int64]) -> float:
    """Return the size of the largest class divided by that of the smallest.

    Returns:
        1.0 when all are equal; ``inf`` when a class has no image, ``nan`` when no class has any.
    """
    if not counts.any():
        return float("nan")
    return float(counts.max() / counts.min()) if counts.min() else float("inf")


def build_balance_table(dataset: Dataset) -> pd.DataFrame:
    """Return counts and shares of the ten classes in both splits as a table.

    Returns:
        Ten rows in label order with ``label``, ``class``, ``train``, ``train_share``, ``test``,
        ``test_share`` and ``total``; shares are of the split, 0–1, and 0 in an empty split.
    """
    train, test = count_classes(dataset.y_train), count_classes(dataset.y_test)
    return pd.DataFrame(
        {
            "label": np.arange(N_CLASSES),
            "class": CLASS_NAMES,
            "train": train,
            "train_share": train / max(train.sum(), 1),
            "test": test,
            "test_share": test / max(test.sum(), 1),
            "total": train + test,
        }
    )


def describe_balance(table: pd.DataFrame) -> str:
    """Describe in one or two sentences how balanced the classes are, and what that means.

    Args:
        table: from ``build_balance_table``.
    """
    counts = table["total"].to_numpy()
    if not counts.any():
        return "There are no images to count."
    missing = [str(name) for name, count in zip(table["class"], counts, strict=True) if not count]
    if missing:
        return f"No images of {', '.join(missing)}: a network can't learn these classes."
    shift = float((table["train_share"] - table["test_share"]).abs().max())
    same = (
        "Both splits have the same class shares"
        if shift == 0
        else f"A class's share differs by at most {shift:.2%} between the splits"
    )
    if compute_imbalance(counts) == 1:
        return (
            f"Every class has exactly {counts[0]:,} images, so accuracy is a fair "
            f"measure: always predicting the same class would score {1 / len(counts):.0%}. {same}."
        )
    largest, smallest = int(counts.argmax()), int(counts.argmin())
    return (
        f"{table['class'][largest]} has the most images ({counts[largest]:,}), "
        f"{table['class'][smallest]} the fewest ({counts[smallest]:,}): always predicting "
        f"the largest class would score {counts[largest] / counts.sum():.1%}. {same}."
    )
