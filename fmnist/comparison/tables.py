"""Many runs as tables: all of them in brief, their recipes side by side, their curves."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from fmnist.runs import Recipe, RunSummary

SETTINGS: Final = (
    "batch_size", "learning_rate", "weight_decay", "dropout", "label_smoothing", "augmentation",
    "schedule", "averaging", "train_share",
)  # fmt: skip
"""The settings that the table of all runs shows, after everything else."""

DIFFERS: Final = "≠"
"""Marks a row of the recipes in which the runs differ."""


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
"""Orders of runs; by accuracy, runs on the demo set come last: theirs does not compare."""


def select_runs(
    summaries: Sequence[RunSummary],
    *,
    text: str = "",
    networks: Collection[str] = (),
    states: Collection[str] = (),
    tags: Collection[str] = (),
    order: str = "Newest first",
) -> list[RunSummary]:
    """Return the runs that pass every filter, in order.

    Args:
        summaries: all runs.
        text: words of which each must occur in name, network, owner, note or tags.
        networks: names of networks of which a run needs one; none: any will do, as below.
        states: states in words, ``damaged`` among them.
        tags: tags of which a run needs one.
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
        )

    return sorted(filter(passes, summaries), key=RUN_ORDERS[order])


def build_run_table(summaries: Sequence[RunSummary]) -> pd.DataFrame:
    """Lay out runs, a row each: what came of it, whose it is, the main settings.

    Accuracies are shares 0 to 1, seconds of training, ``created`` in UTC; what is unknown is
    missing.
    """
    table = pd.DataFrame([_build_row(summary) for summary in summaries])
    types: dict[str, Any] = {
        "parameters": "Int64",
        "validation_accuracy": float,
        "test_accuracy": float,
    }
    return table.astype(types) if len(table) else table


def _build_row(summary: RunSummary) -> dict[str, Any]:
    run, report, notes = summary.run, summary.report, summary.notes
    created = pd.Timestamp(int(run.created), unit="s", tz="UTC") if run.created else pd.NaT
    settings = run.recipe.to_dict()
    return {
        "run": run.run_id,
        "state": summary.label,
        "network": run.recipe.network,
        "parameters": report.parameters if report is not None else None,
        "validation_accuracy": summary.validation_accuracy,
        "test_accuracy": summary.test_accuracy,
        "tested_on": report.data_name if report is not None else "",
        "seed": run.recipe.seed,
        "epochs": summary.epochs_run,
        "seconds": summary.seconds,
        "created": created,
        "owner": run.owner,
        "tags": list(notes.tags),
        "note": notes.note,
        **{name: settings[name] for name in SETTINGS},
    }


def format_run_csv(summaries: Sequence[RunSummary]) -> str:
    """Return the table of runs as CSV text, the tags of a run with commas between them."""
    table = build_run_table(summaries)
    return str(table.assign(tags=table["tags"].str.join(", ")).to_csv(index=False))


def build_recipe_table(recipes: Mapping[str, Recipe]) -> pd.DataFrame:
    """Lay out recipes side by side: a row a setting, a column a run, all as text.

    The first column, named ``DIFFERS``, holds that mark where the runs differ, else nothing.

    Args:
        recipes: by the runs' names, at least one.
    """
    rows = {}
    for field in dataclasses.fields(Recipe):
        values = [getattr(recipe, field.name) for recipe in recipes.values()]
        mark = DIFFERS if any(value != values[0] for value in values) else ""
        name = field.name.replace("_", " ").capitalize()
        rows[name] = [mark, *map(format_setting, values)]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[DIFFERS, *recipes])
    return table.rename_axis("Setting")


def format_setting(value: Any) -> str:
    """Write the value of a setting for a person: ``0.002``, ``yes``, ``–`` for an empty one."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value) or "–"


def build_curve_table(
    histories: Mapping[str, Mapping[str, npt.NDArray[np.float64]]],
) -> pd.DataFrame:
    """Put the epochs of several runs below one another, their name in the column ``run``.

    Args:
        histories: by the runs' names, the columns of their ``history.csv``.
    """
    tables = [
        pd.DataFrame({"run": run_id, **history})
        for run_id, history in histories.items()
        if len(history.get("epoch", ()))
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["run"])
