"""Caches charts, so that each is built once for all sessions with the same data.

Building a Plotly figure takes much longer than sending it, because every property is validated and
the template is copied. A class views the same charts, so each is built once and kept in serialised
form.
"""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Callable
from threading import Condition
from typing import Any, ParamSpec, TypeVar, cast

import plotly.graph_objects as go
import plotly.io
import pyarrow as pa
from cachetools import LRUCache, cached

from fmnist.settings import CHART_CACHE_BYTES

P = ParamSpec("P")
Chart = TypeVar("Chart", go.Figure, str, pa.Table)


class BuiltFigure(go.Figure):  # type: ignore[misc]
    """A figure that is sent as it was built; later changes have no effect.

    Attributes:
        n_bytes: length of its JSON.
    """

    # Not the constructor of go.Figure: it would build the figure again.
    def __init__(self, figure: go.Figure) -> None:
        text = plotly.io.to_json(figure, validate=False)
        object.__setattr__(self, "_built", json.loads(text))
        object.__setattr__(self, "n_bytes", len(text))

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as dictionaries, lists, texts and numbers."""
        return cast("dict[str, Any]", self._built)


def draw_once(draw: Callable[P, Chart], *args: P.args, **kwargs: P.kwargs) -> Chart:
    """Return the result of ``draw``, cached by its arguments.

    Args:
        draw: a pure module-level function that returns a figure, HTML or the points of a Vega-Lite
            chart.
        args: compared by content, including arrays and tables.
        kwargs: likewise.
    """
    content = pickle.dumps((draw.__module__, draw.__qualname__, args, kwargs), protocol=5)
    key = hashlib.blake2b(content, digest_size=16).digest()
    return cast("Chart", _build(key, lambda: draw(*args, **kwargs)))


def _measure(chart: go.Figure | str | pa.Table) -> int:
    if isinstance(chart, pa.Table):
        return int(chart.nbytes)
    return len(chart) if isinstance(chart, str) else int(chart.n_bytes)


# The condition makes requests for a chart under construction wait for it.
@cached(LRUCache(CHART_CACHE_BYTES, _measure), key=lambda key, _build: key, condition=Condition())
def _build(key: bytes, build: Callable[[], Any]) -> Any:  # noqa: ARG001
    chart = build()
    return BuiltFigure(chart) if isinstance(chart, go.Figure) else chart
