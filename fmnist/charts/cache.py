"""Charts, built once for all sessions that show the same data.

Building a Plotly figure takes much longer than sending it: each property that is
set is validated, and the template is copied into each figure. A class looks at the same charts, so
each is built once and kept as what it is sent as.
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
    """A figure that is sent as it was when it was built; changing it changes nothing.

    Attributes:
        n_bytes: length of its JSON.
    """

    # Not the constructor of go.Figure: it would build the figure again.
    def __init__(self, figure: go.Figure) -> None:
        text = plotly.io.to_json(figure, validate=False)
        object.__setattr__(self, "_built", json.loads(text))
        object.__setattr__(self, "n_bytes", len(text))

    def to_dict(self) -> dict[str, Any]:
        """Return what is sent, as dictionaries, lists, texts and numbers."""
        return cast("dict[str, Any]", self._built)


def draw_once(draw: Callable[P, Chart], *args: P.args, **kwargs: P.kwargs) -> Chart:
    """Return what ``draw`` returns, which was built before if it had the same arguments.

    Args:
        draw: a function of a module that returns a figure, HTML or the points of a Vega-Lite
            chart, and depends on its arguments alone.
        args: compared by content, arrays and tables included.
        kwargs: likewise.
    """
    content = pickle.dumps((draw.__module__, draw.__qualname__, args, kwargs), protocol=5)
    key = hashlib.blake2b(content, digest_size=16).digest()
    return cast("Chart", _build(key, lambda: draw(*args, **kwargs)))


def _measure(chart: go.Figure | str | pa.Table) -> int:
    if isinstance(chart, pa.Table):
        return int(chart.nbytes)
    return len(chart) if isinstance(chart, str) else int(chart.n_bytes)


# With the condition, those who ask for a chart that is being built wait for it.
@cached(LRUCache(CHART_CACHE_BYTES, _measure), key=lambda key, _build: key, condition=Condition())
def _build(key: bytes, build: Callable[[], Any]) -> Any:  # noqa: ARG001
    chart = build()
    return BuiltFigure(chart) if isinstance(chart, go.Figure) else chart
