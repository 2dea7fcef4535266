"""You against the model: twenty images, half of them hard, classified by a person and a network."""

from __future__ import annotations

from functools import partial

import streamlit as st

from fmnist.evaluation.challenge import N_ITEMS
from fmnist.runs import Run, list_runs
from fmnist.ui.challenge.play import render_image
from fmnist.ui.challenge.result import render_result
from fmnist.ui.challenge.round import Round
from fmnist.ui.shell.frame import open_page
from fmnist.ui.shell.page_state import get_state
from fmnist.ui.shell.run_lifecycle import act
from fmnist.ui.widgets.items import find_images
from fmnist.ui.widgets.run_choice import render_run_choice


def render_round(run: Run) -> None:
    """Draw the start, the next image or the result of the round against a run."""
    playing = get_state(Round)
    challenge = playing.challenge if playing.run_id == run.run_id else None
    is_done = challenge is not None and len(playing.answers) == N_ITEMS
    if challenge is None or is_done:
        st.button(
            "Play another round" if is_done else "Start",
            icon=":material/play_arrow:",
            type="primary",
            key="challenge_start",
            on_click=partial(act, playing.start, run),
            help="The time of an answer counts from the moment its image appears.",
        )
    report = run.load_report()
    if challenge is None or report is None:
        return
    images = find_images(playing.fingerprint, report)
    if images is not None:
        (render_result if is_done else render_image)(playing, challenge, images)


with open_page(
    "You against the model",
    intro="Twenty test images, half of them hard for the network: choose a class for each, and see "
    "who is better. The keys 0 to 9 also choose.",
):
    if finished := [run for run in list_runs() if run.report_path.is_file()]:
        render_round(render_run_choice(finished, key="challenge_run", label="Opponent"))
    else:
        st.markdown("No run is finished yet. Train one: a small one takes a minute.")
        st.page_link("pages/train.py", label="Train a network", icon=":material/model_training:")
