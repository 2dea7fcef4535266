"""The summaries of all runs, with a bar where reading them takes long."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

import streamlit as st

from fmnist.runs import Run, RunSummary, load_summary

BAR_SECONDS: Final = 1.0
"""When a bar appears: with ten thousand runs, the first page of a server reads for seconds."""


def load_summaries(runs: Sequence[Run]) -> list[RunSummary]:
    """Read the summaries of runs, in their order."""
    summaries, shown, bar = [], time.monotonic(), None
    for number, run in enumerate(runs):
        summaries.append(load_summary(run))
        if time.monotonic() - shown > BAR_SECONDS:
            bar, shown = bar or st.empty(), time.monotonic()
            bar.progress(number / len(runs), f"Reading {len(runs):,} runs")
    if bar is not None:
        bar.empty()
    return summaries
