"""The views of the Train page, shown one at a time; each has its own URL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from fmnist.runs import Run
from fmnist.ui.shell.page_state import get_state
from fmnist.ui.shell.url import read_parameter, write_parameter
from fmnist.ui.train.state import TrainState

SET_UP: Final = "Set up"
DESIGN: Final = "Design"
WATCH: Final = "Watch"
_VIEWS: Final = {SET_UP: None, DESIGN: "design", WATCH: "watch"}
"""The views with the value of ``view`` in their URL; ``run`` in the URL also leads to Watch."""


def choose_view(runs: Sequence[Run]) -> str:
    """Draw the view selector, in sync with the URL, and return the chosen view.

    Args:
        runs: all runs; Watch opens with the first.
    """
    choice = get_state(TrainState).view
    asked = _read_view()
    if asked != choice.value:
        choice.set(asked)
    chosen = st.segmented_control(
        "View",
        list(_VIEWS),
        default=asked,
        required=True,
        key=choice.key("train_view"),
        label_visibility="collapsed",
    )
    if chosen != asked:
        show_view(chosen, runs[0].run_id if chosen == WATCH and runs else None)
        choice.value = chosen
    return str(chosen)


def show_view(view: str, run_id: str | None = None) -> None:
    """Write a view, and the run it shows, to the URL."""
    write_parameter("view", None if run_id else _VIEWS[view])
    write_parameter("run", run_id)
    if view != DESIGN:
        for name in ("design", "layers", "image"):
            write_parameter(name, None)


def _read_view() -> str:
    if read_parameter("run") is not None:
        return WATCH
    asked = read_parameter("view")
    return next((name for name, value in _VIEWS.items() if value == asked), SET_UP)
