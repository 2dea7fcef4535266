"""The control for the values of one setting that a sweep tries."""

from __future__ import annotations

import dataclasses
import math

import streamlit as st

from fmnist.runs.setting import Choices, Range, Setting


def render_values(setting: Setting, offered: Range | Choices) -> Range | Choices:
    """Draw the control for the values of one setting."""
    label, key = f"{setting.label}: values to try", f"values_{setting.name}"
    if isinstance(offered, Choices):
        chosen = st.multiselect(
            label,
            offered.values,
            default=offered.values,
            label_visibility="collapsed",
            key=key,
            format_func=setting.format_value,
        )
        return Choices(tuple(chosen))
    if offered.log:
        low, high = st.select_slider(
            label,
            list_log_steps(setting, offered),
            (offered.low, offered.high),
            format_func=setting.format_value,
            label_visibility="collapsed",
            key=key,
        )
    else:
        low, high = st.slider(
            label,
            *setting.bounds,
            (offered.low, offered.high),
            offered.step,
            label_visibility="collapsed",
            key=key,
        )
    return dataclasses.replace(offered, low=low, high=high)


def list_log_steps(setting: Setting, offered: Range) -> list[float]:
    """Return the values to which a range may be widened: 1, 2, 3 and 5 times powers of ten.

    They extend a factor of ten beyond both ends of the default range, within the setting's bounds.
    """
    lowest, highest = setting.bounds
    low, high = max(lowest, offered.low / 10), min(highest, offered.high * 10)
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = {float(f"{digit}e{decade}") for decade in decades for digit in (1, 2, 3, 5)}
    return sorted({step for step in steps if low <= step <= high} | {offered.low, offered.high})
