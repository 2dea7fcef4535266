"""The conclusion of a comparison, with its counts, also to copy."""

from __future__ import annotations

import streamlit as st

from fmnist.comparison.conclusion import (
    Spreads,
    conclude,
    format_markdown,
    format_p,
    format_points,
)
from fmnist.comparison.pair import RunPair
from fmnist.ui.shell.glossary import glossary
from fmnist.ui.shell.markdown import escape_markdown


def render_summary(pair: RunPair, spreads: Spreads) -> None:
    """Draw the conclusion in words and the counts behind it.

    Args:
        pair: the two runs.
        spreads: the spreads of their test accuracies over seeds.
    """
    result = pair.result
    st.markdown(escape_markdown(conclude(pair, spreads)))
    with st.container(horizontal=True):
        for label, value, note, term in (
            (
                "Fixed by B",
                f"{result.fixed:,}",
                f"of {result.fixed + result.both_wrong:,} mistakes of A",
                None,
            ),
            (
                "Broken by B",
                f"{result.broken:,}",
                f"of {result.both_right + result.broken:,} that A gets right",
                None,
            ),
            (
                "Difference",
                f"{format_points(result.difference)} points",
                f"95% interval {format_points(result.low)} to {format_points(result.high)}",
                "confidence interval",
            ),
            ("McNemar", format_p(result.p_value), "exact, two-sided", "McNemar test"),
        ):
            st.metric(
                label,
                value,
                note,
                delta_color="off",
                delta_arrow="off",
                border=True,
                help=glossary(term) if term else None,
            )
    popover = st.popover(
        "Copy as Markdown",
        icon=":material/content_copy:",
        key="compare_markdown",
        on_change="rerun",
    )
    if popover.open:
        popover.code(format_markdown(pair, spreads), language="markdown", wrap_lines=True)
    st.caption(
        "Choosing between runs by their test accuracy makes that accuracy slightly optimistic: "
        "choose by validation, and read the test once."
    )
