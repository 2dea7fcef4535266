"""Items of a run, shown as pictures or rows, with the ten probabilities of the chosen one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from fmnist.charts.probabilities import build_bars
from fmnist.evaluation import compute_page_count, get_probabilities, select_page
from fmnist.ui.widgets.gallery import render_sheet

Images = npt.NDArray[np.uint8]

ENLARGED: Final = 8
"""Screen pixels a pixel of the one picture that is shown large."""

_ROW_COLUMNS: Final[dict[str, Any]] = {
    "index": st.column_config.NumberColumn("Image", format="%d"),
    "true_class": "True class",
    "predicted_class": "Predicted class",
    "confidence": st.column_config.NumberColumn("Confidence", format="percent"),
}


def render_items(
    items: pd.DataFrame,
    images: Images | None,
    *,
    captions: Callable[[pd.DataFrame], list[str]],
    key: str,
    columns: int,
    page_size: int,
) -> pd.DataFrame:
    """Draw one page of items, to be clicked, and return the chosen one as a table of one row.

    The first item of the page is the chosen one until another is clicked.

    Args:
        items: rows of the item table, at least one, in the order to show them.
        images: uint8 (n, 28, 28), the whole test set; None draws rows instead of pictures.
        captions: makes one short line a picture out of the rows that are shown.
        key: names the widgets; another selection of items needs another key.
        columns: pictures side by side.
        page_size: items on a page.
    """
    sheet = st.container()
    page = 1
    n_pages = compute_page_count(len(items), page_size)
    if n_pages > 1:
        page = st.pagination(n_pages, key=f"{key}_page", max_visible_pages=5)
    shown = select_page(items, page, page_size)
    with sheet:
        if images is None:
            chosen = _render_rows(shown, key=f"{key}_rows_{page}")
        else:
            pictures = images[shown["index"].to_numpy()]
            chosen = render_sheet(
                pictures,
                captions(shown),
                key=f"{key}_sheet_{page}",
                columns=columns,
                tile_pixels=72,
            )
    return shown.iloc[[chosen or 0]].reset_index(drop=True)


def _render_rows(shown: pd.DataFrame, *, key: str) -> int | None:
    event = st.dataframe(
        shown,
        column_order=list(_ROW_COLUMNS),
        column_config=_ROW_COLUMNS,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row-required",
        key=key,
    )
    rows = event.selection.rows
    return rows[0] if rows else None


def render_item(item: pd.DataFrame, images: Images | None, *, key: str) -> None:
    """Draw one item large, with its classes in words and its ten probabilities.

    Args:
        item: one row of the item table.
        images: uint8 (n, 28, 28), the whole test set; None leaves the picture out.
        key: names the bars.
    """
    row = item.iloc[0]
    name = f"Test image {row['index']:,}"
    verb = "recognised as" if row["correct"] else "taken for"
    answer = f"{row['true_class']} {verb} {row['predicted_class']}"
    bars = build_bars(get_probabilities(item, 0), title=answer, true_label=row["true_label"])
    colors = (
        "Orange: the answer." if row["correct"] else "Orange: the answer; blue: the true class."
    )
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            if images is not None:
                large = np.kron(images[row["index"]], np.ones((ENLARGED, ENLARGED), np.uint8))
                st.image(large, caption=f"{name}: {row['true_class']}", width="content")
            with st.container(key=key):
                st.html(bars)
        st.caption(f"{name}. {colors}")


def format_percent(share: float, digits: int = 1) -> str:
    """Return a share 0..1 as a percentage."""
    return f"{100 * share:.{digits}f}%"
