"""Manual overrides of the pipeline: its tones, and steps switched off."""

from __future__ import annotations

from typing import Final, Literal

import streamlit as st

from fmnist.images import Overrides

Polarity = Literal["auto", "negate", "keep"]

_POLARITIES: Final[dict[Polarity, str]] = {
    "auto": "Automatic",
    "negate": "Negate",
    "keep": "Keep",
}


def render_overrides(chosen: Overrides, key: str) -> Overrides:
    """Draw the controls that override the pipeline, and return their values.

    Args:
        chosen: the values to begin with.
        key: unique for the picture.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        polarity = st.segmented_control(
            "Tones",
            list(_POLARITIES),
            format_func=_POLARITIES.__getitem__,
            default=chosen.polarity,
            required=True,
            key=f"{key}_polarity",
        )
        find = st.toggle("Remove the background", value=chosen.find, key=f"{key}_find")
        crop = st.toggle("Crop", value=chosen.crop, key=f"{key}_crop")
        tones = st.toggle("Match tones and fill outlines", value=chosen.tones, key=f"{key}_tones")
    return Overrides(polarity, find, crop, tones)
