"""The image to classify, the ten possible answers, and the result of the previous image."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist.classes import CLASS_NAMES, N_CLASSES
from fmnist.evaluation.challenge import N_ITEMS, Challenge
from fmnist.images.encode import encode_png_uri
from fmnist.ui.challenge.round import Round
from fmnist.ui.shell.markdown import escape_name
from fmnist.ui.widgets.items import ENLARGED, Images


def render_image(playing: Round, challenge: Challenge, images: Images) -> None:
    """Draw the next image with ten buttons; neither its class nor its number is sent.

    Args:
        playing: the round, with an answer missing.
        challenge: its images.
        images: uint8 ``(n, 28, 28)``, the whole test set.
    """
    place = len(playing.answers)
    image = images[challenge.rows[place]]
    large = np.kron(image, np.ones((ENLARGED, ENLARGED), np.uint8))
    st.progress(place / N_ITEMS, text=f"Image {place + 1} of {N_ITEMS}")
    # Within the page: a file's name could tell which image it is.
    st.image(encode_png_uri(large), caption="What is it?", width="content", alt="To classify")
    with st.container(horizontal=True):
        for label in range(N_CLASSES):
            st.button(
                CLASS_NAMES[label],
                key=f"challenge_{label}",
                shortcut=str(label),
                on_click=playing.answer,
                args=(place, label),
            )
    if place:
        st.caption(describe_answer(playing, challenge, place - 1))


def describe_answer(playing: Round, challenge: Challenge, place: int) -> str:
    """Return in Markdown the class of an image, and both answers."""
    truth, network = challenge.y_true[place], challenge.y_network[place]
    given = playing.answers[place]
    mark = ":material/check:" if given == truth else ":material/close:"
    return (
        f"{mark} Image {place + 1} is labelled {CLASS_NAMES[truth]}. You said "
        f"{CLASS_NAMES[given]}, {escape_name(playing.run_id)} says {CLASS_NAMES[network]}."
    )
