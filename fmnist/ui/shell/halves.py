"""The two halves of a page: side by side if there is room, otherwise stacked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.ui.shell.presentation import is_presenting
from fmnist.ui.shell.style import apply_style

NARROW_WINDOW: Final = 1200
"""Widest window, in pixels, that has no room for two halves beside the sidebar."""

_KEY: Final = "page_halves"

# Streamlit stacks columns only below 640 pixels, although its sidebar takes 300.
_STYLE: Final = f"""
@media (max-width: {NARROW_WINDOW}px) {{
  .st-key-{_KEY} > [data-testid=stLayoutWrapper] > [data-testid=stHorizontalBlock] {{
    row-gap: 1rem;
    > [data-testid=stColumn] {{ min-width: 100%; }}
  }}
}}
"""


def split_page(weights: Sequence[int]) -> list[DeltaGenerator]:
    """Return columns with these relative widths; once per page.

    Args:
        weights: a width for each.
    """
    apply_style(_KEY, _STYLE)
    with st.container(key=_KEY):
        return st.columns(weights, gap="large")


def split_matrix(weights: Sequence[int] = (4, 3)) -> list[DeltaGenerator]:
    """Return columns, one of which holds a matrix of the classes, for use once a page.

    A projector shows no sidebar, so there is room for both.

    Args:
        weights: a width for each.
    """
    return st.columns(weights, gap="medium") if is_presenting() else split_page(weights)
