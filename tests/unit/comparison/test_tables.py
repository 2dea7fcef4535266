"""Runs side by side: table, filters, recipes, curves, seeds."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from fmnist.comparison import (
    DIFFERS,
    RUN_ORDERS,
    build_curve_table,
    build_recipe_table,
    build_run_table,
    compute_seed_statistics,
    format_run_csv,
    group_seeds,
    select_runs,
)
from fmnist.evaluation.metrics import CONFIDENCE_LEVEL
from fmnist.runs import Notes, Recipe, Report, Run, RunState, RunSummary


def make_report(recipe: Recipe, test: float, **changes: Any) -> Report:
    values: dict[str, Any] = {
        "network": recipe.network, "parameters": 1000, "seed": recipe.seed, "best_epoch": 1,
        "epochs_run": 2, "n_train": 9, "n_validation": 9, "n_test": 9,
        "validation": {"accuracy": test + 0.01}, "test": {"accuracy": test},
        "data": {"kind": "idx", "train": "a", "test": "b"}, "seconds": 60.0, "hardware": {},
        "versions": {}, "created": "", "command": "",
    }  # fmt: skip
    return Report(**(values | changes))


def summarise(
    run_id: str,
    *,
    test: float | None = 0.9,
    created: float = 1.0,
    notes: Notes = Notes(),  # noqa: B008
    problem: str | None = None,
    data: dict[str, str] | None = None,
    **recipe: Any,
) -> RunSummary:
    asked = Recipe(**({"network": "cnn"} | recipe))
    changes = {} if data is None else {"data": data}
    report = None if test is None else make_report(asked, test, **changes)
    return RunSummary(
        run=Run(Path(run_id), asked, created, "Train page"),
        state=RunState.QUEUED if test is None else RunState.FINISHED,
        report=report,
        notes=notes,
        epochs_run=0 if report is None else 2,
        validation_accuracy=None if test is None else test + 0.01,
        seconds=None if report is None else 60.0 * created,
        problem=problem,
    )


DEMO = {"kind": "demo", "train": "c", "test": "d"}
RUNS = [
    summarise("alpha", test=0.93, created=1, notes=Notes("warmed up", ("keep", "slow"))),
    summarise("beta", test=0.95, created=3, network="baseline", notes=Notes("", ("keep",))),
    summarise("gamma", test=None, created=2),
    summarise("delta", test=0.99, created=4, data=DEMO),
    summarise("broken", test=None, created=0, problem="report.json can't be read"),
]


def names(runs: list[RunSummary]) -> list[str]:
    return [run.run_id for run in runs]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["delta", "beta", "gamma", "alpha", "broken"]),
        ({"text": "WARMED alp"}, ["alpha"]),
        ({"text": "keep"}, ["beta", "alpha"]),
        ({"text": "nothing like it"}, []),
        ({"networks": ["baseline"]}, ["beta"]),
        ({"states": ["damaged", "queued"]}, ["gamma", "broken"]),
        ({"tags": ["slow", "other"]}, ["alpha"]),
        ({"tags": ["keep"], "networks": ["cnn"]}, ["alpha"]),
    ],
)
def test_runs_pass_every_filter(filters: dict[str, Any], expected: list[str]) -> None:
    assert names(select_runs(RUNS, **filters)) == expected


def test_orders_put_unknown_and_incomparable_accuracies_last() -> None:
    assert names(select_runs(RUNS, order="Best test accuracy"))[:2] == ["beta", "alpha"]
    assert names(select_runs(RUNS, order="Best test accuracy"))[-1] == "delta"
    assert names(select_runs(RUNS, order="Oldest first"))[0] == "broken"
    assert names(select_runs(RUNS, order="Name"))[0] == "alpha"
    assert names(select_runs(RUNS, order="Shortest training"))[0] == "alpha"
    assert all(len(select_runs(RUNS, order=order)) == len(RUNS) for order in RUN_ORDERS)


def test_table_has_a_row_a_run_with_what_is_unknown_missing() -> None:
    table = build_run_table(RUNS).set_index("run")
    assert table.loc["alpha", "test_accuracy"] == 0.93
    assert table.loc["alpha", "tags"] == ["keep", "slow"]
    assert table.loc["delta", "tested_on"] == "demo set"
    assert table.loc["beta", "created"] == pd.Timestamp(3, unit="s", tz="UTC")
    assert table.loc["broken", "state"] == "damaged"
    for name in ("parameters", "test_accuracy", "seconds"):
        assert pd.isna(table.loc["gamma", name])
    assert pd.isna(table.loc["broken", "created"])
    assert table["learning_rate"].eq(2e-3).all()
    assert build_run_table([]).empty


def test_table_has_interval_machine_precision_and_every_setting() -> None:
    recipe = {"width": 0.5, "normalisation": False, "early_stopping": 3, "start_from": "alpha"}
    run = summarise("new", test=0.93, epochs=9, precision="auto", **recipe)
    report = dataclasses.replace(
        run.report, n_test=10_000, n_validation=6_000, precision="mixed_bfloat16",
        hardware={"processor": "AMD EPYC", "cores": 2, "accelerators": []},
    )  # fmt: skip
    row = build_run_table([dataclasses.replace(run, report=report)]).iloc[0]
    assert {name: row[name] for name in recipe} == recipe
    assert (row["epochs"], row["recipe_epochs"]) == (2, 9)
    assert (row["precision"], row["precision_used"]) == ("auto", "mixed_bfloat16")
    assert row["machine"] == "AMD EPYC, 2 cores"
    assert (row["test_low"], row["test_high"]) == pytest.approx((0.92483, 0.93484), abs=1e-5)
    assert row["validation_high"] - row["validation_low"] > row["test_high"] - row["test_low"]
    unfinished = build_run_table([summarise("queued", test=None)]).iloc[0]
    assert np.isnan(unfinished["test_low"])
    assert unfinished["machine"] == ""


def test_runs_of_studies_are_left_out_or_chosen_by_their_study() -> None:
    trials = [
        dataclasses.replace(run, run=dataclasses.replace(run.run, owner=f"study {study}"))
        for run, study in ((summarise("s-t001"), "s"), (summarise("t-t001"), "t"))
    ]
    runs = [summarise("own"), *trials]
    assert names(select_runs(runs, trials=False)) == ["own"]
    assert names(select_runs(runs)) == ["own", "s-t001", "t-t001"]
    assert names(select_runs(runs, trials=False, studies=["t"])) == ["t-t001"]


def test_table_as_csv_is_read_back() -> None:
    table = pd.read_csv(io.StringIO(format_run_csv(RUNS)), index_col="run")
    assert table.loc["alpha", "tags"] == "keep, slow"
    assert table.loc["alpha", "created"] == "1970-01-01 00:00:01+00:00"
    assert table.loc["beta", "test_accuracy"] == 0.95
    assert len(table) == len(RUNS)


def test_recipes_side_by_side_mark_what_differs() -> None:
    table = build_recipe_table(
        {"a": Recipe("cnn", seed=1, averaging=False), "b": Recipe("cnn", seed=2)}
    )
    assert list(table.columns) == [DIFFERS, "a", "b"]
    assert list(table.index[table[DIFFERS] != ""]) == ["Weight averaging", "Seed"]
    assert list(table.loc["Weight averaging"]) == [DIFFERS, "no", "yes"]
    assert list(table.loc["Learning rate"]) == ["", "0.002", "0.002"]
    assert (build_recipe_table({"a": Recipe("cnn")})[DIFFERS] == "").all()


def test_curves_of_several_runs_stand_below_one_another() -> None:
    table = build_curve_table(
        {
            "a": {"epoch": np.array([1.0, 2.0]), "loss": np.array([2.0, 1.0])},
            "empty": {},
            "b": {"epoch": np.array([1.0]), "val_loss": np.array([3.0])},
        }
    )
    assert list(table["run"]) == ["a", "a", "b"]
    assert table["val_loss"].isna().tolist() == [True, True, False]
    assert build_curve_table({}).empty


def test_statistics_of_five_seeds_equal_those_of_scipy() -> None:
    values = [0.931, 0.934, 0.929, 0.936, 0.933]
    found = compute_seed_statistics(values)
    low, high = stats.t.interval(CONFIDENCE_LEVEL, 4, np.mean(values), stats.sem(values))
    assert (found.n, found.mean) == (5, pytest.approx(0.9326))
    assert found.deviation == pytest.approx(np.std(values, ddof=1))
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


def test_statistics_of_one_value_have_no_spread_and_of_none_are_refused() -> None:
    found = compute_seed_statistics([0.9])
    assert (found.n, found.mean) == (1, 0.9)
    assert np.isnan([found.deviation, found.low, found.high]).all()
    with pytest.raises(ValueError, match="at least one"):
        compute_seed_statistics([])


@given(st.lists(st.floats(0, 1), min_size=2, max_size=20), st.floats(0.5, 0.99))
def test_interval_holds_the_mean_and_grows_with_the_confidence(
    values: list[float], confidence: float
) -> None:
    narrow = compute_seed_statistics(values, confidence=confidence)
    wide = compute_seed_statistics(values, confidence=0.995)
    assert wide.low <= narrow.low <= narrow.mean <= narrow.high <= wide.high


def test_runs_that_differ_in_the_seed_alone_are_grouped() -> None:
    runs = [
        summarise("s1", seed=1, test=0.92),
        summarise("s0", seed=0, test=0.90),
        summarise("s1 again", seed=1, test=0.94, created=2),
        summarise("s2 with events", seed=2, test=0.92, event_files=True),
        summarise("other rate", seed=3, learning_rate=1e-4),
        summarise("other data", seed=4, data=DEMO),
        summarise("queued", seed=5, test=None),
    ]
    (group,) = group_seeds(runs)
    assert names(list(group.runs)) == ["s0", "s1 again", "s2 with events"]
    assert group.test == compute_seed_statistics([0.90, 0.94, 0.92])
    assert group.validation.mean == pytest.approx(0.93)
    assert group_seeds(runs[4:]) == []


def test_notes_and_tags_of_other_people_are_no_formulas_in_the_csv() -> None:
    notes = Notes('=HYPERLINK("http://x.example")', ("=1+1", "good"))
    back = pd.read_csv(io.StringIO(format_run_csv([summarise("a", notes=notes)])))
    assert back.loc[0, "note"] == '\'=HYPERLINK("http://x.example")'
    assert back.loc[0, "tags"] == "'=1+1, good"
