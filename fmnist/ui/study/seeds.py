"""The results of a repeat over seeds: mean, spread, and each run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.study import plot_seeds
from fmnist.comparison import SeedStatistics, compute_seed_statistics
from fmnist.runs import RunState
from fmnist.runs.progress import format_seconds
from fmnist.study import ACTIVE_STUDY_STATES, Study, StudyState
from fmnist.study.results import SeedRun, compute_seeds_time_left, load_seed_runs
from fmnist.ui.study.sweep import link_run
from fmnist.ui.widgets.chart import render_chart

_PLAIN: Final[dict[str, Any]] = {"delta_color": "off", "delta_arrow": "off"}
"""The second line of a metric is an interval, not a change."""


def render_seeds(study: Study, state: StudyState) -> None:
    """Draw the progress and the results of a repeat."""
    rows = load_seed_runs(study)
    figures = {
        name: compute_seed_statistics(values)
        for name in ("validation", "test")
        if (values := [v for row in rows if math.isfinite(v := getattr(row, name))])
    }
    if state in ACTIVE_STUDY_STATES:
        _render_progress(study, rows)
    with st.container(horizontal=True):
        for name, title in (("test", "Test accuracy"), ("validation", "Validation accuracy")):
            _render_figure(title, figures.get(name))
    if figures:
        _render_chart(rows, figures)
    _render_table(rows)


def _render_chart(rows: Sequence[SeedRun], figures: Mapping[str, SeedStatistics]) -> None:
    render_chart(
        draw_once(
            plot_seeds,
            [row.seed for row in rows],
            [row.validation for row in rows],
            [row.test for row in rows],
            {name: (s.mean, s.low, s.high) for name, s in figures.items() if s.n > 1},
        ),
        "Accuracy by seed; mean "
        + ", ".join(f"{name} {s.mean:.2%} of {s.n} runs" for name, s in figures.items()),
        key="study_seeds",
        table=False,
    )
    st.caption(
        "Each dot is a run; the runs differ only in the seed. The bar is the 95% interval of the "
        "mean (Student's t). If the intervals of two recipes overlap widely, these runs do not "
        "show which recipe is better."
    )


def _render_progress(study: Study, rows: Sequence[SeedRun]) -> None:
    done = sum(row.state is RunState.FINISHED for row in rows)
    at_work = [row for row in rows if row.state in {RunState.RUNNING, RunState.STOPPING}]
    run = study.find_run(at_work[0].seed) if at_work else None
    status = run.load_status() if run is not None else None
    progress = status.progress if status is not None else 0.0
    left = compute_seeds_time_left(rows, progress)
    st.progress(
        min(1.0, (done + progress) / len(rows)),
        text=f"{done} of {len(rows)} runs finished"
        + (f", about {format_seconds(left)} left" if left is not None else ""),
    )


def _render_figure(title: str, figure: SeedStatistics | None) -> None:
    """Draw mean ± standard deviation, with the interval below."""
    if figure is None:
        st.metric(title, "–", "after the first run", border=True, **_PLAIN)
    elif figure.n == 1:
        st.metric(title, f"{figure.mean:.2%}", "one run", border=True, **_PLAIN)
    else:
        st.metric(
            f"{title}, {figure.n} seeds",
            f"{100 * figure.mean:.2f} ± {100 * figure.deviation:.2f}%",
            f"95% interval {100 * figure.low:.2f} to {100 * figure.high:.2f}%",
            border=True,
            **_PLAIN,
            help="Mean ± standard deviation over the seeds; the interval is that of the mean.",
        )


def _render_table(rows: Sequence[SeedRun]) -> None:
    table = pd.DataFrame(
        {
            "Seed": [link_run(row.run_id) if row.state else str(row.seed) for row in rows],
            "State": [row.state.value if row.state else "missing" for row in rows],
            "Validation": [100 * row.validation for row in rows],
            "Test": [100 * row.test for row in rows],
            "Seconds": [row.seconds for row in rows],
        }
    )
    percent = st.column_config.NumberColumn(format="%.2f %%")
    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        key="seeds_table",
        column_config={
            "Seed": st.column_config.LinkColumn(display_text=r"seed(\d+)$", pinned=True),
            "Validation": percent,
            "Test": percent,
            "Seconds": st.column_config.NumberColumn(format="%d"),
        },
    )
