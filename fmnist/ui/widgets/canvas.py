"""The drawing canvas: tools, symmetry, filling, and something to start from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import cv2
import numpy as np
import streamlit as st
from cachetools import LRUCache, cached
from numpy.typing import NDArray
from PIL import Image

from fmnist.charts.sheet import encode_png
from fmnist.classes import CLASS_NAMES

Picture = NDArray[np.uint8]
"""uint8 RGBA ``(h, w, 4)``."""

_TOOLS: Final = {
    "Brush": "freedraw",
    "Eraser": "freedraw",
    "Line": "line",
    "Rectangle": "rect",
    "Ellipse": "circle",
    "Polygon": "polygon",
    "Fill": "point",
}
_GREYS: Final = {"Light": "#f2f2f2", "Medium": "#a8a8a8", "Dark": "#606060"}
_GROUND: Final = "#000000"
_STROKED: Final = {"Brush", "Eraser", "Line"}
_FILL_TOLERANCE: Final = 24
_BESIDE: Final = 6  # pixels from a fill's dot, which is drawn itself, to what it fills


@dataclass(frozen=True)
class Brush:
    """How the canvas draws.

    Attributes:
        mode: of the canvas.
        color: in CSS.
        width: in pixels.
        is_mirrored: whether the right half repeats the left one, and the other way round.
        base: what the drawing begins with, uint8 ``(28, 28)``; None: nothing.
    """

    mode: str
    color: str
    width: int
    is_mirrored: bool = False
    base: NDArray[np.uint8] | None = None


def render_tools(key: str) -> Brush:
    """Draw the tools of a canvas in one row and return what is chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        tool = st.segmented_control(
            "Tool", list(_TOOLS), default="Brush", required=True, key=f"{key}_tool"
        )
        tone = st.segmented_control(
            "Tone", list(_GREYS), default="Light", required=True, key=f"{key}_tone"
        )
        width = st.slider(
            "Brush size (pixels)", 2, 60, 22, key=f"{key}_width", width=180,
            help="Network pixels are 10 to 14 of these. An outline may be thin: it is filled.",
        )  # fmt: skip
        mirrored = st.toggle("Mirror", key=f"{key}_mirror", help="Both halves become alike.")
    color = _GROUND if tool == "Eraser" else _GREYS[tone]
    return Brush(_TOOLS[tool], color, width if tool in _STROKED else 2, mirrored)


def render_start(
    key: str, load: Callable[[int, str], NDArray[np.uint8]]
) -> NDArray[np.uint8] | None:
    """Let the person begin with a class's mean or outline, uint8 ``(28, 28)``; None: with nothing.

    Args:
        key: unique on the page.
        load: gives, for a label and ``"Mean"`` or ``"Outline"``, what to begin with.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        what = st.selectbox(
            "Begin with", ["Nothing", "Mean", "Outline"], key=f"{key}_base", width=140
        )
        if what == "Nothing":
            return None
        label = st.selectbox(
            "of", range(len(CLASS_NAMES)), format_func=CLASS_NAMES.__getitem__,
            key=f"{key}_base_class", width=180,
        )  # fmt: skip
    return load(label, what)


def render_canvas(key: str, brush: Brush, *, size: int) -> Picture | None:
    """Draw the canvas and return the drawing, or None while there is none.

    Args:
        key: unique on the page.
        brush: as ``render_tools`` returns it.
        size: width and height in pixels.
    """
    # Registers a component when imported, which only works inside a running app.
    from streamlit_drawable_canvas import st_canvas

    base, address = _enlarge(brush.base, size)
    # Painted from outside: a picture given to the canvas is answered as soon as it is loaded, and
    # to a person who has gone to another page by then Streamlit shows an empty one.
    st.html(f"<style>.st-key-{key} {{ background: {_GROUND} }}</style>")
    result = st_canvas(
        fill_color=brush.color,
        stroke_width=brush.width,
        stroke_color=brush.color,
        background_image=address,
        height=size,
        width=size,
        drawing_mode=brush.mode,
        point_display_radius=2,
        return_image_data=True,
        key=key,
    )
    st.caption(
        "Light on dark, as in the data set; an outline is filled. The bar above the drawing has "
        "undo, redo and clear. A polygon closes with a click on its first corner."
    )
    drawing: dict[str, Any] = result.json_data or {}
    objects = drawing.get("objects") or []
    if not objects and brush.base is None:
        return None
    # The canvas tells nothing before the first stroke.
    strokes = np.zeros_like(base) if result.image_data is None else result.image_data
    return compose_drawing(
        np.asarray(strokes, np.uint8), base, objects, is_mirrored=brush.is_mirrored
    )


def compose_drawing(
    strokes: Picture, base: Picture, objects: list[dict[str, Any]], *, is_mirrored: bool
) -> Picture:
    """Lay strokes over what the drawing began with, pour what was filled, and mirror.

    Args:
        strokes: transparent where nothing was drawn.
        base: opaque, of the same size.
        objects: what was drawn, as the canvas tells it; dots are places to fill.
        is_mirrored: let each half repeat what is drawn in the other.
    """
    alpha = strokes[..., 3].astype(np.float32) / 255
    drawn = cv2.cvtColor(strokes, cv2.COLOR_RGBA2GRAY)
    tones = np.round(drawn * alpha + base[..., 0] * (1 - alpha)).astype(np.uint8)
    for each in objects:
        if each.get("type") == "Circle" and float(each.get("radius", 0)) <= _BESIDE:
            tones = _pour(tones, each)
    if is_mirrored:
        tones = np.where(tones == 0, tones[:, ::-1], tones)
    return np.dstack([tones, tones, tones, np.full_like(tones, 255)])


def _pour(tones: NDArray[np.uint8], dot: dict[str, Any]) -> NDArray[np.uint8]:
    """Fill the area around a dot with the dot's tone."""
    height, width = tones.shape
    x, y = int(dot.get("left", 0)), int(dot.get("top", 0))
    place = min(max(x + _BESIDE, 0), width - 1), min(max(y, 0), height - 1)
    color = str(dot.get("fill") or dot.get("stroke") or "#ffffff").lstrip("#")
    tone = int(color[:2], 16) if len(color) >= 6 else 255
    poured = tones.copy()
    cv2.floodFill(poured, None, place, tone, _FILL_TOLERANCE, _FILL_TOLERANCE)
    return poured


def _identify(base: NDArray[np.uint8] | None, size: int) -> tuple[bytes, int]:
    return b"" if base is None else base.tobytes(), size


@cached(LRUCache(len(CLASS_NAMES)), key=_identify, lock=Lock())
def _enlarge(base: NDArray[np.uint8] | None, size: int) -> tuple[Picture, str | None]:
    """Return what a drawing begins with, and its data URI, None of nothing: each stroke asks."""
    tones, address = np.zeros((size, size), np.uint8), None
    if base is not None:
        tones = np.asarray(Image.fromarray(base).resize((size, size), Image.Resampling.BICUBIC))
        address = encode_png(tones)
    return np.dstack([tones, tones, tones, np.full_like(tones, 255)]), address
