"""Explanations of a run's prediction for one test image, computed on request."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from fmnist.comparison import is_trial
from fmnist.explain import Subject
from fmnist.runs import Run, list_runs
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.shell.resources import get_data_holder, get_pool
from fmnist.ui.widgets.explanations import render_explanations


@st.fragment
def render_item_explanations(
    run: Run, image: npt.NDArray[np.uint8], label: int, *, key: str
) -> None:
    """Draw a toggle and, when it is on, the explanations that fit a test image.

    Args:
        run: the run whose network predicted; without a model, nothing is drawn.
        image: uint8 ``(28, 28)``.
        label: the predicted class, 0–9.
        key: unique on the page.
    """
    if not run.has_model:
        return
    with show_errors("evaluate: explain"):
        # Off at first: an explanation runs the network many times.
        if not st.toggle("Explain this prediction", key=f"{key}_on"):
            return
        subject = Subject(
            pool=get_pool(),
            run=run,
            image=image,
            label=label,
            dataset=get_data_holder().dataset,
            networks=[
                each
                for each in list_runs()
                if each.has_model and (each == run or not is_trial(each))
            ],
        )
        render_explanations(subject, key=key)
