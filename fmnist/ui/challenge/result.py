"""The result of a round: both scores, both matrices, all images, and a picture to keep."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.challenge import draw_result
from fmnist.charts.confusion import MatrixWords, draw_confusion
from fmnist.classes import CLASS_NAMES
from fmnist.evaluation.challenge import (
    HARD_SHARE,
    N_HARD,
    N_ITEMS,
    Challenge,
    ChallengeScore,
    score_answers,
)
from fmnist.evaluation.metrics import compute_row_shares
from fmnist.images.encode import encode_png_uri
from fmnist.ui.challenge.round import Round
from fmnist.ui.shell.markdown import escape_name, shorten
from fmnist.ui.widgets.items import Images


def render_result(playing: Round, challenge: Challenge, images: Images) -> None:
    """Draw who was better, on which classes, and the picture to keep.

    Args:
        playing: the round, with all answers.
        challenge: its images.
        images: uint8 ``(n, 28, 28)``, the whole test set.
    """
    you = score_answers(challenge, playing.answers, "You")
    network = score_answers(challenge, challenge.y_network, shorten(playing.run_id, 40))
    scores, seconds = (you, network), float(np.mean(playing.seconds))
    st.header(describe_result(you, network))
    with st.container(horizontal=True):
        for score in scores:
            hard = f"{score.correct_hard} of {N_HARD} hard ones"
            st.metric(
                escape_name(score.name),
                f"{score.correct} of {N_ITEMS}",
                hard,
                delta_color="off",
                delta_arrow="off",
                border=True,
            )
        st.metric("Your time per image", f"{seconds:.1f} s", border=True)
    st.caption(
        f"Hard images are among the {HARD_SHARE:.0%} of the test set for which the network's two "
        "highest probabilities are closest: it is worse on them than elsewhere. Twenty images are "
        "few, so play several rounds before you believe a small difference."
    )
    st.download_button(
        "Keep the result as a picture",
        partial(draw_result, scores, seconds),
        file_name="you-against-the-model.svg",
        mime="image/svg+xml",
        icon=":material/download:",
        on_click="ignore",
    )
    _render_matrices(scores)
    _render_images(playing, challenge, images)


def describe_result(you: ChallengeScore, network: ChallengeScore) -> str:
    """Return who classified more images correctly, in a sentence."""
    difference = you.correct - network.correct
    if difference == 0:
        return f"A draw: both classified {you.correct} of {N_ITEMS} correctly"
    if difference > 0:
        return f"You win, {you.correct} to {network.correct} of {N_ITEMS}"
    return f"The network wins, {network.correct} to {you.correct} of {N_ITEMS}"


def _render_matrices(scores: Sequence[ChallengeScore]) -> None:
    for place, score in zip(st.columns(2), scores, strict=True):
        words = MatrixWords(title=score.name, column="Answer")
        shares = compute_row_shares(score.counts)
        place.html(draw_once(draw_confusion, score.counts, shares, words=words))


def _render_images(playing: Round, challenge: Challenge, images: Images) -> None:
    answers = np.array(playing.answers)
    st.dataframe(
        {
            "Image": [
                encode_png_uri(np.kron(images[row], np.ones((3, 3), np.uint8)))
                for row in challenge.rows
            ],
            "Label": [CLASS_NAMES[label] for label in challenge.y_true],
            "You": [CLASS_NAMES[label] for label in answers],
            "You are right": answers == challenge.y_true,
            "Network": [CLASS_NAMES[label] for label in challenge.y_network],
            "It is right": challenge.y_network == challenge.y_true,
            "Hard": challenge.is_hard,
            "Seconds": playing.seconds,
            "No. in the test set": challenge.rows,
        },
        hide_index=True,
        height="content",
        row_height=60,
        key="challenge_images",
        column_config={
            "Image": st.column_config.ImageColumn(),
            "Seconds": st.column_config.NumberColumn(format="%.1f"),
        },
    )
