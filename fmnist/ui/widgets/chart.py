"""A chart on a page, with its content in words and as a table."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from fmnist.charts.table import build_chart_table

_PLAIN: Final[dict[str, Any]] = {"displayModeBar": False}
"""No toolbar: a double click shows all again. Charts with one leave a row for it above the
title."""

WIDE: Final = 600
"""Pixels that a chart with ten named columns needs over the width of a page."""

NARROW: Final = 420
"""Pixels that such a chart needs beside something else."""


def render_chart(
    figure: go.Figure,
    sentence: str,
    *,
    key: str,
    table: pd.DataFrame | bool = True,
    least_width: int = 0,
    config: dict[str, Any] | None = None,
    **selection: Any,
) -> None:
    """Draw a chart with its text alternative: a sentence, and its table, built when it is opened.

    Args:
        figure: from ``draw_once``.
        sentence: what it shows, with the main figure; read to those who can't see it.
        key: unique on the page.
        table: True takes the values from the figure; a table shows that one; False none, where
            the page has it already or the chart is redrawn while one looks.
        least_width: pixels below which its labels would overlap: a narrower window scrolls over it.
        config: the configuration of Plotly, if the chart has a toolbar.
        selection: ``on_select`` and ``selection_mode`` of ``st.plotly_chart``.
    """
    if least_width:
        st.html(
            f"<style>.st-key-{key} {{ overflow-x: auto; }} "
            f".st-key-{key} > * {{ min-width: {least_width}px; }}</style>"
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
