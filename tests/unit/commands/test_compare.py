"""``python -m fmnist compare``: two runs on the same items, as text and as JSON."""

from __future__ import annotations

import json

import pytest

from fmnist.__main__ import main
from fmnist.runs import load_decision, open_run
from tests.support.evaluate_answers import make_answering_run

RIGHT = [i % 10 for i in range(40)]
WORSE = [(k + 1) % 10 if i < 12 else k for i, k in enumerate(RIGHT)]


@pytest.fixture(autouse=True)
def runs(isolated: object) -> None:
    make_answering_run("worse", WORSE)
    make_answering_run("right", RIGHT)


def test_compare_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "worse", "right", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert (values["fixed"], values["broken"], values["n"]) == (12, 0, 40)
    assert values["mcnemar_p"] == pytest.approx(2 * 0.5**12)
    assert values["seed_spread"] == {"worse": None, "right": None}
    assert values["pairs"] == []


def test_compare_prints_all_pairs_of_more_runs(capsys: pytest.CaptureFixture[str]) -> None:
    make_answering_run("third", RIGHT)
    assert main(["compare", "worse", "right", "third"]) == 0
    text = capsys.readouterr().out
    assert "right is more accurate than worse" in text
    assert "p_adjusted" in text
    assert main(["compare", "worse", "right", "third", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["pairs"]) == 3


def test_a_decision_is_recorded_with_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["compare", "right", "worse", "--choose", "right"]
    assert main([*given, "--reason", "It errs less.", "--json"]) == 0
    decision = json.loads(capsys.readouterr().out)["decision"]
    kept = load_decision(open_run("right"))
    assert kept is not None
    assert decision["facts_for"] == list(kept.facts_for)
    assert (kept.over, kept.reason, kept.author) == (("worse",), "It errs less.", "command line")
    assert any("above that of worse" in fact for fact in kept.facts_for)
    assert main([*given, "--reason", "Still."]) == 0
    assert "right was chosen over worse: Still.\nFor it: Test accuracy" in capsys.readouterr().out
    assert main(given) == 1
    assert "The reason has 0 characters" in capsys.readouterr().err
    assert main(["compare", "right", "worse", "--choose", "third"]) == 1
    assert "choose right or worse" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("names", "words"),
    [(("worse", "worse"), "with itself"), (("worse", "nowhere"), "no run named 'nowhere'")],
)
def test_compare_refuses(
    capsys: pytest.CaptureFixture[str], names: tuple[str, str], words: str
) -> None:
    assert main(["compare", *names]) == 1
    assert words in capsys.readouterr().err
