"""What each decision of a recipe brought, from recorded runs."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from fmnist.charts.ablation import plot_losses
from fmnist.networks.ablation import DECISIONS, Ablation, load_ablation


def render_ablation(network: str) -> None:
    """Draw chart and table of a network's recorded ablation, or say that there is none."""
    ablation = load_ablation(network)
    if ablation is None:
        st.caption(f"No ablation of {network} is recorded; `make ablation` would make one.")
        return
    st.plotly_chart(
        plot_losses(ablation), key="ablation", config={"displayModeBar": False}
    )  # fmt: skip
    st.caption(_describe(ablation))
    st.dataframe(
        _build_table(ablation), hide_index=True, key="ablation_table",
        column_config={
            "Why": st.column_config.TextColumn(width="large"),
            "Validation accuracy": st.column_config.NumberColumn(format="%.2f%%"),
            "Difference (points)": st.column_config.NumberColumn(format="%+.2f"),
            "Training time (s)": st.column_config.NumberColumn(format="%.0f"),
        },
    )  # fmt: skip


def _describe(ablation: Ablation) -> str:
    seeds = len(ablation.whole)
    spread = (
        f"±{ablation.spread * 100:.2f} points between its {seeds} seeds: the band"
        if not math.isnan(ablation.spread) else "one seed, so no spread is known"
    )  # fmt: skip
    return (
        f"Each bar: one run of {ablation.epochs} epochs in which one decision is taken back, "
        f"against the whole recipe's mean of {ablation.mean:.2%} on {ablation.n_validation:,} "
        f"validation images ({spread}). One seed each: what lies within the band shows nothing. "
        "In so short a run, what keeps a network from learning by heart can cost more than it "
        "brings: the quick preset goes without dropout for that reason, the default recipe keeps "
        f"it. Measured on {ablation.hardware}."
    )


def _build_table(ablation: Ablation) -> pd.DataFrame:
    rows = [("The whole recipe", f"Seed {row.seed}.", row) for row in ablation.whole]
    rows += [
        (f"Without: {DECISIONS[row.decision].title.lower()}", DECISIONS[row.decision].reason, row)
        for row in ablation.rows
        if row.decision in DECISIONS
    ]
    return pd.DataFrame(
        {
            "Run": [title for title, _, _ in rows],
            "Validation accuracy": [row.validation * 100 for _, _, row in rows],
            "Difference (points)": [(row.validation - ablation.mean) * 100 for _, _, row in rows],
            "Training time (s)": [row.seconds for _, _, row in rows],
            "Precision": [row.precision for _, _, row in rows],
            "Why": [why for _, why, _ in rows],
            "Command": [row.command for _, _, row in rows],
        }
    )
