"""The views of the Train page and their URLs."""

from __future__ import annotations

import json

import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from fmnist.charts.live_curve import SHOWN
from fmnist.runs import RunState
from fmnist.ui.train import watch_view
from fmnist.ui.widgets.watched_images import WatchState
from tests.support.pages import (
    find,
    in_url,
    labels,
    list_curves,
    open_page,
    read_state,
    show_view,
    texts,
)
from tests.support.runs import make_run, write_launch, write_status
from tests.support.watches import write_watch

pytestmark = pytest.mark.usefixtures("spawned")


def read_scale(chart) -> str:
    return str(json.loads(chart.spec)["layer"][0]["encoding"]["y"]["scale"]["type"])


def read_data(chart) -> bytes:
    return chart.data.data or chart.datasets[0].data.data


def test_url_without_a_run_is_the_form_and_with_one_the_run() -> None:
    make_run("finished", "mine")
    assert "Start training" in labels(open_page("train"))
    app = open_page("train", run="mine")
    assert "Start training" not in labels(app)
    assert find(app.selectbox, "Run").value == "mine"


def test_view_is_chosen_and_the_url_follows() -> None:
    make_run("finished", "mine")
    app = show_view(open_page("train"), "Watch")
    assert in_url(app, "run") == "mine"
    assert "Start training" not in labels(app)
    show_view(app, "Set up")
    assert "run" not in app.query_params
    assert "Start training" in labels(app)


def test_watch_without_a_run_says_what_to_do() -> None:
    app = open_page("train", view="watch")
    assert "Press “Start training” under “Set up”" in texts(app)


def test_unknown_view_is_the_form() -> None:
    assert "Start training" in labels(open_page("train", view="../x"))


def test_choices_of_the_curves_reach_the_charts_and_outlive_another_view() -> None:
    make_run("finished", "mine")
    app = open_page("train", run="mine")
    find(app.segmented_control, "Scale of the loss").set_value("Log").run()
    assert [read_scale(chart) for chart in list_curves(app)] == ["log", "linear"]
    show_view(app, "Set up")
    show_view(app, "Watch")
    assert find(app.segmented_control, "Scale of the loss").value == "Log"


def test_stages_are_listed_with_their_seconds() -> None:
    run = make_run("running", "mine")
    write_status(run, "running", phase_seconds={"Starting": 6.0, "Training": 12.0})
    (html,) = [
        block.proto.body
        for block in open_page("train", run="mine").get("html")
        if "Calibration" in block.proto.body
    ]
    assert "Start: done, 6 s" in html
    assert "Training: at work, 12 s" in html


def test_epoch_of_the_slider_is_marked_in_the_curves_of_a_run_that_is_over() -> None:
    run = make_run("finished", "mine")
    write_watch(run, epochs=4)
    app = open_page("train", run="mine")
    find(app.slider, "Epoch").set_value(2).run()
    curves = list_curves(app)
    assert len(curves) == 2
    for chart in curves:
        table = convert_arrow_bytes_to_pandas_df(read_data(chart))
        assert table[table["series"] == SHOWN]["x"].tolist() == [2]


@pytest.mark.parametrize(("speed", "seconds"), [("0.5×", 1.4), ("4×", 0.175)])
def test_epochs_are_played_at_the_chosen_speed(speed: str, seconds: float) -> None:
    run = make_run("finished", "mine")
    write_watch(run, epochs=4)
    app = open_page("train", run="mine")
    find(app.selectbox, "Speed").set_value(speed).run()
    app.button(key="watch_play").click().run()
    assert read_state(app, WatchState, "mine").interval == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("launch", "status", "expected"),
    [
        ({}, {}, watch_view.EPOCH_SECONDS),
        ({"exit_code": -9}, {}, None),
        ({}, {"heartbeat": 1.0}, None),
    ],
    ids=["just-now", "noted", "long-ago"],
)
def test_lost_run_is_drawn_again_until_it_is_known_how_its_worker_ended(
    launch: dict[str, int], status: dict[str, float], expected: float | None
) -> None:
    run = make_run("lost", "mine")
    write_launch(run, alive=False, **launch)
    write_status(run, "running", **status)
    assert run.load_state() is RunState.LOST
    assert watch_view._choose_refresh(run, RunState.LOST) == expected
