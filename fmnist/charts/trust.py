"""Charts of the reliability of probabilities: risk by coverage, sizes of prediction sets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from fmnist.charts.theme import ACCENT_COLOR, TRAIN_COLOR, apply_layout


def plot_risk(risk: Sequence[tuple[float, float]]) -> go.Figure:
    """Draw the error rate among the most confident predictions against coverage.

    Args:
        risk: pairs of coverage and error rate, 0 to 1, coverage rising to 1.
    """
    shares, errors = (100 * np.array(values) for values in zip(*risk, strict=True))
    figure = go.Figure(
        go.Scatter(
            x=shares,
            y=errors,
            mode="lines",
            line={"color": ACCENT_COLOR, "width": 3},
            hovertemplate="most confident %{x:.0f}%: error rate %{y:.2f}%<extra></extra>",
        )
    )
    apply_layout(
        figure,
        title="Risk and coverage",
        x_title="Coverage: share answered (%)",
        y_title="Error rate among them (%)",
        height=340,
    )
    figure.update_xaxes(range=[0, 101], fixedrange=True)
    figure.update_yaxes(rangemode="tozero", fixedrange=True)
    figure.update_layout(dragmode=False)
    return figure


def plot_set_sizes(sizes: npt.NDArray[np.int64]) -> go.Figure:
    """Draw how many images have a prediction set of each size, up to the largest set.

    Args:
        sizes: int64 (11,), number of images by the number of classes in their set.
    """
    largest = int(np.flatnonzero(sizes).max(initial=1))
    shown = sizes[: largest + 1]
    figure = go.Figure(
        go.Bar(
            x=list(range(len(shown))),
            y=shown,
            marker_color=TRAIN_COLOR,
            text=[f"{count:,}" for count in shown],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y:,} images with %{x} classes in their set<extra></extra>",
        )
    )
    apply_layout(
        figure,
        title="Sizes of the prediction sets",
        x_title="Classes in the set",
        y_title="Test images",
        height=340,
    )
    figure.update_xaxes(dtick=1, fixedrange=True)
    figure.update_yaxes(rangemode="tozero", fixedrange=True)
    figure.update_layout(dragmode=False)
    return figure
