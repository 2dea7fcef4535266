"""Large charts of a run's loss and accuracy, with options for scale, axis and smoothing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Final

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
"""Weight of earlier values in the training curve's moving average, by label."""


@dataclass
class CurveState:
    """The chart options of this session."""

    scale: str = "Linear"
    axis: str = "Epochs"
    smoothing: str = "Raw"

    def build_style(self) -> CurveStyle:
        """Return the options in the form expected by the chart."""
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
    """Draw loss and accuracy; an active run's charts are laid out before they have values.

    Args:
        run: the run to show.
        state: the state of the run.
        steps: from ``Run.load_steps``.
        history: from ``Run.load_history``.
        style: from ``render_choices``.
        epoch: the epoch to mark with a dotted line; None for no line.
    """
    if run.recipe.network in CLASSICAL:
        st.caption("A classical model is fitted as a whole, so it has no curves over epochs.")
        return
    is_active = state in ACTIVE_STATES
    if not (is_active or len(steps.get("loss", ()))):
        st.caption("The run ended before its first training step was recorded.")
        return
    shown = thin_columns(steps)
    width, epochs = compute_batches(shown) if style.by_batch else 1.0, run.recipe.epochs
    text_size = PRESENTED_TEXT_SIZE if is_presenting() else TEXT_SIZE
    for metric, place in zip(("loss", "accuracy"), _choose_places(), strict=True):
        with place:
            if not len(steps.get("loss", ())):
                with st.container(height=CURVE_HEIGHT, border=False):
                    st.caption(f"The {metric} appears here with the first training steps.")
                continue
            st.vega_lite_chart(
                draw_once(build_curve_points, shown, history, metric, style, epoch=epoch),
                build_curve_spec(
                    metric, style, end=max(1, epochs) * width, epochs=epochs, text_size=text_size
                ),
                # A different text would make a different chart; a live chart has to keep its text.
                alt=f"{metric.capitalize()} over the epochs, training and validation"
                if is_active
                else describe_curve(history, metric),
            )


def _choose_places() -> Sequence[AbstractContextManager[Any]]:
    """Return where loss and accuracy are drawn: side by side if a class looks at one screen."""
    return st.columns(2) if is_presenting() else [nullcontext(), nullcontext()]


def render_choices() -> CurveStyle:
    """Draw the choices of scale, axis and smoothing, and return the selection.

    A separate fragment, because the live panel is redrawn repeatedly for every viewer.
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
