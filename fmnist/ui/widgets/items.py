"""Test items as pictures or rows, one of which is selected, and where their pictures come from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from fmnist import settings
from fmnist.classes import CLASS_NAMES, N_CLASSES
from fmnist.data.dataset import SplitName
from fmnist.errors import DataError
from fmnist.evaluation.mistakes import compute_page_count, select_page
from fmnist.runs import Report
from fmnist.ui.shell.messages import show_info
from fmnist.ui.shell.resources import get_dataset
from fmnist.ui.widgets.gallery import render_sheet

Images = npt.NDArray[np.uint8]
FindImages = Callable[[], Images | None]

ENLARGED: Final = 8
"""Screen pixels per pixel of the enlarged picture."""

_ROW_COLUMNS: Final[dict[str, Any]] = {
    "index": st.column_config.NumberColumn("Image", format="%d"),
    "true_class": "True class",
    "predicted_class": "Predicted class",
    "confidence": st.column_config.NumberColumn("Confidence", format="percent"),
}


ANY_CLASS: Final = -1
"""Value of an inactive class filter."""


def render_items(
    items: pd.DataFrame,
    images: Images | None,
    *,
    captions: Callable[[pd.DataFrame], list[str]],
    key: str,
    page_size: int,
) -> pd.DataFrame:
    """Draw one page of items and return the selected one as a table of one row.

    The first item of the page is selected by default.

    Args:
        items: rows of the item table, at least one, in display order.
        images: uint8 ``(n, 28, 28)``, the whole split; None draws rows instead of pictures.
        captions: returns one short line per picture for the rows shown.
        key: prefix of the widgets' keys; must differ for each selection of items.
        page_size: number of items per page.
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
            chosen = render_sheet(pictures, captions(shown), key=f"{key}_sheet_{page}")
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


def format_percent(share: float, digits: int = 1) -> str:
    """Return a fraction, 0 to 1, as a percentage."""
    return f"{100 * share:.{digits}f}%"


def select_class(label: str, key: str, *, index: int = 0, with_any: bool = False) -> int:
    """Draw a select box of the classes and return the chosen label, or ``ANY_CLASS``.

    Args:
        label: the label of the box.
        key: unique on the page.
        index: index of the default option.
        with_any: whether to offer "any class".
    """
    options = [*([ANY_CLASS] if with_any else []), *range(N_CLASSES)]
    chosen: int = st.selectbox(
        label,
        options,
        index,
        format_func=lambda k: "Any" if k == ANY_CLASS else CLASS_NAMES[k],
        key=key,
    )
    return chosen


def render_judge_link(split: SplitName, row: int) -> None:
    """Draw a link to the Labels page, to judge the label of an image.

    Args:
        split: the split of the image in the data set in use.
        row: its row in the split, from 0.
    """
    st.page_link(
        "pages/labels.py",
        label="Judge this label",
        icon=":material/label:",
        query_params={"image": f"{split}-{row}"},
    )


def find_images(fingerprint: str, report: Report) -> Images | None:
    """Return the run's test images, uint8 ``(n, 28, 28)``; if they are missing, say why: None.

    Args:
        fingerprint: the fingerprint of the test set that the run was tested on.
        report: the run's report, which names that data set.
    """
    try:
        dataset = get_dataset()
        if dataset.fingerprints["test"] == fingerprint:
            return dataset.x_test
        reason = f"another data set is in use ({dataset.source.label})"
    except DataError as error:
        reason = f"the data can't be used. {error}".removesuffix(".")
    remedy = (
        "The run was tested on the demo set, which is in use while the archive is empty"
        if report.data.get("kind") == "demo"
        else f"Put the data set of the run into {settings.archive_dir()} and reload the page"
    )
    show_info(
        "The figures come from the run's stored predictions; only its pictures are missing: "
        f"{reason}. {remedy}.",
        icon=":material/hide_image:",
    )
    return None
