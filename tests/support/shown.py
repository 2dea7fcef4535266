"""What the browser shows for a widget, as opposed to the value that Python computes with."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

KINDS = (
    "number_input", "slider", "select_slider", "selectbox", "radio", "toggle", "checkbox",
    "text_input", "multiselect",
)  # fmt: skip


def read_shown(element: Any) -> Any:
    """Return what a browser shows that mounts the widget from this message alone.

    Args:
        element: a widget of an ``AppTest``; its message carries the default, and a value where
            Python set one.
    """
    proto = element.proto
    match element.type:
        case "slider" | "select_slider":
            values = list(proto.default)
            if len(proto.options):
                values = [proto.options[int(value)] for value in values]
            if proto.set_value:
                values = list(proto.raw_value if len(proto.options) else proto.value)
            return values if len(values) > 1 else values[0]
        case "selectbox" | "radio":
            if proto.set_value:
                return proto.raw_value if proto.HasField("raw_value") else None
            return proto.options[proto.default] if proto.HasField("default") else None
        case "multiselect":
            if proto.set_value:
                return list(proto.raw_values)
            return [proto.options[index] for index in proto.default]
        case "toggle" | "checkbox":
            return proto.value if proto.set_value else proto.default
        case _:
            name = "value" if proto.set_value else "default"
            return getattr(proto, name) if proto.HasField(name) else None


def read_meant(element: Any) -> Any:
    """Return the value that Python computes with, as the browser would show it."""
    value = element.value
    if value is None:
        return None
    if element.type in {"selectbox", "radio", "select_slider", "multiselect"}:
        one = not isinstance(value, list | tuple)
        shown = [element.format_func(item) for item in ([value] if one else value)]
        return shown[0] if one else shown
    return list(value) if isinstance(value, tuple) else value


def find_disagreements(app: AppTest) -> dict[str, tuple[Any, Any]]:
    """Return the widgets whose browser would show another value than Python computes with.

    Returns:
        By label: what is shown, and what is meant.
    """
    found = {}
    for kind in KINDS:
        for element in app.get(kind):
            shown, meant = read_shown(element), read_meant(element)
            if shown != meant:
                found[element.label] = (shown, meant)
    return found
