"""Charts of studies: sweeps of settings and repeats with several seeds.

``optuna.visualization`` (Optuna 5.0) was tried first. Its history and slice plots omit pruned and
running trials (9 of 16 in a test sweep), draw the best value as a slope between trials, and count
trials from 0. Its importances use the code's setting names, and a bar's hover text reads
``learning_rate (FloatDistribution): 0.07476616251420726``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import ArrayLike
from plotly.subplots import make_subplots

from fmnist.charts.study_parallel import choose_log_ticks, is_wide, label_choices
from fmnist.charts.theme import (
    ACCENT_COLOR,
    CLASS_COLORS,
    MUTED_COLOR,
    TRAIN_COLOR,
    VALIDATION_COLOR,
    apply_layout,
)
from fmnist.runs.settings_spec import get_label

_MARKS: Final = {
    "finished": (TRAIN_COLOR, "circle"),
    "pruned": (MUTED_COLOR, "x-thin"),
    "running": (VALIDATION_COLOR, "circle-open"),
    "failed": (CLASS_COLORS[2], "triangle-down"),
}
"""Colour and shape of a trial by its state; the shapes suffice without colour."""

Interval = tuple[float, float, float]
"""Mean, lower and upper end."""


def plot_best_so_far(trials: pd.DataFrame, best: ArrayLike) -> go.Figure:
    """Draw each trial's validation accuracy, and the best finished trial so far as a line.

    Args:
        trials: one row per trial with columns ``trial`` (from 1), ``state`` and ``accuracy`` (0 to
            1, nan before the first epoch).
        best: best accuracy up to and including each trial, float ``(n,)``, nan before the first.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=trials["trial"],
        y=np.asarray(best, float) * 100,
        mode="lines",
        name="best so far",
        line={"shape": "hv", "width": 3, "color": ACCENT_COLOR},
        hovertemplate="best up to trial %{x}: %{y:.2f}%<extra></extra>",
    )
    for state, rows, mark in _by_state(trials):
        figure.add_scatter(
            x=rows["trial"],
            y=rows["accuracy"] * 100,
            mode="markers",
            name=state,
            marker=mark,
            hovertemplate=f"trial %{{x}}, {state}: %{{y:.2f}}%<extra></extra>",
        )
    figure.update_layout(uirevision="best")
    apply_layout(
        figure, title="Best so far", x_title="Trial", y_title="Validation accuracy (%)", height=320
    )
    figure.update_xaxes(tickformat="d", range=[0.5, max(len(trials), 1) + 0.5])
    if len(trials) <= 20:
        figure.update_xaxes(dtick=1)
    return figure


def _by_state(trials: pd.DataFrame) -> list[tuple[str, pd.DataFrame, dict[str, Any]]]:
    """Split trials by state, including empty states, so that colours and legend do not change."""
    return [
        (
            state,
            trials[trials["state"] == state],
            {"color": color, "symbol": symbol, "size": 10, "line": {"width": 2, "color": color}},
        )
        for state, (color, symbol) in _MARKS.items()
    ]


def plot_importance(importance: Mapping[str, float]) -> go.Figure:
    """Draw the share of the variance between trials that each setting explains.

    Args:
        importance: setting to share, 0 to 1, in any order.
    """
    items = sorted(importance.items(), key=lambda item: item[1])
    shares = [100 * share for _, share in items]
    figure = go.Figure(
        go.Bar(
            x=shares,
            y=[get_label(name) for name, _ in items],
            orientation="h",
            marker_color=TRAIN_COLOR,
            text=[f"{share:.0f}%" for share in shares],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:.1f}%<extra></extra>",
        )
    )
    apply_layout(
        figure,
        title="Importance of the settings",
        x_title="Share of the variance (%)",
        height=120 + 44 * max(len(items), 1),
    )
    figure.update_xaxes(range=[0, max([*shares, 1.0]) * 1.15])
    return figure


def plot_slices(trials: pd.DataFrame, settings: Sequence[str]) -> go.Figure:
    """Draw accuracy against each setting, one panel per setting.

    Args:
        trials: one row per trial with ``trial``, ``state``, ``accuracy`` and one column per
            setting.
        settings: the columns to draw, at least one.
    """
    columns = min(len(settings), 2)
    rows = -(-len(settings) // columns)
    figure = make_subplots(
        rows,
        columns,
        shared_yaxes=True,
        horizontal_spacing=0.04,
        vertical_spacing=0.22 / max(1, rows - 1),
    )
    shown = label_choices(trials[trials["accuracy"].notna()], settings)
    for state, part, mark in _by_state(shown):
        for i, name in enumerate(settings):
            is_number = pd.api.types.is_float_dtype(shown[name])
            figure.add_scatter(
                x=part[name] if is_number else part[name].astype(str),
                y=part["accuracy"] * 100,
                mode="markers",
                name=state,
                legendgroup=state,
                showlegend=i == 0,
                marker=mark,
                customdata=part["trial"],
                row=i // columns + 1,
                col=i % columns + 1,
                hovertemplate=f"trial %{{customdata}}, {state}<br>{get_label(name)} "
                "%{x}: %{y:.2f}%<extra></extra>",
            )
    apply_layout(figure, title="Accuracy by setting", height=90 + 250 * rows)
    for i, name in enumerate(settings):
        row, col = i // columns + 1, i % columns + 1
        axis: dict[str, Any] = {"title_text": get_label(name)}
        if not pd.api.types.is_float_dtype(shown[name]):
            choices = [str(choice) for choice in sorted(shown[name].unique().tolist())]
            axis |= {"type": "category", "categoryorder": "array", "categoryarray": choices}
        elif len(shown) and is_wide(shown[name]):
            ticks = choose_log_ticks(float(shown[name].min()), float(shown[name].max()))
            axis |= {"type": "log", "tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]}
        figure.update_xaxes(**axis, row=row, col=col)
        if col == 1:
            figure.update_yaxes(title_text="Validation accuracy (%)", row=row, col=col)
    return figure


def plot_seeds(
    seeds: Sequence[int], validation: ArrayLike, test: ArrayLike, intervals: Mapping[str, Interval]
) -> go.Figure:
    """Draw the accuracy of each seed, and the mean with its 95 % interval as an error bar.

    Args:
        seeds: the seed of each run.
        validation: accuracy 0 to 1, float ``(n,)``, nan if a run is not finished.
        test: likewise.
        intervals: ``"validation"`` and ``"test"`` to mean, low and high, 0 to 1; without entries
            before two runs are finished.
    """
    figure = go.Figure()
    parts = (("validation", validation, VALIDATION_COLOR), ("test", test, TRAIN_COLOR))
    names = [f"seed {seed}" for seed in seeds]
    for name, values, color in parts:
        figure.add_scatter(
            x=names,
            y=np.asarray(values, float) * 100,
            mode="markers",
            name=name,
            marker={"size": 11, "color": color},
            hovertemplate=f"%{{x}}, {name}: %{{y:.2f}}%<extra></extra>",
        )
        if name not in intervals:
            continue
        mean, low, high = (100 * value for value in intervals[name])
        figure.add_scatter(
            x=[f"mean, {name}"],
            y=[mean],
            mode="markers",
            name=f"mean, {name}",
            showlegend=False,
            marker={"size": 13, "symbol": "diamond", "color": color},
            error_y={
                "array": [high - mean],
                "arrayminus": [mean - low],
                "thickness": 3,
                "width": 8,
                "color": color,
            },
            hovertemplate=f"mean, {name}: %{{y:.2f}}%, interval {low:.2f} to {high:.2f}%"
            "<extra></extra>",
        )
    apply_layout(figure, title="Accuracy by seed", y_title="Accuracy (%)", height=340)
    figure.update_xaxes(
        categoryorder="array", categoryarray=[*names, *(f"mean, {name}" for name, _, _ in parts)]
    )
    return figure
