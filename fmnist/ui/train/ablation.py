"""The ablation study of a network's recipe, from recorded runs."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from fmnist.charts.ablation import plot_losses
from fmnist.charts.cache import draw_once
from fmnist.networks.ablation import ALTERNATIVES, DECISIONS, Ablation, load_ablation
from fmnist.ui.widgets.chart import render_chart


def render_ablation(network: str) -> None:
    """Draw the chart and table of a network's recorded ablation, or say that there is none."""
    ablation = load_ablation(network)
    if ablation is None:
        st.caption(f"No ablation of {network} is recorded; `make ablation` would make one.")
        return
    sentence = _describe(ablation)
    render_chart(draw_once(plot_losses, ablation), sentence, key="ablation", table=False)
    st.caption(sentence)
    st.dataframe(
        _build_table(ablation),
        hide_index=True,
        key="ablation_table",
        column_config={
            "Why": st.column_config.TextColumn(width="large"),
            "Validation accuracy": st.column_config.NumberColumn(format="%.2f%%"),
            "Lost (points)": st.column_config.NumberColumn(format="%+.2f"),
            "Training time (s)": st.column_config.NumberColumn(format="%.0f"),
        },
    )


def _describe(ablation: Ablation) -> str:
    seeds = len(ablation.whole)
    spread = (
        f"; the band is the standard deviation between its {seeds} seeds, "
        f"±{ablation.spread * 100:.2f} points"
        if not math.isnan(ablation.spread)
        else "; one seed, so its spread is unknown"
    )
    return (
        "A bar to the right: accuracy falls by so much without that decision of the recipe, or "
        "with another one, taken instead of the recipe's own or added to it. A bar to the left: it "
        "rises. "
        f"Each bar is one run of {ablation.epochs} epochs with one seed, "
        f"compared with the whole recipe ({ablation.mean:.2%} on {ablation.n_validation:,} "
        f"validation images{spread}). Bars within the band show no effect. In such short runs, "
        "dropout and other means against overfitting can cost more than they bring: the quick "
        f"preset has no dropout for that reason. Measured on {ablation.hardware}."
    )


def _build_table(ablation: Ablation) -> pd.DataFrame:
    rows = [("The whole recipe", f"Seed {row.seed}.", row) for row in ablation.whole]
    for way, decisions in (("Without", DECISIONS), ("With", ALTERNATIVES)):
        rows += [
            (f"{way}: {decisions[row.decision].title}", decisions[row.decision].reason, row)
            for row in ablation.rows
            if row.decision in decisions
        ]
    return pd.DataFrame(
        {
            "Run": [title for title, _, _ in rows],
            "Validation accuracy": [row.validation * 100 for _, _, row in rows],
            "Lost (points)": [(ablation.mean - row.validation) * 100 for _, _, row in rows],
            "Training time (s)": [row.seconds for _, _, row in rows],
            "Precision": [row.precision for _, _, row in rows],
            "Why": [why for _, why, _ in rows],
            "Command": [row.command for _, _, row in rows],
        }
    )
