"""Buttons for files that are too large for ``st.download_button``, which keeps them in memory.

A click creates a URL (``fmnist.ui.shell.download_links``) that the browser then fetches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from fmnist.ui.shell.page_state import get_state
from fmnist.ui.shell.run_lifecycle import attempt


@dataclass
class Offer:
    """The latest requested file: its URL and its subject."""

    link: str = ""
    subject: str = ""


def render_download_button(
    label: str,
    make_link: Callable[[], str],
    *,
    subject: str,
    key: str,
    icon: str = ":material/download:",
    locked: str = "",
    help_text: str | None = None,
) -> None:
    """Draw a button that makes ``render_download`` fetch a file.

    Args:
        label: the label of the button.
        make_link: returns the file's URL; an ``FmnistError`` becomes a toast.
        subject: what the file belongs to, such as a run's name.
        key: unique on the page.
        icon: the icon of the button.
        locked: why this session may not have the file, in Markdown; empty if it may.
        help_text: Markdown.
    """
    st.button(
        label,
        icon=icon,
        key=key,
        on_click=_offer,
        args=(make_link, subject),
        disabled=bool(locked),
        help=locked or help_text,
    )


def render_download(subject: str) -> None:
    """Make the browser fetch the requested file, as long as its subject is shown.

    The URL works only once, so redrawing the frame downloads nothing. It is drawn away from the
    button, where it would take up space.
    """
    offer = get_state(Offer)
    if offer.link and offer.subject == subject:
        st.iframe(offer.link, width=1, height=1)


def _offer(make_link: Callable[[], str], subject: str) -> None:
    def offer() -> None:
        state = get_state(Offer)
        state.link, state.subject = make_link(), subject

    attempt(offer)
