"""The drawing canvas: mirrored strokes, fills, undo, and an optional starting image."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
import streamlit as st
from cachetools import LRUCache, cached
from numpy.typing import NDArray
from PIL import Image

from fmnist.charts.sheet import decode_png, encode_png
from fmnist.classes import CLASS_NAMES
from fmnist.ui.shell.messages import show_warning
from fmnist.ui.shell.page_state import get_state, read_widget
from fmnist.ui.shell.presentation import is_presenting
from fmnist.ui.shell.style import apply_style
from fmnist.ui.widgets.canvas_tools import BACKGROUND, Brush
from fmnist.ui.widgets.drawing import (
    DOT_RADIUS,
    History,
    Picture,
    build_fills,
    compose_drawing,
    find_dot,
    mirror_object,
)

_UNSEEN: Final = "rgba(0, 0, 0, 0)"
_MIRRORED_BY_STROKE: Final = {"freedraw", "line", "rect", "circle"}
_MIRROR: Final = Path(__file__).with_name("canvas_mirror.js")
_OPEN: Final = (
    "Nothing was filled: the outline around this point is open. Close its gap with the brush, "
    "then fill again."
)


@dataclass
class CanvasState:
    """The state of one canvas in a session."""

    history: History = field(default_factory=History)


def render_canvas(key: str, brush: Brush, *, size: int) -> Picture | None:
    """Draw the canvas with its history buttons; return the drawing, or None if it is empty.

    Args:
        key: unique on the page.
        brush: from ``render_tools``.
        size: width and height in pixels.
    """
    # The import registers a component, which only works inside a running app.
    from streamlit_drawable_canvas import st_canvas

    base, address = _enlarge(brush.base, size)
    history = _get_history(key)
    _render_history(key, history, brush)
    # The background is CSS: a background image makes the canvas send a message once it is loaded,
    # and if the person has left the page by then, Streamlit shows the next page empty.
    apply_style(f"{key}_background", f".st-key-{key} {{ background: {BACKGROUND} }}")
    # The program draws the fill; the point that the canvas draws at the click is transparent.
    color = _UNSEEN if brush.mode == "point" else brush.color
    result = st_canvas(
        fill_color=color,
        stroke_width=brush.width,
        stroke_color=color,
        background_image=address,
        height=size,
        width=size,
        drawing_mode=brush.mode,
        initial_drawing={"objects": history.loaded, "revision": history.revision},
        point_display_radius=DOT_RADIUS,
        return_image_data=True,
        key=key,
        on_change=partial(_take_action, key, history, brush, base),
    )
    if history.note:
        show_warning(history.note, icon=":material/format_color_fill:")
    if not is_presenting():
        st.caption(
            "Light on dark, as in the data set; an outline is filled before it is classified. A "
            "polygon closes with a click on its first corner."
        )
    if not history.present and brush.base is None:
        return None
    # The canvas sends no report before the first stroke.
    sent = result.image_bytes
    strokes = np.zeros_like(base) if sent is None else decode_png(sent, size)
    return compose_drawing(np.asarray(strokes, np.uint8), base)


def _get_history(key: str) -> History:
    """Return the history of a canvas; a new one if the canvas was not on the page before."""
    state = get_state(CanvasState, key)
    if read_widget(key) is None:
        state.history = History()
    return state.history


def _render_history(key: str, history: History, brush: Brush) -> None:
    """Draw Undo, Redo and Clear, and the browser script that mirrors and reports strokes."""
    with st.container(horizontal=True):
        for label, icon, act, can_act in (
            ("Undo", "undo", history.undo, bool(history.past)),
            ("Redo", "redo", history.redo, bool(history.future)),
            ("Clear", "delete", history.clear, bool(history.present)),
        ):
            st.button(
                label,
                icon=f":material/{icon}:",
                key=f"{key}_{label.lower()}",
                on_click=act,
                disabled=not can_act,
            )
        # Registered here: registering only works inside a running app.
        mirror = st.components.v2.component("fmnist_mirror", js=_MIRROR.read_text("utf-8"))
        mirrors = brush.is_mirrored and brush.mode in _MIRRORED_BY_STROKE
        # The canvas reports a polygon once it is closed.
        data = {"canvas": key, "mirrored": mirrors, "reports": brush.mode != "polygon"}
        mirror(key=f"{key}_mirror_strokes", data=data)


def _take_action(key: str, history: History, brush: Brush, base: Picture) -> None:
    """Record what the person did on the canvas, and complete what the canvas can't do itself."""
    reported = read_widget(key)["drawing"]
    if not history.receive(reported["raw"]["objects"]) or not history.present:
        return
    *before, last = history.present
    place = find_dot(last)
    if brush.mode == "point" and place:
        data = base64.b64decode(reported["data"].partition(",")[2])
        strokes = decode_png(data, len(base))
        tones = compose_drawing(strokes, base)[..., 0]
        fills = build_fills(tones, place, brush.color, is_mirrored=brush.is_mirrored)
        if fills:
            history.replace([*before, *fills])
        else:
            history.reject(_OPEN)
    elif brush.mode == "polygon" and brush.is_mirrored and last["type"] == "Polygon":
        history.replace([*history.present, mirror_object(last, width=base.shape[1])])


def _identify(base: NDArray[np.uint8] | None, size: int) -> tuple[bytes, int]:
    return b"" if base is None else base.tobytes(), size


@cached(LRUCache(len(CLASS_NAMES)), key=_identify, lock=Lock())
def _enlarge(base: NDArray[np.uint8] | None, size: int) -> tuple[Picture, str | None]:
    """Return the starting image and its data URI, None if there is none; cached between strokes."""
    tones, address = np.zeros((size, size), np.uint8), None
    if base is not None:
        tones = np.asarray(Image.fromarray(base).resize((size, size), Image.Resampling.BICUBIC))
        address = encode_png(tones)
    return np.dstack([tones, tones, tones, np.full_like(tones, 255)]), address
