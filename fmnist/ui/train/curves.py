"""Loss and accuracy of a run as large charts, with options for scale, axis and smoothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.live_curve import (
    CURVE_HEIGHT,
    CurveStyle,
    build_curve_points,
    build_curve_spec,
    compute_batches,
)
from fmnist.charts.theme import PRESENTED_TEXT_SIZE, TEXT_SIZE
from fmnist.charts.training import Columns, thin_columns
from fmnist.runs import ACTIVE_STATES, Run, RunState
from fmnist.runs.classical import CLASSICAL
from fmnist.ui.shell.page_state import get_state
from fmnist.ui.shell.presentation import is_presenting
from fmnist.ui.widgets.curves import describe_curve

SMOOTHING: Final = {"Raw": 0.0, "Smooth": 0.8}
"""Weight of the past in the moving average of the training line, by its label."""


@dataclass
class CurveState:
    """The options of the curves in this session."""

    scale: str = "Linear"
    axis: str = "Epochs"
    smoothing: str = "Raw"

    def build_style(self) -> CurveStyle:
        """Return the options in the form that the chart takes."""
        return CurveStyle(self.scale == "Log", self.axis == "Batches", SMOOTHING[self.smoothing])


def render_curves(
    run: Run,
    state: RunState,
    steps: Columns,
    history: Columns,
    *,
    style: CurveStyle,
    epoch: int | None = None,
) -> None:
    """Draw loss and accuracy; while the run is active, each has its place before it has a value.

    Args:
        run: to show.
        state: the state of the run.
        steps: from ``Run.load_steps``.
        history: from ``Run.load_history``.
        style: from ``render_choices``.
        epoch: where a dotted line stands; None for no line.
    """
    if run.recipe.network in CLASSICAL:
        st.caption("A classical model is fitted as a whole, so it has no curves over epochs.")
        return
    is_active = state in ACTIVE_STATES
    if not (is_active or len(steps.get("loss", ()))):
        st.caption("The run ended before its first training step was recorded.")
        return
    shown = thin_columns(steps)
    width = compute_batches(shown) if style.by_batch else 1.0
    text_size = PRESENTED_TEXT_SIZE if is_presenting() else TEXT_SIZE
    for metric in ("loss", "accuracy"):
        if not len(steps.get("loss", ())):
            with st.container(height=CURVE_HEIGHT, border=False):
                st.caption(f"The {metric} appears here with the first training steps.")
            continue
        st.vega_lite_chart(
            draw_once(build_curve_points, shown, history, metric, style, epoch=epoch),
            build_curve_spec(
                metric, style, end=max(1, run.recipe.epochs) * width, text_size=text_size
            ),
            # Another text would be another chart: one that follows a training keeps its own.
            alt=f"{metric.capitalize()} over the epochs, training and validation"
            if is_active
            else describe_curve(history, metric),
        )


def render_choices() -> CurveStyle:
    """Draw the choices of scale, axis and smoothing, and return what is chosen.

    A part of its own: a live panel is drawn again and again for each who watches.
    """
    state = get_state(CurveState)
    with st.container(horizontal=True, gap="small"):
        for name, label, options in (
            ("scale", "Scale of the loss", ("Linear", "Log")),
            ("axis", "Horizontal axis", ("Epochs", "Batches")),
            ("smoothing", "Smoothing of the training line", tuple(SMOOTHING)),
        ):
            chosen = st.segmented_control(
                label,
                options,
                default=getattr(state, name),
                required=True,
                key=f"curve_{name}",
                label_visibility="collapsed",
                width="content",
            )
            setattr(state, name, chosen)
    return state.build_style()
