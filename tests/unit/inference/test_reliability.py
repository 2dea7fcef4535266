"""How often an answer like this one was right on measured pictures."""

from __future__ import annotations

import json

import pytest

from fmnist.inference import Verdict, describe_reliability
from fmnist.runs import Run
from fmnist.runs.outside import ConfidenceBin, OutsideFigures
from tests.support.runs import make_run

pytestmark = pytest.mark.usefixtures("isolated")


def answer(probability: float, *, is_outlier: bool = False) -> Verdict:
    return Verdict(3, probability, is_sure=True, is_outlier=is_outlier, sentence="Dress.")


def make_measured_run() -> Run:
    run = make_run("finished", "measured")
    bins = [ConfidenceBin(0.5, 0.8, 9, 9), ConfidenceBin(0.8, 0.9, 143, 102)]
    (run.path / "outside.json").write_text(json.dumps(OutsideFigures(photo=bins).to_dict()))
    return run


def test_an_answer_is_compared_with_measured_ones() -> None:
    sentence = describe_reliability(make_measured_run(), answer(0.85), "photo")
    assert sentence == (
        "Measured on photos from outside the data set: of 143 answers with 80–90%, 71% were right."
    )


def test_too_few_or_none_say_nothing() -> None:
    run = make_measured_run()
    assert describe_reliability(run, answer(0.6), "photo") == ""  # nine are too few
    assert describe_reliability(run, answer(0.3), "photo") == ""
    assert describe_reliability(run, answer(0.85), "drawing") == ""
    assert describe_reliability(run, answer(0.85, is_outlier=True), "photo") == ""
    assert describe_reliability(make_run("finished", "other"), answer(0.85), "photo") == ""


def test_a_damaged_file_takes_nothing_but_the_sentence() -> None:
    run = make_measured_run()
    (run.path / "outside.json").write_text("[" * 100_000)
    assert describe_reliability(run, answer(0.85), "photo") == ""
