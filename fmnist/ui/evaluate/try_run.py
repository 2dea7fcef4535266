"""Tries a run on a drawn or uploaded garment: the 28×28 image and ten bars."""

from __future__ import annotations

import streamlit as st

from fmnist.runs import Run
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.widgets.canvas import render_canvas
from fmnist.ui.widgets.canvas_tools import Brush, render_tools
from fmnist.ui.widgets.prediction_view import render_prediction, reserve_places
from fmnist.ui.widgets.predictions import classify_files, classify_picture


@st.fragment
def render_try_run(run: Run) -> None:
    """Draw a canvas or an uploader, and the run's prediction next to it, once that is opened.

    The canvas is a document of its own, which takes as long to load as the rest of the page.
    """
    part = st.expander(
        "Try this run: draw a garment or upload a picture",
        icon=":material/draw:",
        key="try_run",
        on_change="rerun",
    )
    if not part.open:
        return
    with part, show_errors("try_run"):
        way = st.segmented_control(
            "Picture", ["Draw", "Upload"], default="Draw", required=True, key="try_way"
        )
        _render_picture(run, render_tools("try_canvas") if way == "Draw" else None)


@st.fragment
def _render_picture(run: Run, brush: Brush | None) -> None:
    """Draw the prediction with the canvas if there is a brush, otherwise with the uploader.

    A separate fragment, so that a stroke does not redraw the tools.
    """
    with show_errors("try_run"):
        left, right = st.columns(2, gap="large")
        with right:
            places = reserve_places("try")
        with left:
            if brush is not None:
                drawing = render_canvas("try_canvas", brush, size=280)
                files = []
            else:
                drawing = None
                file = st.file_uploader("Picture of one garment", key="try_file")
                files = [file] if file else []
        with right:
            if drawing is not None:
                prediction = classify_picture(run, "Drawing", drawing, "drawing", is_ours=True)
                render_prediction(prediction, places, compact=True)
            elif files:
                render_prediction(classify_files(run, files)[0], places)
            else:
                st.caption("Draw or upload a garment, and the prediction appears here.")
