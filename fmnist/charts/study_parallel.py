"""Parallel coordinates: the settings and the accuracy of many trials at once.

Drawn as lines instead of by ``optuna.visualization.plot_parallel_coordinate`` (Optuna 5.0), which
paints a white background even in the dark theme, leaves pruned trials out, and lets ticks overlap.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from fmnist.charts.theme import ACCENT_COLOR, MUTED_COLOR, TEXT_SIZE, apply_layout
from fmnist.runs.settings_spec import format_value, get_label, has_labels

_LINE: Final = 10
"""Characters in a line of a tick's text."""

_LOG_SPAN: Final = 8.0
"""An axis whose ends differ by more than this factor is logarithmic."""


def plot_parallel(trials: pd.DataFrame, settings: Sequence[str]) -> go.Figure:
    """Draw each trial as a line through its settings to its accuracy, the best quarter in colour.

    Args:
        trials: one row per trial with ``trial`` (from 1), ``accuracy`` (0 to 1) and one column
            per setting; rows without accuracy are left out.
        settings: the columns to draw, in the order of the axes.
    """
    shown = label_choices(trials[trials["accuracy"].notna()], settings)
    accuracy = pd.Series(100 * shown["accuracy"].to_numpy(float), name="accuracy")
    axes = [_build_axis(get_label(name), shown[name].reset_index(drop=True)) for name in settings]
    axes.append(_build_axis("Accuracy (%)", accuracy))
    best = (accuracy >= accuracy.quantile(0.75)).to_numpy()
    figure = go.Figure()
    for name, rows, color, width, opacity in (
        ("others", np.flatnonzero(~best), MUTED_COLOR, 1.5, 0.6),
        ("best quarter", np.flatnonzero(best), ACCENT_COLOR, 2.5, 1.0),
    ):
        # None ends a line, so that one trace draws many trials.
        points = [(i, axis, row) for row in rows for i, axis in [*enumerate(axes), (None, axes[0])]]
        figure.add_scatter(
            x=[i for i, _, _ in points],
            y=[None if i is None else axis.places[row] for i, axis, row in points],
            mode="lines+markers",
            name=name,
            line={"color": color, "width": width},
            marker={"size": 8, "color": color},
            opacity=opacity,
            text=[
                f"trial {shown['trial'].iloc[row]}: {accuracy[row]:.2f}%<br>"
                f"{axis.label} {axis.texts[row]}"
                for _, axis, row in points
            ],
            hovertemplate="%{text}<extra></extra>",
        )
    for i, axis in enumerate(axes):
        figure.add_vline(i, line={"color": MUTED_COLOR, "width": 1}, layer="below")
        for place, text in axis.ticks:
            figure.add_annotation(
                x=i,
                y=place,
                text=text,
                showarrow=False,
                xanchor="right",
                xshift=-8,
                font={"size": TEXT_SIZE},
                align="right",
            )
    apply_layout(figure, title="Settings and accuracy of each trial", height=420)
    figure.update_yaxes(visible=False, range=[-0.05, 1.05])
    figure.update_xaxes(
        tickvals=list(range(len(axes))),
        ticktext=[axis.label for axis in axes],
        side="bottom",
        range=[-0.6, len(axes) - 0.7],
        showgrid=False,
        zeroline=False,
    )
    return figure


@dataclass(frozen=True, slots=True)
class _Axis:
    """A vertical axis: heights of the trials and of the ticks on it, from 0 to 1."""

    label: str
    places: list[float]
    texts: list[str]
    ticks: list[tuple[float, str]]


def _build_axis(label: str, values: pd.Series[Any]) -> _Axis:
    """Place the values: in even steps for choices, logarithmically for a wide range of numbers."""
    if not pd.api.types.is_float_dtype(values):
        choices = sorted(values.unique().tolist())
        heights = dict(zip(choices, _spread(np.arange(len(choices))), strict=True))
        ticks = [(height, _wrap_label(choice)) for choice, height in heights.items()]
        return _Axis(label, [heights[v] for v in values], [str(v) for v in values], ticks)
    low, high = float(values.min()), float(values.max())
    scale = np.log if is_wide(values) else np.asarray
    marks = np.unique([low, *_choose_ticks(values), high])
    places = _spread(scale(np.array([low, high, *values, *marks], float)))[2:]
    n = len(values)
    ticks = [(height, f"{mark:.4g}") for mark, height in zip(marks, places[n:], strict=True)]
    return _Axis(label, places[:n], [f"{value:.4g}" for value in values], _thin_ticks(ticks))


def _spread(numbers: NDArray[Any]) -> list[float]:
    """Return numbers scaled to 0 to 1; all 0.5 if they are equal."""
    low, span = numbers.min(), np.ptp(numbers)
    return [float(n) for n in (numbers - low) / span] if span else [0.5] * len(numbers)


def _thin_ticks(ticks: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Omit ticks whose text would overlap that of the ends or the previous tick."""
    kept = ticks[:1]
    for tick in ticks[1:-1]:
        if tick[0] - kept[-1][0] > 0.08 and ticks[-1][0] - tick[0] > 0.08:
            kept.append(tick)
    return [*kept, *ticks[-1:]] if len(ticks) > 1 else kept


def _choose_ticks(values: pd.Series[Any]) -> list[float]:
    """Return round numbers between the ends, about four."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        return []
    if is_wide(values):
        return choose_log_ticks(low, high)
    rough = (high - low) / 4
    power = 10 ** np.floor(np.log10(rough))
    step = next(power * digit for digit in (1, 2, 2.5, 5, 10) if power * digit >= rough)
    return [float(tick) for tick in np.arange(np.ceil(low / step), high / step) * step]


def label_choices(trials: pd.DataFrame, settings: Sequence[str]) -> pd.DataFrame:
    """Return the trials with the labels of choices in place of their values."""
    columns = {
        name: trials[name].map(partial(format_value, name)) for name in settings if has_labels(name)
    }
    return trials.assign(**columns)


def _wrap_label(choice: object) -> str:
    """Wrap a tick's text to fit between two axes."""
    return "<br>".join(textwrap.wrap(str(choice), _LINE))


def is_wide(values: pd.Series[Any]) -> bool:
    """Return whether positive numbers span a range suited to a logarithmic axis."""
    low, high = float(values.min()), float(values.max())
    return low > 0 and high / low > _LOG_SPAN


def choose_log_ticks(low: float, high: float) -> list[float]:
    """Return 1, 2 and 5 times the powers of ten between two bounds."""
    decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    ticks = [digit * 10.0**decade for decade in decades for digit in (1, 2, 5)]
    return [tick for tick in ticks if low <= tick <= high]
