"""What a link says and a page can't use is replaced by the page's default."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.pages import find, open_page, texts
from tests.support.runs import make_run
from tests.support.studies import make_finished_sweep


@pytest.fixture(autouse=True)
def some_runs(controlled: list[str]) -> None:
    make_run("finished", "done")
    make_finished_sweep(2)


def read_errors(app: AppTest) -> list[str]:
    return [element.value for element in app.error]


@pytest.mark.parametrize(
    "query",
    [
        {"seed": "1e999"}, {"seed": "-1e999"}, {"seed": "nan"}, {"seed": ""}, {"seed": ["1", "x"]},
        {"item": "1e999"}, {"item": "9" * 5_000}, {"page": "1e999"}, {"page": "9" * 5_000},
        {"split": ""}, {"split": "x"}, {"class": ""}, {"count": "1e999"}, {"pixels": ""},
    ],
)  # fmt: skip
def test_samples_shows_its_defaults(query: dict[str, str | list[str]]) -> None:
    app = open_page("samples", **query)
    assert read_errors(app) == []
    assert app.number_input[0].value == 1
    assert "Page 1 of" in texts(app)


@pytest.mark.parametrize("value", ["1e999", "-1e999", "nan", "", "2"])
def test_runs_shows_its_curves_unsmoothed(value: str) -> None:
    app = open_page("runs", runs="done", smoothing=value, view="", over="")
    assert read_errors(app) == []
    assert find(app.slider, "Smoothing").value == 0.0


@pytest.mark.parametrize("view", ["", "x", ["", ""]])
def test_pixel_statistics_shows_its_first_view(view: str | list[str]) -> None:
    app = open_page("pixel_statistics", view=view)
    assert read_errors(app) == []
    assert [chart.key for chart in app.get("plotly_chart")] == ["plot_histogram"]


def test_runs_names_a_few_of_many_that_are_gone() -> None:
    app = open_page("runs", runs=",".join(f"gone{number}" for number in range(2_000)))
    assert len(app.warning) == 4
    assert app.warning[-1].value == "1,997 more runs are gone."


@pytest.mark.parametrize("page", ["train", "evaluate", "predict"])
@pytest.mark.parametrize("value", ["../..", "", "x" * 100_000, "![b](http://evil.example/x)"])
def test_a_run_that_is_not_there_is_replaced(page: str, value: str) -> None:
    app = open_page(page, run=value, view="", way="", cell="1e999", network="")
    assert read_errors(app) == []
    assert len(texts(app)) < 20_000
    assert "http://" not in texts(app).replace("\\", "")


def test_a_study_that_is_not_there_is_replaced() -> None:
    app = open_page("study", study="![b](http://evil.example/x)", view="")
    assert read_errors(app) == []
    (warning,) = app.warning
    assert r"“!\[b\](http:" in warning.value
    assert "http://" not in warning.value
