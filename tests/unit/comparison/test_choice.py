"""Which run a page opens on: the best of a person's own, not the newest trial of a study."""

from __future__ import annotations

import dataclasses
from typing import Any

from fmnist.comparison import choose_best, is_trial
from fmnist.runs import RunSummary
from tests.unit.comparison.test_tables import DEMO, summarise


def summarise_trial(run_id: str, **changes: Any) -> RunSummary:
    summary = summarise(run_id, **changes)
    return dataclasses.replace(summary, run=dataclasses.replace(summary.run, owner="study sweep"))


def test_run_of_a_study_knows_its_study() -> None:
    trial, own = summarise_trial("sweep-t001"), summarise("own")
    assert (trial.run.study, own.run.study) == ("sweep", "")
    assert [is_trial(run) for run in (trial, trial.run, own, own.run)] == [True, True, False, False]


def test_best_is_a_persons_own_run_even_if_a_trial_is_newer_and_better() -> None:
    runs = [
        summarise("poor", test=0.8, created=5),
        summarise("good", test=0.9, created=1),
        summarise_trial("sweep-t009", test=0.95, created=9),
    ]
    assert choose_best(runs) is runs[1]


def test_best_on_the_demo_set_comes_after_every_run_on_the_real_one() -> None:
    runs = [summarise("real", test=0.8), summarise("demo", test=0.99, data=DEMO)]
    assert choose_best(runs) is runs[0]
    assert choose_best(runs[1:]) is runs[1]


def test_a_trial_is_better_than_nothing_and_nothing_is_none() -> None:
    trial = summarise_trial("sweep-t001")
    unfinished = summarise("queued", test=None)
    damaged = summarise("damaged", problem="report.json can't be read")
    assert choose_best([unfinished, damaged, trial]) is trial
    assert choose_best([unfinished, damaged]) is None


def test_newer_of_two_equal_runs_is_the_best() -> None:
    runs = [summarise("older", created=1), summarise("newer", created=2)]
    assert choose_best(runs) is runs[1]
    assert choose_best(runs[::-1]) is runs[1]
