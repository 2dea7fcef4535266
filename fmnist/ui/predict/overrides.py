"""Where a person overrides the pipeline: a box, another candidate mask, steps switched off."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import streamlit as st
from PIL import Image

from fmnist.images import Overrides, Prepared
from fmnist.images.encode import encode_png_uri
from fmnist.images.records import Pixels
from fmnist.ui.shell.page_state import Field, get_state

Polarity = Literal["auto", "negate", "keep"]

_POLARITIES: Final[dict[Polarity, str]] = {
    "auto": "Automatic",
    "negate": "Negate",
    "keep": "Keep",
}
_SIDE: Final = 360
_LEAST: Final = 12  # pixels of the shown picture; a smaller box was drawn by mistake


def render_box(picture: Pixels, key: str) -> tuple[float, float, float, float] | None:
    """Draw the picture as a canvas for boxes and return the last box; None while there is none.

    Args:
        picture: uint8 RGBA ``(h, w, 4)``.
        key: unique for the picture.

    Returns:
        Left, top, right, bottom, as shares of width and height, 0 to 1.
    """
    # Registers a component when imported, which only works inside a running app.
    from streamlit_drawable_canvas import st_canvas

    height, width = picture.shape[:2]
    scale = _SIDE / max(height, width)
    shown = max(1, round(width * scale)), max(1, round(height * scale))
    result = st_canvas(
        fill_color="rgba(255, 180, 0, 0.15)",
        stroke_color="#ffb400",
        stroke_width=2,
        background_image=Image.fromarray(picture).resize(shown),
        width=shown[0],
        height=shown[1],
        drawing_mode="labeled_rect",
        label="garment",
        key=key,
    )
    boxes = [box for box in result.boxes if min(box["width"], box["height"]) >= _LEAST]
    if not boxes:
        st.caption("Drag a box around the garment.")
        return None
    box = boxes[-1]
    right, bottom = box["left"] + box["width"], box["top"] + box["height"]
    return box["left"] / shown[0], box["top"] / shown[1], right / shown[0], bottom / shown[1]


def render_overrides(prepared: Prepared, picture: Pixels, key: str) -> Overrides:
    """Draw the controls that override the pipeline, and return what the person decided.

    Args:
        prepared: the result without overrides; with all candidate masks, if they shall be shown.
        picture: as given.
        key: unique for the picture.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        polarity = st.segmented_control(
            "Tones",
            list(_POLARITIES),
            format_func=_POLARITIES.__getitem__,
            default="auto",
            required=True,
            key=f"{key}_polarity",
        )
        find = st.toggle("Remove the background", value=True, key=f"{key}_find")
        crop = st.toggle("Crop", value=True, key=f"{key}_crop")
        tones = st.toggle("Match tones and fill outlines", value=True, key=f"{key}_tones")
        boxed = st.toggle("Draw a box", key=f"{key}_boxed", help="Use only a part of the picture.")
    box = render_box(picture, f"{key}_box") if boxed else None
    choice = get_state(Field, f"{key}_candidate")
    candidate = choice.value if find and box is None else None
    if find and box is None and len(prepared.candidates) > 1:
        _render_candidates(prepared, choice, key)
    return Overrides(polarity, find, crop, tones, box, candidate)


def _render_candidates(prepared: Prepared, choice: Field, key: str) -> None:
    """Draw the candidate masks, a button each that makes it the choice."""
    chosen = choice.value or 0
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for number, mask in enumerate(prepared.candidates):
            with st.container(width=130):
                size = (*mask.shape, 3)
                picture = next(s.picture for s in prepared.steps if s.picture.shape == size)
                shown = np.where(mask[..., None], picture, picture // 5)
                st.image(encode_png_uri(shown), width=110)
                st.button(
                    "Used" if number == chosen else "Use this",
                    key=f"{key}_candidate_{number}",
                    disabled=number == chosen,
                    on_click=choice.set,
                    args=(number,),
                )
