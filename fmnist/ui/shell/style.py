"""CSS rules that a page adds to Streamlit's own."""

from __future__ import annotations

import streamlit as st


def apply_style(name: str, rules: str) -> None:
    """Add CSS rules for as long as the page draws them.

    Streamlit places HTML with only a style where toasts appear, and a toast from a fragment's
    callback replaces the first of them. So the rules are an invisible part of the page.

    Args:
        name: unique on the page.
        rules: CSS.
    """
    key = f"style_{name}"
    with st.container(key=key):
        st.html(
            "<span></span><style>"
            f"[data-testid=stLayoutWrapper]:has(> .st-key-{key}) {{ display: none }} {rules}"
            "</style>"
        )
