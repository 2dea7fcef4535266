from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from fmnist.charts.cache import draw_once
from fmnist.charts.explore_images import plot_images
from fmnist.charts.pixel_statistics import (
    plot_brightness,
    plot_class_histograms,
    plot_distances,
    plot_empty_share,
    plot_variance,
)
from fmnist.charts.table import build_chart_table
from fmnist.charts.training import plot_curve
from fmnist.classes import CLASS_NAMES
from fmnist.explore.pixels import PixelStatistics, compute_pixel_statistics


@pytest.fixture(scope="module")
def statistics() -> PixelStatistics:
    y = np.arange(30, dtype=np.uint8) % 10
    rng = np.random.default_rng(0)
    return compute_pixel_statistics(rng.integers(0, 256, (30, 28, 28), dtype=np.uint8), y)


def test_bars_are_rows_named_as_the_axes(statistics):
    table = build_chart_table(draw_once(plot_empty_share, statistics))
    assert list(table.columns) == ["class", "share of pixels at 0"]
    shares = dict(zip(CLASS_NAMES, statistics.empty_share, strict=True))
    assert dict(table.to_numpy()) == pytest.approx(shares)


def test_series_are_named_and_decoration_is_left_out(statistics):
    table = build_chart_table(draw_once(plot_class_histograms, statistics))
    assert list(table.columns) == ["Series", "intensity (1–255)", "share of pixels above 0"]
    assert list(table["Series"].unique()) == list(CLASS_NAMES)
    assert len(table) == 10 * 32


def test_curves_keep_their_own_points():
    steps = {"epoch": np.array([0.5, 1.0, 1.5]), "loss": np.array([0.9, 0.7, 0.6])}
    history = {"epoch": np.array([1.0]), "val_loss": np.array([0.65])}
    table = build_chart_table(plot_curve(steps, history, "loss", epochs=2))
    assert table.to_numpy().tolist() == [
        ["training, batches", 0.5, 0.9],
        ["training, batches", 1.0, 0.7],
        ["training, batches", 1.5, 0.6],
        ["validation", 1.0, 0.65],
    ]


def test_boxes_have_their_quartiles(statistics):
    table = build_chart_table(draw_once(plot_brightness, statistics)).set_index("Series")
    expected = statistics.brightness_quantiles[CLASS_NAMES.index("Bag"), 2]
    assert table.loc["Bag", "Median"] == pytest.approx(expected)


def test_the_parts_of_a_heat_map_are_one_matrix(statistics):
    table = build_chart_table(draw_once(plot_distances, statistics))
    assert list(table.index) == list(table.columns) == list(CLASS_NAMES)
    off = ~np.eye(10, dtype=bool)
    assert table.to_numpy()[off] == pytest.approx(statistics.distances[off])


def test_rows_and_columns_without_names_count_from_one(statistics):
    table = build_chart_table(draw_once(plot_variance, statistics))
    assert table.loc[28, "1"] == pytest.approx(statistics.overall_std[27, 0] ** 2)


@pytest.mark.parametrize(
    ("names", "columns"),
    [(["Bag", "Coat"], ["Bag", "Coat"]), (["Bag", "Bag<br>row 7"], ["Bag (1)", "Bag (2)"])],
)
def test_images_are_a_column_each_and_a_row_a_pixel(names, columns):
    images = np.arange(2 * 784, dtype=np.float64).reshape(2, 28, 28)
    table = build_chart_table(draw_once(plot_images, list(images), names, title="Two"))
    assert list(table.columns) == ["Row", "Column", *columns]
    assert table.iloc[28].tolist() == [2, 1, 28, 784 + 28]


def test_an_empty_figure_has_an_empty_table():
    assert build_chart_table(go.Figure()).empty
