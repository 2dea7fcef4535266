"""The two halves of a page: side by side where there is room, else one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.ui.shell.presentation import is_presenting
from fmnist.ui.shell.style import apply_style

_KEY: Final = "page_halves"

# Streamlit itself does so below 640 pixels, though its sidebar takes 300 of a window.
_STYLE: Final = f"""
@media (max-width: 1200px) {{
  .st-key-{_KEY} > [data-testid=stLayoutWrapper] > [data-testid=stHorizontalBlock] >
  [data-testid=stColumn] {{ min-width: 100%; }}
}}
"""


def split_page(weights: Sequence[int]) -> list[DeltaGenerator]:
    """Return columns of these relative widths, for use once a page.

    Args:
        weights: a width for each.
    """
    apply_style(_KEY, _STYLE)
    with st.container(key=_KEY):
        return st.columns(weights, gap="large")


def split_matrix() -> list[DeltaGenerator]:
    """Return the columns of a matrix and of the images of its cell, for use once a page.

    A projector has no sidebar beside them, so both fit.
    """
    return st.columns([4, 3], gap="medium") if is_presenting() else split_page([4, 3])
