"""Tables of many runs: their results, their recipes side by side, their curves."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from fmnist.csv_export import format_csv
from fmnist.evaluation.metrics import compute_wilson_interval
from fmnist.runs import SETTINGS, Recipe, RunSummary
from fmnist.runs.setting import Setting

ACCURACIES: Final = ("validation", "test")
"""The two accuracies of a finished run, each with its interval."""

DIFFERS: Final = "≠"
"""Marks the settings in which recipes differ."""


def _rank(accuracy: float | None) -> float:
    return -1.0 if accuracy is None else accuracy


RUN_ORDERS: Final[dict[str, Callable[[RunSummary], Any]]] = {
    "Newest first": lambda s: (-s.run.created, s.run_id),
    "Oldest first": lambda s: (s.run.created, s.run_id),
    "Name": lambda s: s.run_id.lower(),
    "Best validation accuracy": lambda s: (s.is_demo, -_rank(s.validation_accuracy)),
    "Best test accuracy": lambda s: (s.is_demo, -_rank(s.test_accuracy)),
    "Shortest training": lambda s: s.seconds if s.seconds is not None else np.inf,
}
"""Orders of runs. By accuracy, runs on the demo set come last: their accuracy is not comparable."""


def select_runs(
    summaries: Sequence[RunSummary],
    *,
    text: str = "",
    networks: Collection[str] = (),
    states: Collection[str] = (),
    tags: Collection[str] = (),
    trials: bool = True,
    studies: Collection[str] = (),
    order: str = "Newest first",
) -> list[RunSummary]:
    """Return the runs that pass every filter, in order.

    Args:
        summaries: all runs.
        text: words that must all occur in name, network, owner, note or tags.
        networks: a run must be of one of these networks; any network if empty; likewise below.
        states: a run must be in one of these states, ``damaged`` among them.
        tags: a run must have one of these tags.
        trials: whether the runs of studies are included.
        studies: a run must be of one of these studies, whether trials are included or not.
        order: key of ``RUN_ORDERS``.
    """
    words = text.lower().split()

    def passes(summary: RunSummary) -> bool:
        run, notes = summary.run, summary.notes
        written = " ".join((run.run_id, run.recipe.network, run.owner, notes.note, *notes.tags))
        return (
            all(word in written.lower() for word in words)
            and (not networks or run.recipe.network in networks)
            and (not states or summary.label in states)
            and (not tags or not set(tags).isdisjoint(notes.tags))
            and (run.study in studies if studies else trials or not run.study)
        )

    return sorted(filter(passes, summaries), key=RUN_ORDERS[order])


def build_run_table(summaries: Sequence[RunSummary]) -> pd.DataFrame:
    """Return runs as a table, one row each: result, origin, and every setting of the recipe.

    Accuracies and the ends of their 95 % intervals are shares, 0 to 1; ``seconds`` is the training
    time; ``created`` is in UTC; ``epochs`` counts the completed epochs and ``recipe_epochs`` the
    allowed ones; ``precision`` is what the recipe asks for and ``precision_used`` what the run was
    trained in. ``model_mb`` is the size of the file that predicts, ``milliseconds_per_image`` its
    time on one core. An unknown value is missing, and so is a setting that the model does not have.
    """
    table = pd.DataFrame([_build_row(summary) for summary in summaries])
    types: dict[str, Any] = {
        "parameters": "Int64",
        "model_mb": float,
        "milliseconds_per_image": float,
    } | {f"{name}_{figure}": float for name in ACCURACIES for figure in ("accuracy", "low", "high")}
    return table.astype(types) if len(table) else table


def _build_row(summary: RunSummary) -> dict[str, Any]:
    run, report, notes = summary.run, summary.report, summary.notes
    created = pd.Timestamp(int(run.created), unit="s", tz="UTC") if run.created else pd.NaT
    sizes = (0, 0) if report is None else (report.n_validation, report.n_test)
    validation_low, validation_high = _compute_interval(summary.validation_accuracy, sizes[0])
    test_low, test_high = _compute_interval(summary.test_accuracy, sizes[1])
    row = {
        "run": run.run_id,
        "state": summary.label,
        "network": None if run.damage else run.recipe.network,
        "parameters": report.parameters if report is not None else None,
        "validation_accuracy": summary.validation_accuracy,
        "validation_low": validation_low,
        "validation_high": validation_high,
        "test_accuracy": summary.test_accuracy,
        "test_low": test_low,
        "test_high": test_high,
        "tested_on": report.data_name if report is not None else "",
        "seed": None if run.damage else run.recipe.seed,
        "epochs": summary.epochs_run,
        "seconds": summary.seconds,
        "model_mb": run.model_mb,
        "milliseconds_per_image": report.milliseconds_per_image or None if report else None,
        "precision_used": report.precision if report is not None else "",
        "machine": report.machine if report is not None else "",
        "created": created,
        "owner": run.owner,
        "study": run.study,
        "tags": list(notes.tags),
        "note": notes.note,
    }
    settings = run.recipe.select_settings()
    for setting in SETTINGS.values():
        name = get_column(setting)
        row.setdefault(name, None if run.damage else settings.get(setting.name))
    return row


def get_column(setting: Setting) -> str:
    """Return the name of a setting's column in the table of runs."""
    return "recipe_epochs" if setting.name == "epochs" else setting.name


def _compute_interval(accuracy: float | None, n: int) -> tuple[float, float]:
    """Return the 95 % Wilson interval of an accuracy on ``n`` images; nan if it is unknown."""
    if accuracy is None or not n:
        return math.nan, math.nan
    return compute_wilson_interval(round(accuracy * n), n)


def format_run_csv(summaries: Sequence[RunSummary]) -> str:
    """Return the table of runs as CSV text, the tags of a run separated by commas."""
    table = build_run_table(summaries)
    return format_csv(table.assign(tags=table["tags"].str.join(", ")))


def build_recipe_table(recipes: Mapping[str, Recipe]) -> pd.DataFrame:
    """Return recipes side by side, a row per setting and a column per run, all as text.

    The first column, named ``DIFFERS``, holds that mark where the recipes differ, else nothing. A
    setting that none of the models has has no row.

    Args:
        recipes: by the runs' names, at least one.
    """
    rows = {}
    for setting in SETTINGS.values():
        values = [recipe.select_settings().get(setting.name) for recipe in recipes.values()]
        if all(value is None for value in values):
            continue
        mark = DIFFERS if any(value != values[0] for value in values) else ""
        written = ["" if value is None else setting.format_value(value) for value in values]
        rows[setting.label] = [mark, *written]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[DIFFERS, *recipes])
    return table.rename_axis("Setting")


def build_curve_table(
    histories: Mapping[str, Mapping[str, npt.NDArray[np.float64]]],
) -> pd.DataFrame:
    """Return the epochs of several runs as one long table with their names in the column ``run``.

    Args:
        histories: by the runs' names, the columns of their ``history.csv``.
    """
    tables = [
        pd.DataFrame({"run": run_id, **history})
        for run_id, history in histories.items()
        if len(history.get("epoch", ()))
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["run"])
