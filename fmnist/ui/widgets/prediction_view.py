"""The display of a prediction: verdict, ten bars, pictures."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import streamlit as st

from fmnist.charts.probabilities import build_bars
from fmnist.images.encode import encode_png_uri
from fmnist.inference import (
    Verdict,
)
from fmnist.ui.shell.markdown import escape_markdown, escape_name
from fmnist.ui.shell.messages import show_error, show_warning
from fmnist.ui.widgets.predictions import PicturePrediction

_HEAD_START: Final = 0.04
"""Pause after sending the bars, in seconds, so that the browser draws them first: the pictures that
follow keep both cores of a small laptop busy (measured with Chromium)."""


@dataclass(frozen=True)
class Places:
    """Containers for the parts of a prediction, in reading order."""

    verdict: Any
    pictures: Any
    bars: Any


def reserve_places(key: str, pictures: Any = None) -> Places:
    """Create the containers of a prediction before it is computed.

    The browser draws elements in the order in which they arrive; containers created later would
    delay the bars, which a person awaits after each stroke.

    Args:
        key: prefix of the bars' key, ``KEY_bars``; unique on the page.
        pictures: container of the pictures, if not between verdict and bars.
    """
    verdict = st.container()
    pictures = pictures or st.container(horizontal=True)
    return Places(verdict, pictures, st.container(key=f"{key}_bars"))


def render_prediction(
    prediction: PicturePrediction, places: Places, *, compact: bool = False
) -> None:
    """Draw a prediction: the original, the 28×28 image that the network sees, the verdict, bars.

    Args:
        prediction: the prediction.
        places: from ``reserve_places``.
        compact: omit the original.
    """
    read = prediction.read
    if read is None or prediction.y_proba is None or prediction.verdict is None:
        with places.verdict:
            show_error(prediction.error, icon=":material/broken_image:")
        return
    verdict = prediction.verdict
    if verdict.label is not None:
        places.bars.html(build_bars(prediction.y_proba, title="Probability of each class"))
        time.sleep(_HEAD_START)
    with places.verdict:
        _render_verdict(verdict, read.prepared.warning, prediction.reliability)
    # Embedded in the page: separate files would be gone from the server after the next stroke,
    # while a slow browser may still request them.
    with places.pictures:
        if not compact:
            st.image(
                read.preview,
                caption=f"Original: {escape_name(prediction.name)}",
                width=150,
                alt=f"Original: {prediction.name}",
            )
        seen = np.repeat(np.repeat(read.prepared.image, 6, axis=0), 6, axis=1)
        caption = "What the network sees: 28×28"
        st.image(encode_png_uri(seen), caption=caption, width=150, alt=caption)


def _render_verdict(verdict: Verdict, warning: str | None, reliability: str) -> None:
    if verdict.label is None:
        show_warning(warning or verdict.sentence, icon=":material/visibility_off:")
        return
    icon = ":material/check_circle:" if verdict.is_sure else ":material/help:"
    show = st.success if verdict.is_sure else st.warning
    show(f"**{escape_markdown(verdict.sentence)}**", icon=icon)
    if warning:
        st.caption(f":material/warning: {escape_markdown(warning)}")
    if reliability:
        st.caption(reliability)
