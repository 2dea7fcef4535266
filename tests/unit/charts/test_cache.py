import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import plotly.io
import pytest
from streamlit.testing.v1 import AppTest

from fmnist.charts import cache
from fmnist.charts.cache import draw_once

built: list[object] = []


@pytest.fixture(autouse=True)
def _forget():
    built.clear()
    cache._build.cache.clear()


def plot_line(y, title="line"):
    built.append(title)
    return go.Figure(go.Scatter(y=y), layout={"title": {"text": title}, "height": 300})


def draw_text(text):
    built.append(text)
    return f"<b>{text}</b>"


def test_a_chart_is_sent_as_if_it_were_built_each_time():
    y = np.array([1.5, np.nan, 3.0])
    kept = draw_once(plot_line, y)
    assert isinstance(kept, go.Figure)
    assert plotly.io.to_json(kept, validate=False) == plotly.io.to_json(
        plot_line(y), validate=False
    )


def test_a_chart_is_built_once_for_the_same_content():
    first = draw_once(plot_line, np.arange(3))
    assert draw_once(plot_line, np.arange(3)) is first
    assert draw_once(plot_line, pd.Series([1, 2])) is draw_once(plot_line, pd.Series([1, 2]))
    assert len(built) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"y": np.arange(4)},
        {"y": np.arange(3, dtype=np.float64)},
        {"y": [0, 1, 2]},
        {"y": np.arange(3), "title": "other"},
    ],
)
def test_other_content_is_another_chart(other):
    assert draw_once(plot_line, **other) is not draw_once(plot_line, y=np.arange(3))
    assert len(built) == 2


def test_another_function_is_another_chart():
    assert draw_once(draw_text, [1]) == "<b>[1]</b>"
    assert isinstance(draw_once(plot_line, [1]), go.Figure)


def test_a_chart_wanted_by_many_at_once_is_built_by_one():
    begun, go_on = threading.Event(), threading.Event()

    def build():
        built.append("slow")
        begun.set()
        assert go_on.wait(30)
        return "chart"

    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(cache._build, b"key", build) for _ in range(8)]
        assert begun.wait(30)
        go_on.set()
        assert {answer.result(30) for answer in asked} == {"chart"}
    assert built == ["slow"]


def test_a_chart_that_could_not_be_built_is_tried_again():
    def fail():
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            cache._build(b"key", fail)
    assert cache._build(b"key", lambda: "chart") == "chart"


def test_what_is_kept_is_limited_in_bytes():
    for number in range(40):
        draw_once(draw_text, f"{number}" * 2**19)
    assert 0 < cache._build.cache.currsize <= cache.CHART_CACHE_BYTES


def test_streamlit_sends_it():
    def script():
        import streamlit as st

        from tests.unit.charts.test_cache import draw_once, plot_line

        st.plotly_chart(draw_once(plot_line, [1, 2]), key="chart")

    app = AppTest.from_function(script).run()
    assert not app.exception
    spec = app.get("plotly_chart")[0].proto.spec
    assert '"height":300' in spec
