"""Pictures divided into cells, side by side; a click selects a cell. They scroll sideways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

import streamlit as st

from fmnist.classes import IMAGE_SIZE
from fmnist.ui.shell.page_state import read_widget

_HTML: Final = '<div class="grids" role="group" tabindex="0"></div>'

_CSS: Final = """
.grids { display: flex; gap: 1.25rem; align-items: flex-start; overflow-x: auto;
  padding: 0 0.3rem 0.75rem; font-family: var(--st-font); color: var(--st-text-color); }
.grids:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
figure { margin: 0; flex: none; }
figcaption { font-size: 0.8rem; line-height: 1.35; padding-bottom: 0.35rem; white-space: nowrap; }
figcaption b, figcaption span { display: block; }
figcaption span { opacity: 0.75; }
.picture { position: relative; }
.picture.is-clickable { cursor: pointer; }
.picture img { display: block; width: 100%; height: 100%; image-rendering: pixelated;
  user-select: none; -webkit-user-drag: none; }
.chosen, .box { position: absolute; box-sizing: border-box; pointer-events: none; }
.chosen { outline: 2px solid var(--st-primary-color); box-shadow: 0 0 0 3px #fff; }
.box { outline: 2px solid #fff; box-shadow: 0 0 0 4px var(--st-primary-color); }
[hidden] { display: none; }
"""


@dataclass(frozen=True)
class Grid:
    """One picture.

    Attributes:
        title: shown above it.
        note: shown below the title; may be empty.
        source: a data URI.
        width: in screen pixels.
        height: in screen pixels.
        alt: its text alternative.
        columns: cells per row.
        rows: number of rows.
        count: number of clickable cells, row by row.
        unit: what a click selects: a cell, or the whole stage.
        chosen: the highlighted cell, or None.
        box: left, top, width and height, as fractions, of a highlighted part, or None.
    """

    title: str
    note: str
    source: str
    width: int
    height: int
    alt: str
    columns: int = 1
    rows: int = 1
    count: int = 0
    unit: Literal["map", "pixel", "stage"] = "map"
    chosen: int | None = None
    box: tuple[float, float, float, float] | None = None


def frame_box(field: tuple[int, int, int, int]) -> tuple[float, float, float, float]:
    """Convert top, left, bottom, right of an image's part, inclusive, to the box of a picture."""
    top, left, bottom, right = field
    height, width = bottom - top + 1, right - left + 1
    return left / IMAGE_SIZE, top / IMAGE_SIZE, width / IMAGE_SIZE, height / IMAGE_SIZE


def render_grids(
    label: str, grids: Sequence[Grid], take: Callable[[int, int], object], *, key: str
) -> None:
    """Draw pictures side by side.

    Args:
        label: the accessible label of the group.
        grids: the pictures.
        take: called with the index of the picture and of the clicked cell.
        key: unique on the page.
    """

    def take_click() -> None:
        place = read_click(getattr(read_widget(key), "click", None), grids)
        if place is not None:
            take(*place)

    # Registered here: registering only works inside a running app.
    component = st.components.v2.component(
        "fmnist_grids",
        html=_HTML,
        css=_CSS,
        js=Path(__file__).with_suffix(".js").read_text("utf-8"),
    )
    component(
        key=key,
        data={"label": label, "figures": [asdict(grid) for grid in grids]},
        on_click_change=take_click,
    )


def read_click(click: Any, grids: Sequence[Grid]) -> tuple[int, int] | None:
    """Return picture and cell of a click in the browser; None if the message is invalid."""
    values = click if isinstance(click, dict) else {}
    figure, cell = values.get("figure"), values.get("cell")
    if type(figure) is not int or type(cell) is not int:
        return None
    is_there = 0 <= figure < len(grids) and 0 <= cell < grids[figure].count
    return (figure, cell) if is_there else None
