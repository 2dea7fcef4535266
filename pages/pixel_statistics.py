"""Statistics of the training images' pixels, and their consequences for preprocessing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import plotly.graph_objects as go
import streamlit as st

from fmnist.charts import pixel_statistics as charts
from fmnist.charts.cache import draw_once
from fmnist.data import Dataset
from fmnist.explore import insights
from fmnist.explore.pixels import PixelStatistics, compute_pixel_statistics
from fmnist.ui.shell.frame import open_page
from fmnist.ui.shell.presentation import is_presenting, render_parts
from fmnist.ui.shell.resources import get_dataset
from fmnist.ui.shell.url import render_choice
from fmnist.ui.widgets.chart import WIDE, render_chart

Chart = tuple[Callable[[PixelStatistics], go.Figure], Callable[[PixelStatistics], str]]

VIEWS: dict[str, dict[str, Chart]] = {
    "All pixels": {"All pixels": (charts.plot_histogram, insights.describe_histogram)},
    "By class": {"By class": (charts.plot_class_histograms, insights.describe_class_histograms)},
    "Mean and spread": {
        "Mean images": (charts.plot_mean_images, insights.describe_means),
        "Spread": (charts.plot_std_images, insights.describe_spread),
        "Variance": (charts.plot_variance, insights.describe_variance),
    },
    "Empty pixels and brightness": {
        "Empty pixels": (charts.plot_empty_share, insights.describe_empty),
        "Brightness": (charts.plot_brightness, insights.describe_brightness),
    },
    "Distances": {"Distances": (charts.plot_distances, insights.describe_distances)},
}


@st.cache_resource(max_entries=2, show_spinner="Computing the statistics of all pixels…")
def _compute_statistics(_dataset: Dataset, fingerprint: str) -> PixelStatistics:  # noqa: ARG001
    return compute_pixel_statistics(_dataset.x_train, _dataset.y_train)


def _render_metrics(statistics: PixelStatistics) -> None:
    mean, std = statistics.level
    empty = statistics.histogram[:, 0].sum() / statistics.histogram.sum()
    with st.container(horizontal=True):
        st.metric("Training images", f"{statistics.n_images:,}", border=True)
        st.metric("Mean intensity", f"{mean:.1f}", border=True, help="Over all pixels, 0–255.")
        st.metric("Standard deviation", f"{std:.1f}", border=True, help="Over all pixels, 0–255.")
        st.metric("Empty pixels", f"{empty:.1%}", border=True, help="Share of pixels that are 0.")


def _render_view(statistics: PixelStatistics) -> None:
    for chart in VIEWS[render_choice("View", list(VIEWS), key="view")].values():
        _render_chart(statistics, *chart)


def _render_chart(
    statistics: PixelStatistics,
    plot: Callable[[PixelStatistics], go.Figure],
    describe: Callable[[PixelStatistics], str],
) -> None:
    with st.container(border=True):
        sentence = describe(statistics)
        render_chart(draw_once(plot, statistics), sentence, key=plot.__name__, min_width=WIDE)
        st.caption(sentence)


def _render_preprocessing(statistics: PixelStatistics) -> None:
    with st.container(border=True):
        st.header("What this means for preprocessing")
        st.markdown("\n".join(f"* {line}" for line in insights.describe_preprocessing(statistics)))


with open_page(
    "Pixel statistics",
    intro="Intensity, empty pixels and similarity of the training images. Choose a view.",
):
    data = get_dataset()
    pixels = _compute_statistics(data, data.fingerprints["train"])
    if is_presenting():
        every_chart = {name: chart for view in VIEWS.values() for name, chart in view.items()}
        drawn = {name: partial(_render_chart, pixels, *c) for name, c in every_chart.items()}
        render_parts({**drawn, "Preprocessing": partial(_render_preprocessing, pixels)})
    else:
        _render_metrics(pixels)
        _render_view(pixels)
        _render_preprocessing(pixels)
