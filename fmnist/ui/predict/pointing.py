"""Selects the garment in a photo by a tap, a box, or one of the cut-outs."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import streamlit as st

from fmnist.images import Overrides, Prepared
from fmnist.images.encode import encode_preview
from fmnist.images.records import Pixels
from fmnist.ui.shell.page_state import read_widget

_SIDE: Final = 480
_THUMBNAIL: Final = 112
_ALIKE: Final = 0.01
"""Minimum fraction of the picture in which two cut-outs must differ for both to be shown."""

_HTML: Final = """
<div class="pointing">
  <div class="picture" tabindex="0" role="group"
    aria-label="Tap the garment, or drag a box around it; arrows and Enter also work"
    ><img draggable="false"><span class="mark" hidden></span></div>
  <button class="again" type="button" hidden>Find the garment automatically</button>
  <div class="row"></div>
  <button class="more" type="button" hidden>Show other cut-outs</button>
</div>
"""

_CSS: Final = """
.picture { position: relative; cursor: crosshair; touch-action: none; }
.picture img { display: block; width: 100%; border-radius: 0.4rem;
  user-select: none; -webkit-user-drag: none; }
.picture:focus-visible, button:focus-visible { outline: 3px solid var(--st-primary-color);
  outline-offset: 2px; }
.mark { position: absolute; box-sizing: border-box; border: 2px solid #fff; border-radius: 2px;
  box-shadow: 0 0 0 2px #000; pointer-events: none; }
.mark.is-point { width: 18px; height: 18px; border-radius: 50%; transform: translate(-50%, -50%); }
.row { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-top: 0.5rem; }
.row button { padding: 3px; cursor: pointer; background: none; line-height: 0;
  border: 2px solid var(--st-border-color); border-radius: 0.4rem; }
.row button[aria-pressed="true"] { border-color: var(--st-primary-color); }
.row img { max-width: 88px; max-height: 88px; border-radius: 0.2rem; }
.again, .more { display: block; margin-top: 0.5rem; padding: 0.3rem 0.75rem; cursor: pointer;
  font: 0.875rem var(--st-font); color: var(--st-text-color);
  background: var(--st-background-color); border: 1px solid var(--st-border-color);
  border-radius: var(--st-button-radius); }
.again[hidden], .more[hidden] { display: none; }
"""


def read_pointing(key: str) -> Overrides:
    """Return the person's choices for a picture so far."""
    return read_choice(getattr(read_widget(key), "choice", None))


def read_choice(choice: Any) -> Overrides:
    """Return the overrides for a choice sent by the browser; an invalid choice is ignored.

    Args:
        choice: ``point`` or ``box``, lists of fractions, ``candidate``, an index, and ``every``,
            a boolean; each optional.
    """
    values = choice if isinstance(choice, dict) else {}
    point, box = _read_shares(values.get("point"), 2), _read_shares(values.get("box"), 4)
    candidate = values.get("candidate")
    is_number = isinstance(candidate, int) and not isinstance(candidate, bool) and candidate >= 0
    return Overrides(
        point=None if point is None or box is not None else (point[0], point[1]),
        box=None if box is None else (box[0], box[1], box[2], box[3]),
        candidate=candidate if is_number else None,
        every=values.get("every") is True,
    )


def _read_shares(values: Any, count: Literal[2, 4]) -> list[float] | None:
    if not isinstance(values, list) or len(values) != count:
        return None
    if not all(isinstance(value, int | float) and math.isfinite(value) for value in values):
        return None
    return [min(max(float(value), 0.0), 1.0) for value in values]


def render_pointing(picture: Pixels, prepared: Prepared, chosen: Overrides, key: str) -> None:
    """Draw the photo to tap, and the cut-outs to choose from.

    Args:
        picture: uint8 RGBA ``(h, w, 4)``, as given.
        prepared: the result of the pipeline; its cut-outs are shown if they are all there are.
        chosen: the result of ``read_pointing``.
        key: unique for the picture.
    """
    below = " Below: the cut-outs found." if prepared.is_complete else ""
    st.caption(f"Tap the garment that is meant, or drag a box around it.{below}")
    # Registered here: registering only works inside a running app.
    component = st.components.v2.component(
        "fmnist_pointing",
        html=_HTML,
        css=_CSS,
        js=Path(__file__).with_suffix(".js").read_text("utf-8"),
    )
    point = {} if chosen.point is None else {"point": list(chosen.point)}
    box = {} if chosen.box is None else {"box": list(chosen.box)}
    component(
        key=key,
        data={
            "picture": encode_preview(picture, _SIDE, is_photo=True),
            "ratio": picture.shape[1] / picture.shape[0],
            "alt": "The picture as given",
            "choice": point | box,
            "isChosen": replace(chosen, every=False) != Overrides(),
            "isComplete": prepared.is_complete,
            "candidates": build_thumbnails(prepared) if prepared.is_complete else [],
            "used": chosen.candidate or 0,
        },
        default={"choice": {}},
        on_choice_change=lambda: None,
    )


def build_thumbnails(prepared: Prepared) -> list[dict[str, Any]]:
    """Return the distinct cut-outs: each candidate's ``number``, and ``source``, a data URI."""
    shown: list[tuple[int, Any]] = []
    for number, mask in enumerate(prepared.candidates):
        if all((mask != other).mean() > _ALIKE for _, other in shown):
            shown.append((number, mask))
    thumbnails = []
    for number, mask in shown:
        size = (*mask.shape, 3)
        rgb = next(step.picture for step in prepared.steps if step.picture.shape == size)
        cut = np.where(mask[..., None], rgb, rgb // 5)
        opaque = np.dstack([cut, np.full(mask.shape, 255, np.uint8)])
        source = encode_preview(opaque, _THUMBNAIL, is_photo=True)
        thumbnails.append({"number": number, "source": source})
    return thumbnails
