from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from fmnist.networks import find_network
from fmnist.runs import RunState
from fmnist.study.results import (
    SeedRun,
    Trial,
    build_winner,
    compute_best_so_far,
    compute_seeds_time_left,
    compute_time_left,
    find_best,
)
from fmnist.study.table import build_trial_table
from tests.support.studies import RECIPE, make_sweep

SETTINGS = {"learning_rate": 1e-3, "dropout": 0.1, "batch_size": 64}


def trial(number: int, state: str, accuracy: float, seconds: float = 10.0) -> Trial:
    return Trial(number, state, SETTINGS, accuracy, 4, seconds, "")


TRIALS = [
    trial(0, "failed", math.nan), trial(1, "finished", 0.7), trial(2, "pruned", 0.95),
    trial(3, "finished", 0.8), trial(4, "finished", 0.8), trial(5, "running", 0.99, math.nan),
]  # fmt: skip


def test_best_is_the_first_of_the_best_finished_trials() -> None:
    assert find_best(TRIALS) is TRIALS[3]
    assert find_best(TRIALS[:1]) is None
    np.testing.assert_equal(compute_best_so_far(TRIALS), [math.nan, 0.7, 0.7, 0.8, 0.8, 0.8])
    assert compute_best_so_far([]).shape == (0,)


def test_time_left_counts_what_is_left_of_the_trial_in_hand() -> None:
    assert compute_time_left([], 12) is None
    assert compute_time_left(TRIALS, 7) == pytest.approx(20)
    assert compute_time_left(TRIALS, 7, progress=0.5) == pytest.approx(15)
    assert compute_time_left(TRIALS[:5], 7, progress=0.5) == pytest.approx(20), "none running"
    assert compute_time_left(TRIALS, 5) == 0
    assert compute_time_left(TRIALS, 700, minutes_left=1) == pytest.approx(70)
    assert compute_time_left(TRIALS, 700, minutes_left=-3) == pytest.approx(10)


def test_time_left_of_a_repeat() -> None:
    done = SeedRun(0, "a", RunState.FINISHED, 0.9, 0.9, 40.0)
    rows = [done, SeedRun(1, "b", RunState.RUNNING), SeedRun(2, "c", RunState.QUEUED)]
    assert compute_seeds_time_left(rows, 0.25) == pytest.approx(70)
    assert compute_seeds_time_left(rows[1:], 0.25) is None


@pytest.mark.usefixtures("isolated")
def test_table_has_a_row_a_trial_and_names_its_run() -> None:
    table = build_trial_table(make_sweep(), TRIALS)
    assert list(table["trial"]) == [1, 2, 3, 4, 5, 6]
    assert table["run"][5] == "sweep-t006"
    assert set(SETTINGS) <= set(table.columns)
    assert list(build_trial_table(make_sweep("other"), []).columns) == list(table.columns)


@pytest.mark.usefixtures("isolated")
def test_winner_is_trained_in_earnest_or_as_it_was() -> None:
    study = make_sweep()
    as_it_was = replace(RECIPE, **SETTINGS)
    assert build_winner(study, TRIALS[3]) == as_it_was
    default = find_network("baseline").recipe
    assert build_winner(study, TRIALS[3], full=default) == replace(
        as_it_was, epochs=default.epochs, train_share=1.0, early_stopping=default.early_stopping
    )
