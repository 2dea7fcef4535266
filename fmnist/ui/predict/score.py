"""You were wrong: the right labels that a person gave in this session, and the running score."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import streamlit as st

from fmnist.classes import CLASS_NAMES

_STATE: Final = "predict_score"
_NONE: Final = -1

Notes = dict[str, tuple[int, int]]
"""By picture: what the network said and what is right; ``-1``: none of the ten."""


def render_score(picture: str, label: int, *, key: str) -> None:
    """Ask whether the answer to a picture is right, note what the person says, and show the score.

    Args:
        picture: identifies the picture and the network: noted once.
        label: the network's answer, 0–9.
        key: unique on the page.
    """
    notes: Notes = st.session_state.setdefault(_STATE, {})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            "Right",
            icon=":material/thumb_up:",
            key=f"{key}_right",
            on_click=notes.__setitem__,
            args=(picture, (label, label)),
        )
        truth = st.selectbox(
            "No, it is",
            [*range(len(CLASS_NAMES)), _NONE],
            index=None,
            format_func=lambda i: "none of the ten" if i == _NONE else CLASS_NAMES[i],
            key=f"{key}_truth_{picture}",
            placeholder="choose what it is",
            width=220,
        )
        if truth is not None:
            notes[picture] = (label, truth)
        if picture in notes:
            st.button(
                "Forget",
                icon=":material/undo:",
                key=f"{key}_forget",
                type="tertiary",
                on_click=_forget,
                args=(picture, f"{key}_truth_{picture}"),
            )
    if notes:
        st.caption(describe_score(notes.values()))


def describe_score(notes: Iterable[tuple[int, int]]) -> str:
    """Return the running score in words: what was said, and what was right, of each picture."""
    pairs = list(notes)
    right = sum(said == truth for said, truth in pairs)
    return f"In this session: {right} of {len(pairs)} right ({right / len(pairs):.0%})."


def _forget(picture: str, widget: str) -> None:
    st.session_state[_STATE].pop(picture, None)
    st.session_state[widget] = None
