"""The tools of the drawing canvas: one row of icons, and the selected settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.classes import CLASS_NAMES
from fmnist.ui.shell.presentation import is_presenting
from fmnist.ui.shell.style import apply_style

BACKGROUND: Final = "#000000"

LoadStart = Callable[[int, str], NDArray[np.uint8]]
"""Returns the image, uint8 ``(28, 28)``, of a label and ``"Mean"`` or ``"Outline"``."""


class _Tool(NamedTuple):
    mode: str
    icon: str


_TOOLS: Final = {
    "Brush": _Tool("freedraw", "brush"),
    "Eraser": _Tool("freedraw", "ink_eraser"),
    "Line": _Tool("line", "pen_size_2"),
    "Rectangle": _Tool("rect", "rectangle"),
    "Ellipse": _Tool("circle", "circle"),
    "Polygon": _Tool("polygon", "pentagon"),
    "Fill": _Tool("point", "format_color_fill"),
}
_GREYS: Final = {"Light": "#f2f2f2", "Medium": "#a8a8a8", "Dark": "#606060"}
_STROKED: Final = {"Brush", "Eraser", "Line"}
_WIDTH: Final = 22

_NARROW: Final = 640
_NARROW_PRESENTED: Final = 1250
"""Window width, in pixels, below which the tools don't fit in one row and scroll sideways."""

_STYLE: Final = """
@media (max-width: {narrow}px) {{
    .{row} {{ flex-wrap: nowrap; overflow-x: auto; scrollbar-width: thin; padding-bottom: 2px; }}
    .{row} > * {{ flex-shrink: 0; }}
}}
.{row} [data-testid=stButtonGroup] button p {{ font-size: 0; }}
.{row} [data-testid=stButtonGroup] button {{ padding-inline: 0.6rem; }}
"""

_NAME: Final = """
.{row} .{group} button:nth-of-type({number}):is(:hover, :focus-visible)::after {{
    content: "{name}"; position: absolute; top: 100%; z-index: 9; font-size: 0.8rem;
    padding: 0 0.4rem; border-radius: 0.3rem; background: #1f2937; color: #fff; }}
"""

_TINT: Final = """
.{row} .{group} button:nth-of-type({number}) [data-testid=stIconMaterial] {{
    color: {color}; background: {color}; border-radius: 50%; outline: 1px solid #808080; }}
"""


@dataclass(frozen=True)
class Brush:
    """The settings of the canvas.

    Attributes:
        mode: drawing mode of the canvas component.
        color: CSS color.
        width: line width in pixels.
        is_mirrored: whether each stroke is mirrored.
        base: the starting image, uint8 ``(28, 28)``; None for an empty canvas.
    """

    mode: str
    color: str
    width: int
    is_mirrored: bool = False
    base: NDArray[np.uint8] | None = None


def render_tools(key: str, load: LoadStart | None = None) -> Brush:
    """Draw the tools of a canvas in one row, which scrolls if it is narrow; return the settings.

    Args:
        key: the key of the canvas.
        load: if given, a drawing may start from a class's mean or outline.
    """
    apply_style(f"{key}_tools", _build_style(key))
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_tools"
    ):
        tool = st.segmented_control(
            "Tool",
            list(_TOOLS),
            format_func=lambda name: f":material/{_TOOLS[name].icon}: {name}",
            default="Brush",
            required=True,
            key=f"{key}_tool",
            label_visibility="collapsed",
        )
        tone = st.segmented_control(
            "Tone",
            list(_GREYS),
            format_func=lambda name: f":material/circle: {name}",
            default="Light",
            required=True,
            key=f"{key}_tone",
            label_visibility="collapsed",
        )
        width = _render_width(f"{key}_width")
        mirrored = st.toggle(
            "Mirror", key=f"{key}_mirror", help="Repeats each stroke on the other half."
        )
        base = None if load is None else _render_start(f"{key}_base", load)
    color = BACKGROUND if tool == "Eraser" else _GREYS[tone]
    return Brush(_TOOLS[tool].mode, color, width if tool in _STROKED else 2, mirrored, base)


def _render_width(key: str) -> int:
    with st.popover("Size", icon=":material/line_weight:", help="Brush size"):
        return st.slider(
            "Brush size (pixels)",
            2,
            60,
            _WIDTH,
            key=key,
            help="Network pixels are 10 to 14 of these. An outline may be thin: it is filled.",
        )


def _render_start(key: str, load: LoadStart) -> NDArray[np.uint8] | None:
    """Draw the choice of starting image: a class's mean or outline, or none."""
    with st.popover("Start from", icon=":material/layers:", help="Something to draw over"):
        what = st.selectbox("Start from", ["Nothing", "Mean", "Outline"], key=key)
        if what == "Nothing":
            return None
        label = st.selectbox(
            "of",
            range(len(CLASS_NAMES)),
            format_func=CLASS_NAMES.__getitem__,
            key=f"{key}_class",
        )
    return load(label, what)


def _build_style(key: str) -> str:
    """Return CSS that shows the names of tools and tones on hover instead of next to the icons."""
    row = f"st-key-{key}_tools"
    style = _STYLE.format(row=row, narrow=_NARROW_PRESENTED if is_presenting() else _NARROW)
    for group, names in (("tool", _TOOLS), ("tone", _GREYS)):
        for number, name in enumerate(names, start=1):
            place = {"row": row, "group": f"st-key-{key}_{group}", "number": number}
            style += _NAME.format(**place, name=name)
            if name in _GREYS:
                style += _TINT.format(**place, color=_GREYS[name])
    return style
