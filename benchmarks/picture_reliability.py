"""Records how often predictions for outside pictures were correct, by probability."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Final

from fmnist.runs import Run
from fmnist.runs.files import write_json
from fmnist.runs.layout import RunFile
from fmnist.runs.outside import ConfidenceBin, OutsideFigures

EDGES: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def count_bins(answers: Iterable[tuple[float, bool]]) -> list[ConfidenceBin]:
    """Return the bins of predictions, each given as a probability and whether it was correct."""
    answers = list(answers)
    bins = []
    for low, high in itertools.pairwise(EDGES):
        hits = [is_right for p, is_right in answers if low <= p < high or p == high == 1.0]
        bins.append(ConfidenceBin(low, high, len(hits), sum(hits)))
    return bins


def write_figures(run: Run, answers: Iterable[tuple[str, float, bool]]) -> None:
    """Write the figures of a run into its directory.

    Args:
        run: the run that predicted.
        answers: for each picture, its kind, its probability and whether it was correct.
    """
    answers = list(answers)
    kinds = {
        kind: count_bins((p, is_right) for each, p, is_right in answers if each == kind)
        for kind in ("photo", "drawing")
    }
    write_json(run.path / RunFile.OUTSIDE, OutsideFigures(**kinds).to_dict())
