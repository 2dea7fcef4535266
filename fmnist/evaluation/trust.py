"""The reliability of the probabilities of a run, before and after calibration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from fmnist.evaluation.calibration import apply_temperature, compute_coverage, fit_temperature
from fmnist.evaluation.conformal import LEVELS, ConformalSets, compute_conformal_sets
from fmnist.evaluation.metrics import (
    CONFIDENCE_LEVEL,
    check_predictions,
    compute_reliability,
    compute_summary,
)

N_BOOTSTRAP: Final = 1000
"""Samples of the bootstrap: the ends of a 95 % band are then the 25th values from either side."""

N_RISK_POINTS: Final = 100
"""Points of the risk–coverage curve: a step of 1 %."""


@dataclass(frozen=True)
class Reliability:
    """Confidence against accuracy on the test set.

    Attributes:
        table: from ``compute_reliability``, with the bootstrap band ``accuracy_low`` to
            ``accuracy_high`` of each bin.
        calibration_error: expected calibration error, 0 to 1.
        log_loss: in nats.
    """

    table: pd.DataFrame
    calibration_error: float
    log_loss: float


@dataclass(frozen=True)
class Trust:
    """The reliability of the probabilities of a run.

    Attributes:
        raw: reliability of the probabilities as they are.
        temperature: the temperature fitted on the validation images; None if there are none.
        calibrated: reliability after division of the logits by the temperature; None likewise.
        risk: pairs of coverage and error rate, most confident first, coverage rising to 1.
        conformal: prediction sets of each level of ``LEVELS``, fitted on the validation images;
            empty if there are none.
    """

    raw: Reliability
    temperature: float | None
    calibrated: Reliability | None
    risk: list[tuple[float, float]]
    conformal: list[ConformalSets]

    def find_coverage(self, risk: float) -> float:
        """Return the largest share of the images that can be answered at an error rate, 0 to 1."""
        return max((share for share, error in self.risk if error <= risk), default=0.0)


def compute_trust(
    val: tuple[npt.NDArray[Any], npt.NDArray[np.floating]],
    test: tuple[npt.NDArray[Any], npt.NDArray[np.floating]],
) -> Trust:
    """Compute reliability, temperature, risk by coverage and prediction sets of a run.

    Args:
        val: labels (n,) and probabilities (n, 10) of the validation images; n may be 0.
        test: likewise of the test images.

    Raises:
        RunError: there are no test images, or the arrays do not match.
    """
    check_predictions(*test)
    y_true, y_proba = test
    has_validation = len(val[0]) > 0
    temperature = fit_temperature(*val) if has_validation else None
    coverage = compute_coverage(
        y_proba.argmax(axis=1) == y_true, y_proba.max(axis=1), points=N_RISK_POINTS
    )
    return Trust(
        raw=_compute_reliability(y_true, y_proba),
        temperature=temperature,
        calibrated=None
        if temperature is None
        else _compute_reliability(y_true, apply_temperature(y_proba, temperature)),
        risk=[(share, 1 - accuracy) for share, accuracy in coverage],
        conformal=[compute_conformal_sets(val, test, level) for level in LEVELS]
        if has_validation
        else [],
    )


def _compute_reliability(
    y_true: npt.NDArray[Any], y_proba: npt.NDArray[np.floating]
) -> Reliability:
    summary = compute_summary(y_true, y_proba)
    table = compute_reliability(y_true, y_proba)
    low, high = compute_band(table)
    table = table.assign(accuracy_low=low, accuracy_high=high)
    return Reliability(table, summary.calibration_error, summary.log_loss)


def compute_band(
    table: pd.DataFrame, *, n_samples: int = N_BOOTSTRAP, seed: int = 0
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the 95 % percentile bootstrap band of the accuracy of each bin.

    Resampling the images with replacement means sampling how many fall into each bin and are
    correct there: one multinomial sample. A bin that a sample leaves empty is ignored in it.

    Args:
        table: from ``compute_reliability``.
        n_samples: the number of samples of the bootstrap.
        seed: the same seed draws the same samples.
    """
    items = table["items"].to_numpy()
    correct = np.rint(table["accuracy"].to_numpy() * items)
    cells = np.concatenate([correct, items - correct])
    drawn = np.random.default_rng(seed).multinomial(
        int(items.sum()), cells / cells.sum(), size=n_samples
    )
    right, wrong = drawn[:, : len(items)], drawn[:, len(items) :]
    total = right + wrong
    shares = np.where(total > 0, right / np.maximum(total, 1), np.nan)
    outside = 1 - CONFIDENCE_LEVEL
    low, high = np.nanquantile(shares, [outside / 2, 1 - outside / 2], axis=0)
    return np.asarray(low), np.asarray(high)
