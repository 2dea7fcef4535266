"""Buttons for files that are too large for ``st.download_button``, which holds them in memory.

A click makes an address (``fmnist.ui.shell.download_links``) that the browser then fetches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from fmnist.ui.shell.page_state import get_state
from fmnist.ui.shell.run_lifecycle import attempt


@dataclass
class Offer:
    """The file that was requested last: its address and its subject."""

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
    """Draw a button that lets ``render_download`` fetch a file.

    Args:
        label: the label of the button.
        make_link: returns the file's address; an ``FmnistError`` becomes a toast.
        subject: of what the file is, such as the run's name.
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
    """Let the browser fetch the requested file, as long as its subject is shown.

    The address works once: when the frame is drawn again, nothing is downloaded. It is drawn apart
    from the button, beside which it would take room.
    """
    offer = get_state(Offer)
    if offer.link and offer.subject == subject:
        st.iframe(offer.link, width=1, height=1)


def _offer(make_link: Callable[[], str], subject: str) -> None:
    def offer() -> None:
        state = get_state(Offer)
        state.link, state.subject = make_link(), subject

    attempt(offer)
