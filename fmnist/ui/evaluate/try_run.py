"""Try one run on the spot: draw or upload, see the 28×28 and ten bars."""

from __future__ import annotations

import streamlit as st

from fmnist.runs import Run
from fmnist.ui.shell.frame import tell_errors
from fmnist.ui.widgets.answers import answer_files, answer_picture, make_room, render_answer
from fmnist.ui.widgets.canvas import Brush, render_canvas, render_tools


@st.fragment
def render_try_run(run: Run) -> None:
    """Let a person try one run: its answer stands beside the drawing or the file."""
    with tell_errors("try_run"):
        way = st.segmented_control(
            "Picture", ["Draw", "Upload"], default="Draw", required=True, key="try_way"
        )
        _render_picture(run, render_tools("try_canvas") if way == "Draw" else None)


@st.fragment
def _render_picture(run: Run, brush: Brush | None) -> None:
    """Take a drawing where there is a brush, else a file, and answer: all that a stroke changes."""
    with tell_errors("try_run"):
        left, right = st.columns(2, gap="large")
        with right:
            places = make_room("try")
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
                answer = answer_picture(run, "Drawing", drawing, "drawing")
                render_answer(answer, places, compact=True)
            elif files:
                render_answer(answer_files(run, files)[0], places)
            else:
                st.caption("Draw or upload a garment, and the network's answer appears here.")
