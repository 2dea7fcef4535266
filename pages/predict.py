"""Predict: draw, upload or photograph a garment and see what a network makes of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from fmnist import settings
from fmnist.explore.templates import compute_template
from fmnist.images import Overrides
from fmnist.images.decode import FORMATS
from fmnist.runs import Run, list_runs
from fmnist.ui.predict.answer_table import render_table
from fmnist.ui.predict.examples import render_examples
from fmnist.ui.predict.explain import render_explanations
from fmnist.ui.predict.overrides import render_overrides
from fmnist.ui.predict.paste import render_paste
from fmnist.ui.predict.score import render_score
from fmnist.ui.shell.frame import open_page, tell_errors
from fmnist.ui.shell.resources import get_dataset, get_pool
from fmnist.ui.shell.run_picker import render_run_picker
from fmnist.ui.widgets.answers import Answer, answer_files, answer_picture, make_room, render_answer
from fmnist.ui.widgets.canvas import Brush, render_canvas, render_start, render_tools

WAYS = ["Draw", "Upload", "Camera", "Examples"]
KINDS = {"auto": "Decide by itself", "photo": "Photo", "drawing": "Drawing"}
DEFAULT_RUN = "outside"


@st.fragment
def render_way(runs: list[Run], run: Run, way: str) -> None:
    """Draw the tools, if any, and below what they are for."""
    with tell_errors("predict"):
        brush = take_brush() if way == "Draw" else None
        render_picture(runs, run, way, brush)


@st.fragment
def render_picture(runs: list[Run], run: Run, way: str, brush: Brush | None) -> None:
    """Draw the way in on the left, the answer on the right, and below why it is so.

    A fragment of its own: a stroke does not draw the tools anew.
    """
    with tell_errors("predict"):
        left, right = st.columns([6, 5], gap="large")
        with right:
            places = make_room("predict")
        with left:
            answer = draw(run, brush) if brush else bring(run, way)
        with right:
            if answer is None:
                st.subheader("The answer")
                st.caption("It appears here with ten probabilities as soon as there is a picture.")
                return
            render_answer(answer, places)
            if answer.verdict and answer.verdict.label is not None:
                render_score(f"{run.run_id}/{answer.name}", answer.verdict.label, key="score")
        render_explanations(runs, run, answer)


def take_brush() -> Brush:
    """Draw the tools and what a drawing may begin with."""
    brush = render_tools("predict_canvas")
    return replace(brush, base=render_start("predict", partial(compute_template, get_dataset())))


def draw(run: Run, brush: Brush) -> Answer | None:
    """Let the person draw, and answer after each stroke."""
    drawing = render_canvas("predict_canvas", brush, size=392)
    return None if drawing is None else answer_picture(run, "Drawing", drawing, "drawing")


def bring(run: Run, way: str) -> Answer | None:
    """Take files, a photo or an example, and let the person correct how it is read."""
    kind = st.segmented_control(
        "What it is",
        list(KINDS),
        format_func=KINDS.__getitem__,
        default="auto",
        required=True,
        key="predict_kind",
    )
    if way == "Examples":
        example = render_examples()
        answer = answer_picture(run, example.title, example.picture, kind)
    else:
        files = take_files(way)
        st.caption("Pictures stay in this program's memory; nothing is kept on disk or sent on.")
        if not files:
            return None
        answer = render_table(answer_files(run, files, kind))
    if answer.prepared is None or answer.picture is None:
        return answer
    with st.expander("Correct how it is read", icon=":material/tune:"):
        overrides = render_overrides(answer.prepared, answer.picture, key=f"override_{answer.name}")
    if overrides == Overrides():
        return answer
    return answer_picture(run, answer.name, answer.picture, kind, overrides)


def take_files(way: str) -> list:
    """Return uploaded, pasted or photographed pictures."""
    if way == "Camera":
        photo = st.camera_input("One garment on a plain ground", key="predict_camera")
        return [photo] if photo else []
    files = st.file_uploader(
        "One or many pictures, one garment each",
        accept_multiple_files=True,
        key="predict_files",
        help=f"{FORMATS}, up to {settings.MAX_UPLOAD_MB} MB each.",
    )
    pasted = render_paste("predict_paste")
    return [*files, *([pasted] if pasted else [])]


with open_page(
    "Predict",
    intro="Draw a garment, or bring a picture of one, and see what a network takes it for.",
):
    get_pool()
    # Stable: the one for outside pictures first, then finished runs, then those cut short.
    usable = sorted(
        (run for run in list_runs() if run.model_path),
        key=lambda run: (run.run_id != DEFAULT_RUN, not run.report_path.is_file()),
    )
    if usable:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            picked = render_run_picker(usable, key="predict_run", label="Network")
            chosen_way = st.segmented_control(
                "Picture",
                WAYS,
                default="Draw",
                required=True,
                key="way",
                bind="query-params",
            )
        render_way(usable, picked, chosen_way)
    else:
        st.markdown("No network is trained yet. Train one: a small one takes a minute.")
        st.page_link("pages/train.py", label="Train a network", icon=":material/model_training:")
