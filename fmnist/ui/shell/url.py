"""The parameters of the page's URL: the only module that touches ``st.query_params``.

The sender of a link chooses them, so a value that can't be used counts as absent: the page shows
its default. Widgets bound with ``bind="query-params"`` are for choices, texts and switches, where
Streamlit drops what it can't use; a number of 1e999 ends its script (``NumberInputSerde``), so
numbers are read here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

MAX_CHARACTERS: Final = 20_000
"""Longest value that is read: the names of 240 runs. Browsers allow megabytes."""

_INTEGER: Final = re.compile(r"\d{1,9}", re.ASCII)


def read_parameter(name: str) -> str | None:
    """Return the value of a parameter, the last if it is repeated, or None if it is absent."""
    value = st.query_params.get(name)
    return None if value is None else value[:MAX_CHARACTERS]


def read_integer(name: str, low: int = 0, high: int = 999_999_999) -> int | None:
    """Return the value of a parameter, ``low`` to ``high``, or None if it is anything else."""
    text = read_parameter(name) or ""
    value = int(text) if _INTEGER.fullmatch(text) else None
    return value if value is not None and low <= value <= high else None


def read_float(name: str, low: float, high: float) -> float | None:
    """Return the value of a parameter, ``low`` to ``high``, or None if it is anything else."""
    try:
        value = float(read_parameter(name) or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and low <= value <= high else None


def write_parameter(name: str, value: str | None) -> None:
    """Give a parameter a value, or remove it if that is None; an unchanged value is not sent."""
    if value is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def render_choice(label: str, options: Sequence[str], *, key: str, **how: Any) -> str:
    """Draw choices side by side and return the chosen one; the URL has it under ``key``.

    Args:
        label: the label of the control.
        options: the choices, at least one; the first is the default.
        key: the key of the control and name of the parameter.
        how: further arguments of ``st.segmented_control``.
    """
    chosen: str | None = st.segmented_control(
        label, options, default=options[0], required=True, key=key, bind="query-params", **how
    )
    # ``?key=`` empties even a control that requires a choice.
    return options[0] if chosen is None else chosen
