"""One widget for each setting of the table ``fmnist.runs.settings_spec``."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.runs.setting import Setting


def render_setting(
    setting: Setting, value: Any, key: str, place: DeltaGenerator | None = None
) -> Any:
    """Draw the widget of a setting and return its value.

    Args:
        setting: any setting except those whose widget is ``own``.
        value: the initial value; passed as an argument, never through the key.
        key: the key of the widget.
        place: the column to draw in; None for the current position.
    """
    draw: Any = st if place is None else place
    value = setting.type(value)  # a JSON file may hold 0 for 0.0, which a number field refuses
    match setting.widget:
        case "switch":
            return draw.toggle(setting.label, value, key=key, help=setting.help)
        case "slider":
            return draw.slider(
                setting.label,
                setting.low,
                setting.high,
                value,
                setting.step,
                key=key,
                help=setting.help,
            )
        case "number":
            low, high, step = map(setting.type, (setting.low, setting.high, setting.step))
            return draw.number_input(
                setting.label, low, high, value, step, setting.format, key=key, help=setting.help
            )
    options: list[Any] = list(setting.choices) or sorted({value, *setting.offered})
    if setting.widget == "scale":
        return draw.select_slider(
            setting.label, options, value, setting.format_value, key=key, help=setting.help
        )
    return draw.selectbox(
        setting.label,
        options,
        options.index(value),
        setting.format_value,
        key=key,
        help=setting.help,
    )
