"""The values of a chart as a table, as a text alternative."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

_BOX: Final = {
    "Lower whisker": "lowerfence",
    "First quartile": "q1",
    "Median": "median",
    "Third quartile": "q3",
    "Upper whisker": "upperfence",
    "Mean": "mean",
}


def build_chart_table(figure: go.Figure) -> pd.DataFrame:
    """Return the values that a figure draws.

    Bars, lines and points: one row each, with the name of the series if there are several. Boxes:
    one row each with its quartiles. Heat maps: rows and columns as drawn; several named ones, such
    as images, become one column each with one row per pixel. Traces without hover text and name are
    decoration and are left out.

    Args:
        figure: a figure of ``fmnist.charts``; may come from ``draw_once``.
    """
    chart = figure.to_dict()
    traces = [
        trace
        for trace in chart["data"]
        if trace.get("hoverinfo") != "skip" and trace.get("marker", {}).get("opacity") != 0
    ]
    if any(trace["type"] == "heatmap" for trace in traces):
        return _read_heatmaps([trace for trace in traces if trace["type"] == "heatmap"])
    if traces and traces[0]["type"] == "box":
        boxes = {name: [_read(trace[key])[0] for trace in traces] for name, key in _BOX.items()}
        return pd.DataFrame({"Series": [trace["name"] for trace in traces], **boxes})
    parts = [_read_points(trace, chart["layout"]) for trace in traces]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"Series": []})
    return table.drop(columns="Series") if table["Series"].nunique() < 2 else table


def _read_points(trace: Mapping[str, Any], layout: Mapping[str, Any]) -> pd.DataFrame:
    columns = {
        _name_axis(layout, axis, trace.get(f"{axis}axis", axis)): _read(trace.get(axis, ()))
        for axis in "xy"
    }
    return pd.DataFrame({"Series": trace.get("name", ""), **columns})


def _name_axis(layout: Mapping[str, Any], axis: str, place: str) -> str:
    """Return the title of an axis, or that of the first like it; small multiples share one."""
    titles = [
        layout.get(name, {}).get("title", {}).get("text")
        for name in (f"{axis}axis{place[1:]}", f"{axis}axis")
    ]
    return str(next(filter(None, titles), layout.get("meta", {}).get(axis, axis)))


def _read_heatmaps(traces: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    maps = [np.array(_read(trace["z"]), np.float64) for trace in traces]
    if all("name" in trace for trace in traces):
        rows, columns = np.indices(maps[0].shape).reshape(2, -1) + 1
        names = [trace["name"] for trace in traces]
        if len(set(names)) < len(names):
            names = [f"{name} ({i + 1})" for i, name in enumerate(names)]
        values = dict(zip(names, (map_.ravel() for map_ in maps), strict=True))
        return pd.DataFrame({"Row": rows, "Column": columns, **values})
    # Parts of one map, each empty where another is not.
    values_of_all = maps[0]
    for part in maps[1:]:
        values_of_all = np.where(np.isnan(values_of_all), part, values_of_all)
    labels = [
        list(_read(traces[0][axis])) if axis in traces[0] else list(range(1, n + 1))
        for axis, n in zip("yx", values_of_all.shape, strict=True)
    ]
    return pd.DataFrame(values_of_all, index=labels[0], columns=[str(name) for name in labels[1]])


def _read(values: Any) -> NDArray[Any] | Sequence[Any]:
    """Return an array, which Plotly writes as base64 with its type and shape."""
    if not isinstance(values, Mapping):
        return values  # type: ignore[no-any-return]
    array = np.frombuffer(base64.b64decode(values["bdata"]), np.dtype(values["dtype"]))
    shape = [int(n) for n in str(values.get("shape", len(array))).split(",")]
    return array.reshape(shape)
