"""Charts of an evaluation: scores by class and the reliability diagram."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from fmnist.charts.theme import (
    CLASS_COLORS,
    MUTED_COLOR,
    TRAIN_COLOR,
    VALIDATION_COLOR,
    apply_layout,
)

SCORE_COLORS: Final = {
    "precision": TRAIN_COLOR,
    "recall": VALIDATION_COLOR,
    "f1": CLASS_COLORS[4],
}


def plot_class_scores(table: pd.DataFrame) -> go.Figure:
    """Draw precision, recall and F1 of each class as points, the lowest F1 at the bottom.

    Points rather than bars: bars start at 0, and the scores of a good run are all close to 100%.

    Args:
        table: from ``fmnist.evaluation.compute_class_table``.
    """
    table = table.sort_values("f1", na_position="first", kind="stable")
    figure = go.Figure()
    for column, name, symbol in (
        ("precision", "Precision", "triangle-right"),
        ("recall", "Recall", "triangle-left"),
        ("f1", "F1", "circle"),
    ):
        figure.add_scatter(
            x=100 * table[column],
            y=list(table.index),
            mode="markers",
            name=name,
            marker={"color": SCORE_COLORS[column], "symbol": symbol, "size": 13},
            customdata=table[["support", "predicted"]],
            hovertemplate=(
                f"%{{y}}: {name.lower()}%{{x:.1f}}%<br>%{{customdata[0]:,}} images of the class, "
                "%{customdata[1]:,} classified as it<extra></extra>"
            ),
        )
    apply_layout(figure, title="Scores by class", x_title="Score (%)", height=440)
    figure.update_xaxes(fixedrange=True)
    figure.update_yaxes(fixedrange=True, showgrid=True, ticks="")
    figure.update_layout(dragmode=False)
    return figure


def plot_reliability(table: pd.DataFrame) -> go.Figure:
    """Draw the reliability diagram: accuracy by confidence, with the line of perfect calibration.

    Args:
        table: from ``fmnist.evaluation.compute_reliability``; if it has the columns
            ``accuracy_low`` and ``accuracy_high``, they are drawn as a band.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 100],
        y=[0, 100],
        mode="lines",
        name="Accuracy equals confidence",
        line={"color": MUTED_COLOR, "dash": "dash"},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=100 * table["confidence"],
        y=100 * table["accuracy"],
        mode="lines+markers",
        name="This run",
        marker={
            "color": TRAIN_COLOR,
            "size": 5 + 25 * np.sqrt(table["items"] / table["items"].sum()),
        },
        line={"color": TRAIN_COLOR},
        customdata=table[["items", "low", "high"]],
        hovertemplate=(
            "%{customdata[0]:,} images with a confidence of %{customdata[1]:.0%} to "
            "%{customdata[2]:.0%}<br>mean confidence %{x:.1f}%, accuracy %{y:.1f}%<extra></extra>"
        ),
    )
    if "accuracy_low" in table:
        _add_band(figure, table)
    apply_layout(
        figure,
        title="Confidence and accuracy",
        x_title="Confidence: the highest probability (%)",
        y_title="Accuracy (%)",
        height=440,
    )
    figure.update_xaxes(range=[0, 104], fixedrange=True)
    figure.update_yaxes(range=[0, 104], fixedrange=True)
    figure.update_layout(dragmode=False)
    return figure


def _add_band(figure: go.Figure, table: pd.DataFrame) -> None:
    x = 100 * table["confidence"]
    figure.add_scatter(
        x=[*x, *x[::-1]],
        y=[*(100 * table["accuracy_high"]), *(100 * table["accuracy_low"][::-1])],
        mode="lines",
        fill="toself",
        fillcolor=TRAIN_COLOR,
        opacity=0.2,
        line={"width": 0},
        showlegend=False,
        hoverinfo="skip",
    )
