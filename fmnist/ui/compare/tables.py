"""The comparison in numbers: by class, metrics side by side, all pairs of several runs."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.compare import plot_class_differences
from fmnist.comparison.conclusion import SIGNIFICANT
from fmnist.comparison.facts import build_figures_table
from fmnist.comparison.pair import EvaluatedRun, RunPair, build_pairwise_table
from fmnist.ui.compare.runs import measure
from fmnist.ui.shell.glossary import glossary
from fmnist.ui.widgets.chart import render_chart

_POINTS = "%+.2f"


def render_classes(pair: RunPair) -> None:
    """Draw the difference of the recalls of each class, as a chart and as a table."""
    classes = pair.classes
    clear = classes.index[classes["p_value"] < SIGNIFICANT]
    sentence = (
        f"Significant differences: {', '.join(clear)} (McNemar, adjusted for the classes by Holm)."
        if len(clear)
        else "No class differs beyond chance (McNemar, adjusted for the classes by Holm)."
    )
    render_chart(
        draw_once(plot_class_differences, classes),
        f"Difference of the recalls of each class. {sentence}",
        key="compare_classes",
        table=False,
    )
    st.caption(f"Right of the line, B is better; the bars are 95% intervals. {sentence}")
    shares = ["recall_a", "recall_b", "difference"]
    st.dataframe(
        classes.assign(**{name: 100 * classes[name] for name in shares}).drop(
            columns=["low", "high"]
        ),
        column_config={
            "class": "Class",
            "support": st.column_config.NumberColumn("Images", format="localized"),
            "recall_a": st.column_config.NumberColumn("Recall of A", format="%.1f%%"),
            "recall_b": st.column_config.NumberColumn("Recall of B", format="%.1f%%"),
            "fixed": "Fixed",
            "broken": "Broken",
            "difference": st.column_config.NumberColumn("Difference (points)", format=_POINTS),
            "p_value": st.column_config.NumberColumn("p, adjusted", format="%.2g"),
        },
    )


def render_figures(runs: Sequence[EvaluatedRun]) -> None:
    """Draw accuracy, calibration, size and times of the runs side by side."""
    st.dataframe(
        build_figures_table([(run, measure(run)) for run in runs]),
        height="content",
        key="compare_figures",
    )
    st.caption(
        f"ECE: {glossary('ECE')} Temperature: {glossary('temperature')} Times hold for the machine "
        "that measured them: compare those of one machine."
    )


def render_pairs(runs: Sequence[EvaluatedRun]) -> None:
    """Draw a table with every pair of runs.

    Args:
        runs: at least two.
    """
    table = build_pairwise_table(runs)
    points = ["difference", "low", "high"]
    st.dataframe(
        table.assign(**{name: 100 * table[name] for name in points}),
        hide_index=True,
        height="content",
        key="compare_pairs",
        column_config={
            "a": st.column_config.TextColumn("A", pinned=True),
            "b": st.column_config.TextColumn("B", pinned=True),
            "fixed": "Fixed by B",
            "broken": "Broken by B",
            "difference": st.column_config.NumberColumn("Difference (points)", format=_POINTS),
            "low": st.column_config.NumberColumn("95% from", format=_POINTS),
            "high": st.column_config.NumberColumn("to", format=_POINTS),
            "p_value": st.column_config.NumberColumn("p", format="%.2g"),
            "p_adjusted": st.column_config.NumberColumn("p, adjusted", format="%.2g"),
        },
    )
    n_clear = int((table["p_adjusted"] < SIGNIFICANT).sum())
    st.caption(
        f"{n_clear} of {len(table)} pairs differ beyond chance (adjusted p below {SIGNIFICANT}). "
        "The more pairs are tested, the more differ by chance alone: Holm's method raises the "
        "p-values accordingly; the intervals are not adjusted."
    )
