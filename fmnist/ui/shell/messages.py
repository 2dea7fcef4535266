"""Messages with untrusted text, such as an error's, shown as plain text instead of Markdown."""

from __future__ import annotations

from typing import Final

import streamlit as st

from fmnist.ui.shell.markdown import escape_markdown

_ERROR: Final = ":material/error:"


def show_error(message: object, *, icon: str = _ERROR) -> None:
    """Draw a red box with an error or a text."""
    st.error(escape_markdown(message), icon=icon)


def show_warning(message: object, *, icon: str | None = None) -> None:
    """Draw a yellow box with an error or a text."""
    st.warning(escape_markdown(message), icon=icon)


def show_info(message: object, *, icon: str | None = None) -> None:
    """Draw a blue box with a text."""
    st.info(escape_markdown(message), icon=icon)


def show_toast(message: object, *, icon: str = _ERROR) -> None:
    """Show an error or a text in the window's corner for a few seconds."""
    st.toast(escape_markdown(message), icon=icon)
