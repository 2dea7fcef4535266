"""Presentation: large type, no sidebar, on every page until it is ended."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.pages import cards, find, labels, open_page, texts
from tests.support.runs import make_run

pytestmark = pytest.mark.usefixtures("spawned")


def has_large_type(app: AppTest) -> bool:
    return any("font-size: 20px" in block.proto.body for block in app.get("html"))


def test_a_link_begins_it_and_the_button_ends_it() -> None:
    app = open_page("class_balance", present="1")
    assert has_large_type(app)
    assert "duplicate images." not in texts(app)  # the sentence below the title
    find(app.button, "End presentation").click().run()
    assert not has_large_type(app)
    assert "present" not in app.query_params
    assert "duplicate images." in texts(app)


def test_the_button_in_the_sidebar_begins_it_and_it_goes_along_to_other_pages() -> None:
    app = open_page("class_balance")
    assert "End presentation" not in labels(app)
    find(app.sidebar.button, "Present").click().run()
    assert has_large_type(app)
    app.query_params.clear()
    app.switch_page("pages/samples.py").run()
    assert has_large_type(app)
    assert app.query_params["present"] == "1"


@pytest.mark.parametrize("value", ["", "0", "yes", "x" * 1000])
def test_other_values_begin_nothing(value: str) -> None:
    assert not has_large_type(open_page("class_balance", present=value))


def test_one_part_of_a_page_is_shown_at_a_time() -> None:
    app = open_page("pixel_statistics", present="1")
    assert len(app.get("plotly_chart")) == 1
    app.segmented_control(key="part").set_value("Preprocessing").run()
    assert not app.get("plotly_chart")
    assert "Scale to 0–1" in texts(app)
    find(app.button, "End presentation").click().run()
    assert app.get("plotly_chart")


def test_the_address_names_the_part() -> None:
    app = open_page("class_balance", present="1", part="Duplicates")
    assert "Identical groups" in [metric.label for metric in app.metric]
    assert not app.get("plotly_chart")


def test_figures_of_a_run_are_one_of_its_views() -> None:
    make_run("finished", "one")
    app = open_page("evaluate", present="1")
    assert not cards(app)
    app.segmented_control(key="view").set_value("Figures").run()
    assert "Test accuracy" in cards(app)
    find(app.button, "End presentation").click().run()
    assert "Test accuracy" in cards(app)
    assert "Click a cell to see its images" in texts(app)


def test_canvas_and_bars_fit_a_projector() -> None:
    (make_run("finished", "one").path / "model.onnx").write_bytes(b"a network")
    app = open_page("predict", present="1")
    assert "Light on dark" not in texts(app)
    assert ":material/database:" not in texts(app)  # the line that names the data set
    find(app.button, "End presentation").click().run()
    assert "Light on dark" in texts(app)
    assert ":material/database:" in texts(app)
