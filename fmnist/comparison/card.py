"""A benchmark card: two to four runs with everything that a fair comparison needs, as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from fmnist.comparison.seeds import SeedStatistics, group_seeds
from fmnist.comparison.tables import build_run_table
from fmnist.runs import RunSummary

CARD_RUNS: Final = (2, 4)
"""How many runs a card may have, least and most: more do not fit a page."""

UNKNOWN: Final = "–"


def build_card(
    chosen: Sequence[RunSummary],
    summaries: Sequence[RunSummary],
    multiplications: Mapping[str, int | None],
    milliseconds: Mapping[str, float | None],
) -> pd.DataFrame:
    """Return runs side by side as text: one row per metric, one column per run.

    Args:
        chosen: the runs on the card.
        summaries: all runs, searched for repeats of the chosen ones with other seeds.
        multiplications: multiplications for one image, by the runs' names; None or absent if
            unknown.
        milliseconds: the time for one image on one core, likewise.
    """
    repeats = {
        summary.run_id: group.test for group in group_seeds(summaries) for summary in group.runs
    }
    table = build_run_table(chosen).set_index("run")
    columns = {}
    for run_id, row in table.iterrows():
        name = str(run_id)
        columns[name] = {
            "Network": _write(row["network"]),
            "Test accuracy": _write_percent(row["test_accuracy"]),
            "95% interval": f"{_write_percent(row['test_low'])} to"
            f" {_write_percent(row['test_high'])}"
            if pd.notna(row["test_low"])
            else UNKNOWN,
            "Seed": _write(row["seed"]),
            "Over seeds": _describe_seeds(repeats.get(name)),
            "Tested on": _write(row["tested_on"]),
            "Parameters": _write(row["parameters"], "{:,.0f}"),
            "Multiplications per image": _write(multiplications.get(name), "{:,.0f}"),
            "Size": _write(row["model_mb"], "{:.2f} MB"),
            "Time per image, one core": _write(milliseconds.get(name), "{:.2f} ms"),
            "Training time": _write(row["seconds"], "{:,.0f} s"),
            "Precision": _write(row["precision_used"]),
            "Machine": _write(row["machine"]),
        }
    return pd.DataFrame(columns).rename_axis("Metric")


def format_markdown(table: pd.DataFrame) -> str:
    """Return a table of text, its index in the first column, as a Markdown table."""
    rows = [[str(table.index.name), *map(str, table.columns)], ["---"] * (len(table.columns) + 1)]
    rows += [
        [str(name), *map(str, row)] for name, row in zip(table.index, table.values, strict=True)
    ]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows
    )


def _write(value: Any, pattern: str = "{}") -> str:
    return UNKNOWN if pd.isna(value) or value == "" else pattern.format(value)


def _write_percent(share: float) -> str:
    return _write(share, "{:.2%}")


def _describe_seeds(statistics: SeedStatistics | None) -> str:
    if statistics is None:
        return UNKNOWN
    return f"{statistics.mean:.2%} ± {statistics.deviation:.2%} (n = {statistics.n})"
