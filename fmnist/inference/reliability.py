"""How reliable probabilities were on the outside pictures measured."""

from __future__ import annotations

from typing import Final

from fmnist.errors import RunError
from fmnist.images import Kind
from fmnist.inference.verdict import Verdict
from fmnist.runs import Run

_LEAST: Final = 10
"""Fewest answers whose share of correct ones is worth a sentence."""


def describe_reliability(run: Run, verdict: Verdict, kind: Kind) -> str:
    """Return how often such an answer was right, in a sentence; empty if too few were measured.

    Args:
        run: the run whose network answered.
        verdict: its answer.
        kind: the kind of the picture.
    """
    try:
        figures = run.load_outside_figures()
    except RunError:  # the answer stands without it
        return ""
    if figures is None or verdict.label is None or verdict.is_outlier:
        return ""
    found = figures.find_bin(kind, verdict.probability)
    if found is None or found.n < _LEAST:
        return ""
    return (
        f"Measured on {kind}s from outside the data set: of {found.n} answers with"
        f" {found.describe()}, {found.n_right / found.n:.0%} were right."
    )
