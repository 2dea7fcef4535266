"""A chart on a page, with a text alternative and a table."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from fmnist.charts.table import build_chart_table

_PLAIN: Final[dict[str, Any]] = {"displayModeBar": False}
"""No toolbar: a double click resets the zoom. Charts with a toolbar reserve a row above the
title."""

WIDE: Final = 600
"""Minimum width, in pixels, of a full-width chart with ten named columns."""


def render_chart(
    figure: go.Figure,
    sentence: str,
    *,
    key: str,
    table: pd.DataFrame | bool = True,
    min_width: int = 0,
    config: dict[str, Any] | None = None,
    **selection: Any,
) -> None:
    """Draw a chart with its text alternative: a sentence, and a table that is built on demand.

    Args:
        figure: from ``draw_once``.
        sentence: what the chart shows, with the main figure; for screen readers.
        key: unique on the page.
        table: True extracts the values from the figure; a table is shown as it is; False shows
            none, if the page already has one or the chart is redrawn while in view.
        min_width: minimum width in pixels to keep labels from overlapping; a narrower window
            scrolls.
        config: Plotly's configuration, if the chart has a toolbar.
        selection: ``on_select`` and ``selection_mode`` of ``st.plotly_chart``.
    """
    if min_width:
        st.html(
            f"<style>.st-key-{key} {{ overflow-x: auto; }} "
            f".st-key-{key} > * {{ min-width: {min_width}px; }}</style>"
        )
    st.plotly_chart(figure, key=key, config=config or _PLAIN, alt=sentence, **selection)
    if table is False:
        return
    expander = st.expander(
        "As a table",
        icon=":material/table:",
        type="compact",
        key=f"{key}_table",
        on_change="rerun",
    )
    if expander.open:
        shown = build_chart_table(figure) if table is True else table
        is_counted = isinstance(shown.index, pd.RangeIndex)
        expander.dataframe(shown, hide_index=is_counted, alt=sentence)
