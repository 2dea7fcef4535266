"""The pages of the navigation, created once for all sessions."""

from __future__ import annotations

from copy import copy
from functools import cache

import streamlit as st


def make_page(path: str, *, title: str, icon: str, is_default: bool = False) -> st.Page:
    """Return a page for ``st.navigation``.

    Creating a page makes Streamlit resolve its path and check the file, fifteen times per rerun of
    any page. Its objects belong to a single rerun, hence the copy.

    Args:
        path: path of the page's file, relative to the program's folder.
        title: its name in the navigation.
        icon: a Material icon.
        is_default: whether it is the root page.
    """
    return copy(_make_page(path, title, icon, is_default))


@cache
def _make_page(path: str, title: str, icon: str, is_default: bool) -> st.Page:
    return st.Page(path, title=title, icon=f":material/{icon}:", default=is_default)
