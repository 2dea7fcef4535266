"""A run's curve in the Watch view: scaled, smoothed, with its best epoch marked.

Unlike the others, it is a Vega-Lite chart. Streamlit replaces a Plotly chart's element whenever its
values change, so a live chart would blank several times a second; a Vega-Lite chart is updated in
place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from fmnist.charts.theme import ACCENT_COLOR, TEXT_SIZE, TRAIN_COLOR, VALIDATION_COLOR
from fmnist.charts.training import MARKED_EPOCHS, Columns

CURVE_HEIGHT: Final = 262

TRAINING, SMOOTHED, VALIDATION = "training", "smoothed", "validation"
BEST, SHOWN = "best epoch", "epoch shown"

_COLORS: Final = {TRAINING: TRAIN_COLOR, VALIDATION: VALIDATION_COLOR, BEST: ACCENT_COLOR}
_STAR: Final = "M0,.5L.6,.8L.5,.1L1,-.3L.3,-.4L0,-1L-.3,-.4L-1,-.3L-.5,.1L-.6,.8Z"


_UNSPOKEN: Final[dict[str, Any]] = {"aria": False}
"""A screen reader reads the sentence of the chart, not each of its marks."""


@dataclass(frozen=True, slots=True)
class CurveStyle:
    """The style of a curve.

    Attributes:
        is_log: whether the loss has a logarithmic axis.
        by_batch: whether the horizontal axis counts batches rather than epochs.
        smoothing: weight of earlier values in the exponential moving average of the training line,
            0 (none) to below 1.
    """

    is_log: bool = False
    by_batch: bool = False
    smoothing: float = 0.0


def build_curve_table(
    steps: Columns, history: Columns, metric: str, style: CurveStyle, *, epoch: int | None = None
) -> pd.DataFrame:
    """Return the points of a curve.

    Args:
        steps: columns of ``steps.csv``, thinned; may be empty.
        history: columns of ``history.csv``, may be empty.
        metric: ``"loss"`` or ``"accuracy"``.
        style: axis and smoothing.
        epoch: the epoch marked by a line; None for no line.

    Returns:
        ``x`` in epochs or batches, ``y`` in nats or percent, ``series``: the training line, the
        same smoothed, validation, the best epoch, the epoch shown.
    """
    unit = 100.0 if metric == "accuracy" else 1.0
    width = compute_batches(steps) if style.by_batch else 1.0
    at = _read(steps, "epoch") * width
    values = _read(steps, metric) * unit
    epochs = _read(history, "epoch") * width
    validation = _read(history, f"val_{metric}") * unit
    parts = [(TRAINING, at, values)]
    if style.smoothing and len(values):
        smooth = pd.Series(values).ewm(alpha=1 - style.smoothing).mean().to_numpy()
        parts.append((SMOOTHED, at, smooth))
    if len(validation):
        best = [int(np.argmax(_read(history, "val_accuracy")))]
        parts += [(VALIDATION, epochs, validation), (BEST, epochs[best], validation[best])]
    if epoch is not None:
        parts.append((SHOWN, np.array([epoch * width]), np.array([np.nan])))
    return pd.concat(
        [pd.DataFrame({"x": x, "y": y, "series": name}) for name, x, y in parts],
        ignore_index=True,
    )


def build_curve_points(
    steps: Columns, history: Columns, metric: str, style: CurveStyle, *, epoch: int | None = None
) -> pa.Table:
    """Return the points of ``build_curve_table`` in serialised form.

    Streamlit would convert a frame for each of fifty sessions, in threads: 4 ms per curve
    (measured).
    """
    table = build_curve_table(steps, history, metric, style, epoch=epoch)
    return pa.Table.from_pandas(table, preserve_index=False, nthreads=1)


def build_curve_spec(
    metric: str, style: CurveStyle, *, end: float, epochs: int, text_size: int = TEXT_SIZE
) -> dict[str, Any]:
    """Return the Vega-Lite chart of the points of ``build_curve_table``.

    Args:
        metric: ``"loss"`` or ``"accuracy"``.
        style: as for the points.
        end: right end of the axis, in epochs or batches.
        epochs: of the whole run.
        text_size: pixels.
    """
    marked = float(epochs <= MARKED_EPOCHS)
    title = "Loss (nats)" if metric == "loss" else "Accuracy (%)"
    kind = "log" if style.is_log and metric == "loss" else "linear"
    x = {
        "field": "x",
        "type": "quantitative",
        "title": "Batch" if style.by_batch else "Epoch",
        "scale": {"domain": [0, end]},
        "axis": {"grid": False},
    }
    y = {
        "field": "y",
        "type": "quantitative",
        "title": title,
        "scale": {"type": kind, "zero": False},
        # A fixed width for the numbers, so that the lines do not move.
        "axis": {"minExtent": 36, "tickCount": 5},
    }
    color = {
        "field": "series",
        "type": "nominal",
        "scale": {"domain": list(_COLORS), "range": list(_COLORS.values())},
        "legend": {"orient": "top", "title": None},
    }
    faint = 0.35 if style.smoothing else 1.0
    hover = [
        {"field": "series", "title": "Line"},
        {"field": "x", "title": x["title"], "format": ".2f"},
        {"field": "y", "title": title, "format": ".3f" if metric == "loss" else ".1f"},
    ]

    def layer(name: str, series: str, mark: dict[str, Any], **encoding: Any) -> dict[str, Any]:
        return {
            "name": name,
            "transform": [{"filter": {"field": "series", "equal": series}}],
            "mark": mark | _UNSPOKEN,
            "encoding": {"x": x, "y": y, "color": color} | encoding,
        }

    plain = {"value": TRAIN_COLOR}
    return {
        "height": CURVE_HEIGHT,
        "config": {
            part: {"labelFontSize": text_size, "titleFontSize": text_size}
            for part in ("axis", "legend")
        },
        "layer": [
            layer("training", TRAINING, {"type": "line", "strokeWidth": 1.5, "opacity": faint}),
            layer("smoothed", SMOOTHED, {"type": "line", "strokeWidth": 2.5}, color=plain),
            layer("validation", VALIDATION, {"type": "line", "strokeWidth": 3}),
            layer("hover", TRAINING, {"type": "point", "opacity": 0, "size": 80}, tooltip=hover),
            layer(
                "validation_points",
                VALIDATION,
                {"type": "point", "filled": True, "opacity": marked, "size": 45},
                tooltip=hover,
            ),
            layer(
                "best",
                BEST,
                {"type": "point", "filled": True, "opacity": 1, "shape": _STAR, "size": 170},
                tooltip=hover,
            ),
            {
                "name": "shown",
                "transform": [{"filter": {"field": "series", "equal": SHOWN}}],
                "mark": {"type": "rule", "strokeDash": [3, 3], "strokeWidth": 2} | _UNSPOKEN,
                "encoding": {"x": x, "color": {"value": ACCENT_COLOR}},
            },
        ],
    }


def compute_batches(steps: Columns) -> float:
    """Return the number of batches per epoch from the last recorded row; 1 if there is none."""
    step, epoch = _read(steps, "step"), _read(steps, "epoch")
    return float(step[-1] / epoch[-1]) if len(step) and epoch[-1] else 1.0


def _read(columns: Columns, name: str) -> NDArray[np.float64]:
    return np.asarray(columns.get(name, ()), np.float64)
