"""The ways to look closer at an answer; only the chosen one is computed."""

from __future__ import annotations

from typing import Final

import streamlit as st

from fmnist.runs import Run
from fmnist.ui.predict.insight import render_agreement, render_nearest, render_occlusion
from fmnist.ui.predict.trust import render_trust
from fmnist.ui.predict.xray import render_stability, render_steps
from fmnist.ui.shell.resources import get_dataset
from fmnist.ui.widgets.answers import Answer

_LOOKS: Final = (
    "Step by step",
    "Where it looks",
    "Small changes",
    "All networks",
    "Nearest items",
    "How sure is sure",
)


def render_explanations(runs: list[Run], run: Run, answer: Answer) -> None:
    """Show one of the ways to see why a network answers as it does.

    Args:
        runs: all that have a network.
        run: whose network answered.
        answer: nothing is shown where there is none.
    """
    if answer.prepared is None or answer.y_proba is None:
        return
    label = int(answer.y_proba.argmax())
    with st.container(border=True):
        look = st.segmented_control(
            "Look closer", _LOOKS, default=_LOOKS[0], required=True, key="look"
        )
        if look == "Where it looks":
            render_occlusion(run, answer.prepared, label)
        elif look == "Small changes":
            render_stability(run, answer.prepared, label)
        elif look == "All networks":
            render_agreement(runs, answer.prepared)
        elif look == "Nearest items":
            render_nearest(run, answer.prepared, get_dataset())
        elif look == "How sure is sure":
            render_trust(run)
        else:
            render_steps(run, answer.prepared)
