"""Comparison of the chosen runs: curves, recipes, seeds."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import pandas as pd
import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.runs import MAX_RACERS, Racer, plot_race
from fmnist.comparison import (
    DIFFERS,
    SeedStatistics,
    build_curve_table,
    build_recipe_table,
    group_seeds,
)
from fmnist.csv_export import format_csv
from fmnist.errors import RunError
from fmnist.runs import ACTIVE_STATES, Run, RunState, RunSummary, load_summary, open_run
from fmnist.runs.run import Columns
from fmnist.ui.shell.audience import choose_interval
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.shell.messages import show_warning
from fmnist.ui.shell.page_state import UrlNumber, get_state
from fmnist.ui.shell.url import read_float, render_choice
from fmnist.ui.widgets.chart import render_chart

CURVE_SECONDS: Final = 1.0
"""Refresh interval of the curves while a run is active and few sessions watch."""

MAX_SMOOTHING: Final = 0.99

_Standing = dict[str, tuple[RunState, int]]
"""State and epochs completed, by the runs' names."""

_DIFFERENT_STYLE: Final = "background-color: rgba(255, 169, 14, 0.22); font-weight: bold"


def keep_fresh(summaries: Sequence[RunSummary], chosen: Sequence[Run], *, race: bool) -> None:
    """Draw the curves and refresh them every ``CURVE_SECONDS`` while a run is active.

    When an active run completes an epoch or changes its state, the whole page reruns, because the
    table shows both.

    Args:
        summaries: all runs, as the table shows them.
        chosen: the runs whose curves are drawn.
        race: whether the curves are the selected view; if not, nothing is drawn.
    """
    active = {
        summary.run_id: (summary.state, summary.epochs_run)
        for summary in summaries
        if summary.state in ACTIVE_STATES
    }
    watch = st.fragment(_render_fresh, run_every=choose_interval(CURVE_SECONDS) if active else None)
    watch(active, [run.run_id for run in chosen] if race else [])


def _observe(run_ids: Iterable[str]) -> _Standing:
    """Return state and epochs of runs, omitting runs deleted in the meantime."""
    standing: _Standing = {}
    for run_id in run_ids:
        with contextlib.suppress(RunError):
            summary = load_summary(open_run(run_id))
            standing[run_id] = (summary.state, summary.epochs_run)
    return standing


def _render_fresh(active: _Standing, racing: Sequence[str]) -> None:
    with show_errors("race"):
        if _observe(active) != active:
            st.rerun()
        if racing:
            _render_race(racing)


def _render_race(run_ids: Sequence[str]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        over = render_choice(
            "Over",
            ["epoch", "seconds"],
            key="over",
            format_func={"epoch": "Epochs", "seconds": "Seconds"}.__getitem__,
        )
        choice = get_state(UrlNumber, "smoothing")
        smoothing = st.slider(
            "Smoothing",
            0.0,
            MAX_SMOOTHING,
            choice.follow("smoothing", read_float("smoothing", 0.0, MAX_SMOOTHING), 0.0),
            0.01,
            key=choice.key("smoothing"),
            width=240,
            help="Weight of earlier values in an exponential moving average, as in TensorBoard. "
            "The unsmoothed values are drawn faintly behind the lines.",
        )
        choice.write("smoothing", smoothing, 0.0)
        with_steps = st.toggle("Training batches", key="batches", bind="query-params")
    racers = [_load_racer(run_id, with_steps=with_steps) for run_id in run_ids[:MAX_RACERS]]
    for metric in ("accuracy", "loss"):
        name = f"race-{metric}-{'-'.join(racer.name for racer in racers[:3])}"
        render_chart(
            draw_once(plot_race, racers, metric, over=over, smoothing=smoothing),
            _describe_race(racers, metric),
            key=f"runs_{metric}",
            config={
                "displayModeBar": True,
                "displaylogo": False,
                "modeBarButtons": [["toImage", "resetScale2d"]],
                "toImageButtonOptions": {"format": "png", "filename": name, "scale": 2},
            },
        )
    more = (
        f" Only {MAX_RACERS} of {len(run_ids)} runs are drawn." if len(run_ids) > MAX_RACERS else ""
    )
    st.caption(
        "Each point is the validation set after an epoch; dotted lines are training batches, "
        "measured with augmentation and dropout. Click a name to hide its run; the camera above "
        f"a chart saves it as PNG.{more}"
    )
    st.download_button(
        "Curves as CSV",
        lambda: _format_curves(run_ids),
        file_name="runs-curves.csv",
        mime="text/csv",
        icon=":material/download:",
        key="runs_curves_csv",
        on_click="ignore",
    )


def _describe_race(racers: Sequence[Racer], metric: str) -> str:
    """Say how many runs are drawn, and the best value with its run."""
    find, word, form = (max, "highest", ".2%") if metric == "accuracy" else (min, "lowest", ".4f")
    values = [(racer.history.get(f"val_{metric}", ()), racer.name) for racer in racers]
    bests = [(find(column), name) for column, name in values if len(column)]
    sentence = f"Validation {metric} of {len(racers)} runs"
    if not bests:
        return f"{sentence}, none of which has completed an epoch"
    best, name = find(bests)
    return f"{sentence}; the {word} value is {best:{form}}, of {name}"


def _load_racer(run_id: str, *, with_steps: bool) -> Racer:
    """Load the curves of a run; empty if a file is damaged."""
    history: Columns = {}
    steps: Columns = {}
    with contextlib.suppress(RunError):  # the actions above report it
        history = open_run(run_id).load_history()
    try:
        steps = open_run(run_id).load_steps() if with_steps else {}
    except RunError as error:
        show_warning(error, icon=":material/broken_image:")
    return Racer(run_id, history, steps)


def _format_curves(run_ids: Sequence[str]) -> str:
    histories = {run_id: _load_racer(run_id, with_steps=False).history for run_id in run_ids}
    return format_csv(build_curve_table(histories))


def render_recipes(runs: Sequence[Run]) -> None:
    """Draw the recipes side by side and mark the settings in which they differ."""
    table = build_recipe_table({run.run_id: run.recipe for run in runs})
    differing = table[DIFFERS] != ""
    only = st.toggle("Differences only", key="differences", bind="query-params")
    shown = table[differing] if only else table
    if shown.empty:
        st.caption("These recipes are identical.")
    else:
        style: Callable[[pd.Series[str]], list[str]] = lambda row: (  # noqa: E731
            [_DIFFERENT_STYLE if row[DIFFERS] else ""] * len(row)
        )
        st.dataframe(
            shown.style.apply(style, axis=1),
            height="content",
            column_config={
                "_index": st.column_config.TextColumn(width="medium"),
                DIFFERS: st.column_config.TextColumn(DIFFERS, width=40),
            },
            alt="The recipes of the chosen runs, one setting per row",
        )
    st.caption(
        f"{int(differing.sum())} of {len(table)} settings differ; they are marked {DIFFERS} and "
        "shaded."
        if len(runs) > 1
        else "Tick a second run to see how the recipes differ."
    )
    st.download_button(
        "Recipes as CSV",
        lambda: format_csv(table),
        file_name="runs-recipes.csv",
        mime="text/csv",
        icon=":material/download:",
        key="runs_recipes_csv",
        on_click="ignore",
    )


def render_seeds(chosen: Sequence[RunSummary]) -> None:
    """Draw mean, spread and interval of the chosen runs that differ only in the seed."""
    groups = group_seeds(chosen)
    if not groups:
        st.caption(
            "Tick finished runs that differ only in the seed to see their mean and spread. The "
            "Study page trains such runs: a single run does not show how much is due to chance."
        )
        return
    st.dataframe(
        [
            {
                "Network": group.runs[0].run.recipe.network,
                "Seeds": ", ".join(str(run.run.recipe.seed) for run in group.runs),
                "Validation accuracy": _format_mean(group.validation),
                "95% interval (validation)": _format_interval(group.validation),
                "Test accuracy": _format_mean(group.test),
                "95% interval (test)": _format_interval(group.test),
                "Runs": ", ".join(run.run_id for run in group.runs),
            }
            for group in groups
        ],
        hide_index=True,
        height="content",
    )
    st.caption(
        "Mean ± standard deviation over the seeds, and Student's t interval of the mean, which "
        "is wide for few seeds. If two intervals do not overlap, the difference is unlikely to be "
        "due to the seed."
    )


def _format_mean(statistics: SeedStatistics) -> str:
    return f"{statistics.mean * 100:.2f} ± {statistics.deviation * 100:.2f}%"


def _format_interval(statistics: SeedStatistics) -> str:
    low, high = max(0.0, statistics.low), min(1.0, statistics.high)
    return "–" if math.isnan(statistics.low) else f"{low:.2%} to {high:.2%}"
