"""Figures measured on pictures from outside, as a run's directory keeps them."""

from __future__ import annotations

import json

import pytest

from fmnist.errors import RunError
from fmnist.runs import open_run
from fmnist.runs.outside import ConfidenceBin, OutsideFigures
from fmnist.settings import PROJECT_DIR
from tests.support.runs import make_run

pytestmark = pytest.mark.usefixtures("isolated")

BINS = [
    ConfidenceBin(0.0, 0.5, 20, 8),
    ConfidenceBin(0.5, 0.9, 30, 20),
    ConfidenceBin(0.9, 1, 9, 9),
]


@pytest.mark.parametrize(
    ("probability", "low"), [(0.1, 0.0), (0.49, 0.0), (0.5, 0.5), (0.89, 0.5), (0.9, 0.9), (1, 0.9)]
)
def test_a_probability_belongs_to_one_bin(probability: float, low: float) -> None:
    figures = OutsideFigures(photo=BINS)
    found = figures.find_bin("photo", probability)
    assert found is not None
    assert found.low == low
    assert figures.find_bin("drawing", probability) is None


def test_a_run_without_figures_has_none_and_damaged_ones_are_named() -> None:
    run = make_run("finished", "measured")
    assert run.load_outside_figures() is None
    path = run.path / "outside.json"
    path.write_text(json.dumps(OutsideFigures(BINS).to_dict()))
    assert run.load_outside_figures() == OutsideFigures(BINS)
    path.write_text('{"photo": [{"low": 0, "high": 7, "n": 1, "n_right": 1}]}')
    with pytest.raises(RunError, match=r"outside\.json can't be used: photo\[0\]\.high is 7"):
        run.load_outside_figures()


def test_the_shipped_network_for_outside_pictures_was_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FMNIST_MODELS", str(PROJECT_DIR / "models"))
    figures = open_run("outside").load_outside_figures()
    assert figures is not None
    for bins in (figures.photo, figures.drawing):
        assert [each.high for each in bins[:-1]] == [each.low for each in bins[1:]]
        assert all(each.n_right <= each.n for each in bins)
