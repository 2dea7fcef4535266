"""The true classes that a person enters for predictions, and the accuracy in this session."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import streamlit as st

from fmnist.classes import CLASS_NAMES
from fmnist.ui.shell.page_state import Field, get_state

_NONE: Final = -1

TRUTHS: Final = dict(enumerate(CLASS_NAMES)) | {_NONE: "none of the ten"}
"""The possible true classes of a picture, by number."""


@dataclass
class ScoreState:
    """A person's feedback on predictions.

    Attributes:
        notes: by picture and network, the predicted label (None if there was no prediction) and the
            true one; ``-1`` stands for none of the ten classes.
    """

    notes: dict[str, tuple[int | None, int]] = field(default_factory=dict)


def render_score(picture: str, label: int, *, key: str) -> None:
    """Ask for the true class of a picture, and show how many predictions were correct so far.

    Args:
        picture: identifies the picture and the network; each pair counts once.
        label: the predicted class, 0–9.
        key: unique on the page.
    """
    notes = get_state(ScoreState).notes
    truth = get_state(Field, f"{key}_truth_{picture}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            "Right",
            icon=":material/thumb_up:",
            key=f"{key}_right",
            on_click=notes.__setitem__,
            args=(picture, (label, label)),
        )
        truth.value = st.selectbox(
            "No, it is",
            list(TRUTHS),
            index=None,
            format_func=TRUTHS.__getitem__,
            key=truth.key(f"{key}_truth_{picture}"),
            placeholder="Choose the true class",
            width=220,
        )
        if truth.value is not None:
            notes[picture] = (label, truth.value)
        if picture in notes:
            st.button(
                "Forget",
                icon=":material/undo:",
                key=f"{key}_forget",
                type="tertiary",
                on_click=_forget,
                args=(picture, truth),
            )
    if notes:
        st.caption(describe_score(notes.values()))


def describe_score(notes: Iterable[tuple[int | None, int]], which: str = "In this session") -> str:
    """Return the score in words, given pairs of predicted and true label."""
    pairs = list(notes)
    right = sum(predicted == truth for predicted, truth in pairs)
    return f"{which}: {right} of {len(pairs)} right ({right / len(pairs):.0%})."


def _forget(picture: str, truth: Field) -> None:
    get_state(ScoreState).notes.pop(picture, None)
    truth.set(None)
