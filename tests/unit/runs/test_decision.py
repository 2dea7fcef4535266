from __future__ import annotations

from pathlib import Path

import pytest

from fmnist.errors import RunError
from fmnist.runs.decision import MAX_REASON, Decision, load_decision, save_decision
from tests.support.runs import make_run

DECISION = Decision(over=("cnn",), facts_for=("Smaller.",), facts_against=(), reason=" It fits. ")


def test_decision_is_kept_in_the_run_directory(isolated: Path) -> None:
    run = make_run("finished")
    assert load_decision(run) is None
    save_decision(run, DECISION)
    kept = load_decision(run)
    assert kept is not None
    assert (kept.over, kept.facts_for, kept.reason) == (("cnn",), ("Smaller.",), "It fits.")
    assert kept.created > "2026"


@pytest.mark.parametrize("reason", ["", "  \n", "x" * (MAX_REASON + 1)])
def test_decision_without_a_reason_is_refused(isolated: Path, reason: str) -> None:
    run = make_run("finished")
    with pytest.raises(RunError, match="The reason has"):
        save_decision(run, Decision(("cnn",), (), (), reason))
    assert load_decision(run) is None


def test_damaged_decision_names_its_file(isolated: Path) -> None:
    run = make_run("finished")
    (run.path / "decision.json").write_text('{"over": "cnn"}')
    with pytest.raises(RunError, match=r"decision\.json"):
        load_decision(run)
