"""Predict: draw, upload or photograph a garment and see what a network makes of it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from fmnist.runs import Run, list_runs
from fmnist.ui.frame import open_page
from fmnist.ui.picture import (
    Answer,
    Brush,
    answer_drawing,
    answer_files,
    render_answer,
    render_canvas,
    render_steps,
    render_tools,
    summarise_answers,
)
from fmnist.ui.run_picker import render_run_picker
from fmnist.ui.state import get_pool

WAYS = ["Draw", "Upload", "Camera"]
KINDS = {"auto": "Decide by itself", "photo": "Photo", "drawing": "Drawing"}


def render_way(run: Run, way: str) -> None:
    """Draw the way in on the left and the answer on the right."""
    brush = render_tools("predict_canvas") if way == "Draw" else None
    left, right = st.columns([6, 5], gap="large")
    with left:
        answers = ask(run, way, brush)
    with right:
        if not answers:
            st.subheader("The answer")
            st.caption("It appears here with ten probabilities as soon as there is a picture.")
            return
        answer = choose(answers)
        render_answer(answer, key="predict")
    if answer.prepared is not None:
        with st.container(border=True):
            st.markdown("**From your picture to the network's 28×28, step by step**")
            render_steps(answer.prepared)


def ask(run: Run, way: str, brush: Brush | None) -> list[Answer]:
    """Take a drawing, files or a photo and return the answers to them."""
    if brush is not None:
        drawing = render_canvas("predict_canvas", brush, size=392)
        return [] if drawing is None else [answer_drawing(run, drawing)]
    kind = st.segmented_control(
        "What it is",
        list(KINDS),
        format_func=KINDS.__getitem__,
        default="auto",
        required=True,
        key="predict_kind",
    )
    if way == "Camera":
        photo = st.camera_input("One garment on a plain ground", key="predict_camera")
        files = [photo] if photo else []
    else:
        files = st.file_uploader(
            "One or many pictures, one garment each",
            accept_multiple_files=True,
            key="predict_files",
            help="PNG, JPEG, WebP, GIF, BMP or TIFF, up to 10 MB each.",
        )
    st.caption("Pictures stay in this program's memory; nothing is kept on disk or sent on.")
    return answer_files(run, files, kind)


def choose(answers: list[Answer]) -> Answer:
    """Let the person choose one of many answers; all of them stand in a table to take away."""
    if len(answers) == 1:
        return answers[0]
    table = pd.DataFrame(summarise_answers(answers))
    st.dataframe(
        table[["file", "label", "probability", "sure", "warning", "error"]],
        hide_index=True,
        column_config={
            "probability": st.column_config.ProgressColumn(
                "probability", format="percent", min_value=0, max_value=1
            )
        },
        key="predict_table",
    )
    st.download_button(
        "All answers as CSV",
        table.to_csv(index=False),
        file_name="predictions.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
    position = st.selectbox(
        "Picture",
        range(len(answers)),
        format_func=lambda i: f"{i + 1}: {answers[i].name}",
        key="predict_choice",
    )
    return answers[position]


with open_page(
    "Predict",
    intro="Draw a garment, or bring a picture of one, and see what a network takes it for.",
):
    get_pool()
    # Stable: finished runs first, then those whose training was cut short.
    usable = sorted(
        (run for run in list_runs() if run.model_path),
        key=lambda run: not run.report_path.is_file(),
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
        render_way(picked, chosen_way)
    else:
        st.markdown("No network is trained yet. Train one: a small one takes a minute.")
        st.page_link("pages/train.py", label="Train a network", icon=":material/model_training:")
