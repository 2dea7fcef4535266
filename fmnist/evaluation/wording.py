"""The reliability of the probabilities of a run, in sentences for pages and reports."""

from __future__ import annotations

from typing import Final

import numpy as np

from fmnist.classes import CLASS_NAMES
from fmnist.evaluation.conformal import ConformalSets
from fmnist.evaluation.trust import Reliability, Trust

_RISKS: Final = (0.01, 0.02)
"""Error rates for which coverage is reported."""


def describe_gap(shown: Reliability) -> str:
    """Say how confident a run is, and how often it is right."""
    table = shown.table
    items = table["items"].sum()
    confidence = float((table["confidence"] * table["items"]).sum() / items)
    accuracy = float((table["accuracy"] * table["items"]).sum() / items)
    gap = confidence - accuracy
    manner = "overconfident" if gap > 0 else "underconfident"
    return (
        f"Mean confidence is {confidence:.1%} and accuracy {accuracy:.1%}, so the run is "
        f"{abs(gap) * 100:.1f} percentage points {manner}. The mean distance from the line, the "
        f"expected calibration error, is {shown.calibration_error * 100:.1f} percentage points. "
        f"Log loss: {shown.log_loss:.3f}."
    )


def describe_coverage(trust: Trust) -> str:
    """Say how many images a run can answer at low error rates."""
    return " ".join(
        f"With at most {risk:.0%} errors it can answer {trust.find_coverage(risk):.0%} of the "
        "images."
        for risk in _RISKS
    )


def describe_sets(sets: ConformalSets) -> str:
    """Say how large the prediction sets of one level are, and how often they are right."""
    worst = int(np.nanargmin(sets.class_coverage))
    empty = (
        f" {sets.sizes[0]:,} sets are empty: the run is right more often than asked, so that it "
        "may leave out its least certain answers."
        if sets.sizes[0]
        else ""
    )
    return (
        "A set holds each class with a probability of at least "
        f"{sets.threshold:.1%}, the threshold that validation images gave. It contains "
        f"the true class of {sets.coverage:.1%} of the test images, with "
        f"{sets.mean_size:.2f} classes on average.{empty} The promise is for all images together: "
        f"of {CLASS_NAMES[worst]}, {sets.class_coverage[worst]:.1%} are covered."
    )
