"""The selected item of a run, enlarged, with its ten probabilities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from fmnist.charts.probabilities import build_bars
from fmnist.data.dataset import SplitName
from fmnist.evaluation.mistakes import get_probabilities
from fmnist.runs import Run
from fmnist.ui.widgets.item_explanations import render_item_explanations
from fmnist.ui.widgets.items import ENLARGED, Images, render_judge_link


def render_item(
    run: Run,
    item: pd.DataFrame,
    images: Images | None,
    *,
    key: str,
    split: SplitName = "test",
) -> None:
    """Draw one item enlarged, with its classes, ten probabilities and, optionally, explanations.

    Args:
        run: the run that classified it.
        item: one row of the item table.
        images: uint8 ``(n, 28, 28)``, the whole split; None omits picture and explanations.
        key: prefix of the bars' key.
        split: the split of the item.
    """
    row = item.iloc[0]
    name = f"{'Test' if split == 'test' else 'Training'} image {row['index']:,}"
    title = f"{row['true_class']} classified as {row['predicted_class']}"
    bars = build_bars(get_probabilities(item, 0), title=title, true_label=row["true_label"])
    colors = "Orange: the predicted class."
    if not row["correct"]:
        colors = "Orange: the predicted class; blue: the true class."
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            if images is not None:
                large = np.kron(images[row["index"]], np.ones((ENLARGED, ENLARGED), np.uint8))
                what = f"{name}: {row['true_class']}"
                st.image(large, caption=what, width="content", alt=what)
            with st.container(key=key):
                st.html(bars)
        st.caption(f"{name}. {colors}")
        if images is not None:
            label = int(row["predicted_label"])
            render_item_explanations(run, images[row["index"]], label, key=f"{key}_explain")
            if run.model_path is not None and split == "test":
                st.page_link(
                    "pages/inside.py",
                    label="Look inside the network",
                    icon=":material/frame_inspect:",
                    query_params={"run": run.run_id, "item": str(row["index"])},
                )
            render_judge_link(split, int(row["index"]))
