"""Charts of the Pixel statistics page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from fmnist.charts.explore_images import plot_images
from fmnist.charts.theme import (
    ACCENT_COLOR,
    CLASS_COLORS,
    MUTED_COLOR,
    SEQUENTIAL,
    TEXT_SIZE,
    apply_layout,
)
from fmnist.classes import CLASS_NAMES, N_CLASSES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fmnist.explore.pixels import PixelStatistics

_BIN = 8
_BIN_STARTS = np.arange(0, 256, _BIN)


def plot_histogram(statistics: PixelStatistics) -> go.Figure:
    """Plot the histogram of all intensities above 0, in bins of eight levels."""
    share = _bin_shares(statistics.histogram.sum(axis=0))
    figure = go.Figure(
        go.Bar(
            x=_BIN_STARTS + _BIN / 2,
            y=share,
            width=_BIN * 0.92,
            marker_color=ACCENT_COLOR,
            customdata=_name_bins(),
            hovertemplate="intensity %{customdata}: %{y:.1%} of garment pixels<extra></extra>",
        )
    )
    apply_layout(
        figure,
        title="Intensities of all garment pixels",
        x_title="intensity (1–255)",
        y_title="share of pixels above 0",
        height=320,
    )
    return figure.update_yaxes(tickformat=".0%")


def plot_class_histograms(statistics: PixelStatistics) -> go.Figure:
    """Plot the histogram of each class, with that of all classes as a grey line."""
    titles = {"x": "intensity (1–255)", "y": "share of pixels above 0"}
    figure = make_subplots(
        rows=2,
        cols=5,
        subplot_titles=CLASS_NAMES,
        shared_xaxes=True,
        shared_yaxes=True,
        horizontal_spacing=0.02,
        vertical_spacing=0.14,
        x_title=titles["x"],
        y_title=titles["y"],
    )
    centres, overall = _BIN_STARTS + _BIN / 2, _bin_shares(statistics.histogram.sum(axis=0))
    for label, name in enumerate(CLASS_NAMES):
        place = {"row": label // 5 + 1, "col": label % 5 + 1}
        figure.add_scatter(
            x=centres,
            y=_bin_shares(statistics.histogram[label]),
            name=name,
            mode="lines",
            line={"color": CLASS_COLORS[label], "width": 2, "shape": "hvh"},
            fill="tozeroy",
            customdata=_name_bins(),
            hovertemplate=f"{name}<br>intensity %{{customdata}}: %{{y:.1%}}<extra></extra>",
            **place,
        )
        figure.add_scatter(
            x=centres,
            y=overall,
            mode="lines",
            line={"color": MUTED_COLOR, "width": 1.5},
            hoverinfo="skip",
            **place,
        )
    apply_layout(figure, title="Intensities by class", height=430)
    figure.update_annotations(font={"size": TEXT_SIZE})
    figure.update_xaxes(tickvals=[0, 100, 200], range=[0, 256])
    highest = max(max(trace.y) for trace in figure.data)
    figure.update_yaxes(tickformat=".0%", range=[0, highest * 1.05])
    return figure.update_layout(showlegend=False, margin={"t": 76, "l": 64, "b": 56}, meta=titles)


def plot_mean_images(statistics: PixelStatistics) -> go.Figure:
    """Plot the mean image of each class."""
    return plot_images(
        list(statistics.mean),
        CLASS_NAMES,
        title="Mean image of each class",
        unit="mean intensity",
        colorbar_title="intensity (0–255)",
    )


def plot_std_images(statistics: PixelStatistics) -> go.Figure:
    """Plot the standard deviation of each pixel within each class."""
    return plot_images(
        list(statistics.std),
        CLASS_NAMES,
        title="Standard deviation within each class",
        unit="standard deviation",
        colorscale=SEQUENTIAL,
        value_range=None,
        colorbar_title="grey levels",
    )


def plot_variance(statistics: PixelStatistics) -> go.Figure:
    """Plot the variance of each pixel over all images."""
    figure = go.Figure(
        go.Heatmap(
            z=statistics.overall_std**2,
            customdata=statistics.overall_std,
            x0=1,
            y0=1,
            colorscale=SEQUENTIAL,
            colorbar={"title": {"text": "grey levels²", "side": "right"}, "thickness": 12},
            hovertemplate="row %{y}, column %{x}<br>variance %{z:,.0f}<br>"
            "standard deviation %{customdata:.1f}<extra></extra>",
        )
    )
    title = "Variance of each pixel over all images"
    apply_layout(figure, title=title, x_title="column", y_title="row", height=440)
    figure.update_xaxes(constrain="domain", showgrid=False)
    return figure.update_yaxes(autorange="reversed", scaleanchor="x", showgrid=False)


def plot_empty_share(statistics: PixelStatistics) -> go.Figure:
    """Plot the share of pixels that are 0 in each class, emptiest first."""
    share = statistics.empty_share
    order = np.argsort(-np.nan_to_num(share), kind="stable")
    figure = go.Figure(
        go.Bar(
            x=[CLASS_NAMES[label] for label in order],
            y=share[order],
            marker_color=[CLASS_COLORS[label] for label in order],
            texttemplate="%{y:.0%}",
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{x}: %{y:.1%} of pixels are 0<extra></extra>",
        )
    )
    title = "Empty pixels by class"
    apply_layout(figure, title=title, x_title="class", y_title="share of pixels at 0")
    return figure.update_yaxes(tickformat=".0%", range=[0, 1])


def plot_brightness(statistics: PixelStatistics) -> go.Figure:
    """Plot the spread of the images' mean intensity in each class, brightest first."""
    order = np.argsort(-np.nan_to_num(statistics.brightness_mean), kind="stable")
    figure = go.Figure()
    for label in order[statistics.counts[order] > 0]:
        low, first, median, third, high = statistics.brightness_quantiles[label]
        figure.add_box(
            x=[CLASS_NAMES[label]],
            lowerfence=[low],
            q1=[first],
            median=[median],
            q3=[third],
            upperfence=[high],
            mean=[statistics.brightness_mean[label]],
            name=CLASS_NAMES[label],
            marker_color=CLASS_COLORS[label],
        )
    apply_layout(
        figure,
        title="Mean brightness of the images in each class",
        x_title="class (box: middle half, whiskers:<br>90% of images, dashed: mean)",
        y_title="mean intensity (0–255)",
    )
    return figure.update_layout(showlegend=False).update_yaxes(rangemode="tozero")


def plot_distances(statistics: PixelStatistics) -> go.Figure:
    """Plot the Euclidean distances between the classes' mean images."""
    distances = np.where(np.eye(N_CLASSES, dtype=bool), np.nan, statistics.distances)
    figure = go.Figure()
    _add_numbered_cells(
        figure,
        distances,
        threshold=float(np.nanmean([np.nanmin(distances), np.nanmax(distances)])),
        x=CLASS_NAMES,
        y=CLASS_NAMES,
        texttemplate="%{z:,.0f}",
        hovertemplate="%{y} to %{x}<br>distance %{z:,.0f}<extra></extra>",
    )
    title = "Distance between mean images"
    apply_layout(figure, title=title, x_title="class", y_title="class", height=540)
    colorbar = {"title": {"text": "Euclidean, intensities 0–255", "side": "right"}, "thickness": 12}
    figure.update_layout(coloraxis={"colorscale": SEQUENTIAL, "colorbar": colorbar})
    figure.update_xaxes(showgrid=False)
    return figure.update_yaxes(autorange="reversed", showgrid=False)


def _add_numbered_cells(
    figure: go.Figure, values: NDArray[Any], *, threshold: float, **settings: Any
) -> None:
    """Add a heat map with its values written in, white on dark and black on bright cells.

    These are two traces on the figure's colour axis, since a trace has one text colour.

    Args:
        figure: modified in place.
        values: ``(rows, columns)``; ``nan`` leaves a cell empty.
        threshold: cells above it are bright.
        settings: arguments of both ``go.Heatmap`` traces.
    """
    for cells, color in ((values <= threshold, "white"), (values > threshold, "black")):
        figure.add_heatmap(
            z=np.where(cells, values, np.nan),
            coloraxis="coloraxis",
            textfont={"color": color},
            hoverongaps=False,
            **settings,
        )


def _bin_shares(histogram: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the share of pixels above 0 in each bin of eight levels; zeros if there are none."""
    garment = histogram.copy()
    garment[0] = 0
    return np.asarray(np.add.reduceat(garment, _BIN_STARTS) / max(int(garment.sum()), 1))


def _name_bins() -> list[str]:
    return [f"{max(start, 1)}–{start + _BIN - 1}" for start in _BIN_STARTS]
