"""Options of ``.streamlit/config.toml`` for the length of a test."""

from __future__ import annotations

import pytest
import streamlit as st


def set_options(monkeypatch: pytest.MonkeyPatch, **options: object) -> None:
    """Let ``st.get_option`` return other values for some options of the section ``server``."""
    others = {f"server.{name}": value for name, value in options.items()}
    get_option = st.get_option
    monkeypatch.setattr(
        st, "get_option", lambda name: others[name] if name in others else get_option(name)
    )
