"""Predict: draw, upload or photograph a garment and get a network's prediction."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.comparison import is_trial
from fmnist.explain import Subject
from fmnist.explore.templates import compute_template
from fmnist.images import get_picture_pool
from fmnist.runs import Run
from fmnist.ui.predict.networks import DEFAULT_RUN, WHY_DEFAULT, list_networks
from fmnist.ui.predict.pictures import render_pictures
from fmnist.ui.predict.score import render_score
from fmnist.ui.shell.frame import open_page, show_errors
from fmnist.ui.shell.handover import Handover, Picture
from fmnist.ui.shell.page_state import get_state
from fmnist.ui.shell.presentation import is_presenting
from fmnist.ui.shell.resources import get_data_holder, get_dataset, get_pool
from fmnist.ui.shell.style import apply_style
from fmnist.ui.shell.url import render_choice
from fmnist.ui.widgets.canvas import render_canvas
from fmnist.ui.widgets.canvas_tools import Brush, render_tools
from fmnist.ui.widgets.explanations import render_explanations
from fmnist.ui.widgets.prediction_view import render_prediction, reserve_places
from fmnist.ui.widgets.predictions import PicturePrediction, classify_picture
from fmnist.ui.widgets.run_choice import render_run_choice

WAYS = ["Draw", "Upload", "Camera", "Examples"]
CANVAS_SIZE = 392
PRESENTED_CANVAS_SIZE = 336  # canvas and bars stand side by side at 1024×768

# A column that would be too narrow to read moves below the other.
KEEP_READABLE = """
:has(> .st-key-predict_answer), :has(> .st-key-predict_input) { min-width: min(14rem, 100%); }
:has(> .st-key-predict_answer) { flex-basis: 14rem !important; }
"""


def find_canvas() -> tuple[str, int]:
    """Return key and size in pixels of the canvas; a drawing is as large as its canvas."""
    if is_presenting():
        return "predict_canvas_presented", PRESENTED_CANVAS_SIZE
    return "predict_canvas", CANVAS_SIZE


def load_template(label: int, what: str) -> NDArray[np.uint8]:
    """Return a class's mean or outline, uint8 (28, 28)."""
    return compute_template(get_dataset(), label, what)


@st.fragment
def render_way(runs: list[Run], run: Run, way: str) -> None:
    """Draw the drawing tools, if any, and below what they are for."""
    with show_errors("predict"):
        brush = render_tools(find_canvas()[0], load_template) if way == "Draw" else None
        render_picture(runs, run, way, brush)


@st.fragment
def render_picture(runs: list[Run], run: Run, way: str, brush: Brush | None) -> None:
    """Draw the input, the prediction and its pictures side by side, and its explanation below.

    A fragment of its own: a stroke does not redraw the tools.
    """
    with show_errors("predict"):
        apply_style("predict", KEEP_READABLE)
        canvas, size = find_canvas()
        with st.container(horizontal=True, gap="medium"):
            left = st.container(width="stretch" if brush is None else size, key="predict_input")
            right = st.container(key="predict_answer")
            pictures = st.container(width=150)
        table = st.container()
        with right:
            places = reserve_places("predict", pictures)
        with left:
            if brush is None:
                prediction = render_pictures(run, way, table)
            else:
                drawing = render_canvas(canvas, brush, size=size)
                prediction = (
                    None
                    if drawing is None
                    else classify_picture(run, "Drawing", drawing, "drawing", is_ours=True)
                )
        with right:
            if prediction is None:
                st.header("Prediction")
                st.caption("It appears here with ten probabilities as soon as there is a picture.")
                return
            render_prediction(prediction, places, compact=brush is not None)
            if prediction.verdict and prediction.verdict.label is not None:
                picture = f"{run.run_id}/{prediction.name}"
                render_score(picture, prediction.verdict.label, key="score")
        explain(runs, run, prediction)


def explain(runs: list[Run], run: Run, prediction: PicturePrediction) -> None:
    """Draw the explanations of a prediction, if there is one."""
    if prediction.prepared is None or prediction.y_proba is None:
        return
    subject = Subject(
        pool=get_pool(),
        run=run,
        image=prediction.prepared.image,
        label=int(prediction.y_proba.argmax()),
        prepared=prediction.prepared,
        dataset=get_data_holder().dataset,
        networks=[each for each in runs if each == run or not is_trial(each)],
    )
    render_explanations(subject, key="explain")
    if run.model_path is not None:
        get_state(Handover).picture = Picture(prediction.name, prediction.prepared.image)
        st.page_link(
            "pages/inside.py",
            label="Look inside the network",
            icon=":material/frame_inspect:",
            query_params={"run": run.run_id, "item": "picture"},
        )


with open_page(
    "Predict",
    intro="Draw a garment, or bring a picture of one, and see which class a network predicts.",
):
    get_pool()
    get_picture_pool().warm()
    networks = list_networks()
    if networks:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            picked = render_run_choice(
                networks, key="predict_run", label="Network", help_text=WHY_DEFAULT
            )
            chosen_way = render_choice(
                "Picture",
                WAYS,
                key="way",
                label_visibility="collapsed" if is_presenting() else "visible",
            )
        if picked.run_id == DEFAULT_RUN and not is_presenting():
            st.caption("Best on real photos and drawings, which is why this network comes first.")
        render_way(networks, picked, chosen_way)
    else:
        st.markdown("No network is trained yet. Train one: a small one takes a minute.")
        st.page_link("pages/train.py", label="Train a network", icon=":material/model_training:")
