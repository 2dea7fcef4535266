"""The pages of the navigation, made once for all sessions."""

from __future__ import annotations

from copy import copy
from functools import cache

import streamlit as st


def make_page(path: str, *, title: str, icon: str, is_default: bool = False) -> st.Page:
    """Return a page for ``st.navigation``.

    Streamlit resolves the path and looks for the file with each page that is made, fifteen times
    for each drawing of any of them. What it keeps in a page belongs to one drawing, hence a copy.

    Args:
        path: of the page's file, from the program's folder.
        title: as the navigation shows it.
        icon: a Material icon.
        is_default: whether it is at the root.
    """
    return copy(_make_page(path, title, icon, is_default))


@cache
def _make_page(path: str, title: str, icon: str, is_default: bool) -> st.Page:
    return st.Page(path, title=title, icon=f":material/{icon}:", default=is_default)
