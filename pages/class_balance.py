"""The number of images of each class, and duplicate images."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.class_balance import plot_class_counts
from fmnist.csv_export import format_csv
from fmnist.data import Dataset
from fmnist.explore.balance import (
    build_balance_table,
    compute_imbalance,
    count_classes,
    describe_balance,
)
from fmnist.ui.explore.duplicates import render_duplicates
from fmnist.ui.shell.frame import open_page
from fmnist.ui.shell.presentation import is_presenting, render_parts
from fmnist.ui.shell.resources import get_dataset
from fmnist.ui.widgets.chart import WIDE, render_chart


def _render_metrics(dataset: Dataset) -> None:
    with st.container(horizontal=True):
        st.metric("Training images", f"{len(dataset.x_train):,}", border=True)
        st.metric("Test images", f"{len(dataset.x_test):,}", border=True)
        for name, y in (("Training", dataset.y_train), ("Test", dataset.y_test)):
            ratio = compute_imbalance(count_classes(y))
            label = f"{name}: largest ÷ smallest class"
            st.metric(
                label,
                f"{ratio:.2f}",
                border=True,
                help="1.00: all classes have the same number of images.",
            )


def _render_counts(dataset: Dataset, table: pd.DataFrame) -> None:
    if not is_presenting():
        _render_metrics(dataset)
    with st.container(border=True):
        render_chart(
            draw_once(plot_class_counts, table),
            sentence := describe_balance(table),
            key="class_counts",
            table=table,
            min_width=WIDE,
        )
        st.caption(sentence)
        st.download_button(
            "Download counts and shares as CSV",
            lambda: format_csv(table),
            "class_balance.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )


with open_page(
    "Class balance",
    intro="The number of images of each class in both splits, and duplicate images.",
):
    data = get_dataset()
    table = build_balance_table(data)
    render_parts(
        {
            "Images of each class": partial(_render_counts, data, table),
            "Duplicates": partial(render_duplicates, data),
        }
    )
