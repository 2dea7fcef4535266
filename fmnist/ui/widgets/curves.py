"""Sentences about a run's curves, for all pages that draw them."""

from __future__ import annotations

import numpy as np

from fmnist.charts.training import Columns
from fmnist.runs import Recipe


def describe_curve(history: Columns, metric: str) -> str:
    """Describe how many epochs a curve has, and its best and last validation value.

    Args:
        history: columns of ``history.csv``; may be empty.
        metric: ``"loss"`` or ``"accuracy"``.
    """
    values = np.asarray(history.get(f"val_{metric}", ()))
    if not len(values):
        return f"{metric.capitalize()} of training, batch by batch; no epoch is complete"
    best, form = (values.max(), ".2%") if metric == "accuracy" else (values.min(), ".3f")
    return (
        f"{metric.capitalize()} over {len(values)} epochs: validation {best:{form}} at best and "
        f"{values[-1]:{form}} in the last epoch"
    )


def explain_gap(history: Columns, recipe: Recipe) -> str:
    """Explain why validation accuracy exceeds training accuracy, which looks like an error.

    Args:
        history: columns of ``history.csv``; may be empty.
        recipe: the recipe of the run.

    Returns:
        Two or three sentences; empty unless validation was above training in the last epoch.
    """
    training = np.asarray(history.get("accuracy", ()))
    validation = np.asarray(history.get("val_accuracy", ()))
    if not (len(training) and len(validation)) or validation[-1] <= training[-1]:
        return ""
    harder = [
        *(["dropout"] if recipe.dropout else []),
        *(["augmentation"] if recipe.augmentation != "none" else []),
    ]
    with_them = f" and is measured with {' and '.join(harder)}" if harder else ""
    without = f", without {' or '.join(harder)}" if harder else ""
    return (
        "Validation accuracy is above training accuracy here. This is expected: training accuracy "
        f"is the mean over an epoch in which the network still improves{with_them}; validation "
        f"accuracy is measured at the end of the epoch{without}."
    )
