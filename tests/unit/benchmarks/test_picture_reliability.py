"""The bins of measured answers."""

from __future__ import annotations

import pytest

from benchmarks.picture_reliability import count_bins, write_figures
from fmnist.runs.outside import ConfidenceBin
from tests.support.runs import make_run

pytestmark = pytest.mark.usefixtures("isolated")


def test_answers_are_counted_by_their_probability() -> None:
    bins = count_bins([(0.2, True), (0.5, False), (0.59, True), (0.95, True), (1.0, False)])
    assert [(each.n, each.n_right) for each in bins] == [
        (1, 1),
        (2, 1),
        (0, 0),
        (0, 0),
        (0, 0),
        (2, 1),
    ]
    assert (bins[-1].low, bins[-1].high) == (0.9, 1.0)


def test_figures_go_into_the_run_by_kind() -> None:
    run = make_run("finished", "measured")
    write_figures(run, [("photo", 0.85, True), ("photo", 0.82, False), ("drawing", 0.85, False)])
    figures = run.load_outside_figures()
    assert figures is not None
    assert figures.find_bin("photo", 0.8) == ConfidenceBin(0.8, 0.9, 2, 1)
    assert figures.find_bin("drawing", 0.8) == ConfidenceBin(0.8, 0.9, 1, 0)
