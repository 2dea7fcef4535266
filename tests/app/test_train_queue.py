"""The queue on the Train page: who waits, where, and how that is changed."""

from __future__ import annotations

import pytest

from fmnist.launching import list_queue, start_run
from fmnist.launching.trouble import note_trouble
from fmnist.runs import Recipe, open_run
from fmnist.ui.train import queue as queue_view
from tests.support.pages import labels, open_page, texts
from tests.support.runs import make_run, write_launch

pytestmark = pytest.mark.usefixtures("spawned")


def queue_up(*run_ids: str, owner: str = "") -> None:
    for run_id in run_ids:
        start_run(Recipe("cnn"), run_id=run_id, owner=owner)


def read_queue() -> list[str]:
    return [run.run_id for run in list_queue()]


def test_queue_is_hidden_where_nothing_waits() -> None:
    make_run("finished", "done")
    app = open_page("train", run="done")
    assert not [label for label in labels(app) if label in {"Up", "Down", "First", "Cancel"}]
    assert "waiting" not in texts(app)


def test_queue_shows_place_name_network_and_owner() -> None:
    queue_up("first", owner="brisk wren 07")
    queue_up("second")
    make_run("finished", "done")
    app = open_page("train", run="done")
    shown = texts(app)
    assert "**2 runs waiting**" in shown
    assert "1\\. **first** · Custom CNN · brisk wren 07" in shown
    assert "2\\. **second** · Custom CNN · unknown" in shown
    assert "One run trains at a time" in shown


@pytest.mark.parametrize(
    ("button", "expected"),
    [("queue_up_c", "acb"), ("queue_down_a", "bac"), ("queue_first_c", "cab"),
     ("queue_cancel_b", "ac")],
)  # fmt: skip
def test_waiting_runs_are_moved_and_cancelled(button: str, expected: str) -> None:
    queue_up("a", "b", "c")
    app = open_page("train", run="a")
    assert app.button(key="queue_up_a").disabled
    assert app.button(key="queue_down_c").disabled
    app.button(key=button).click().run()
    assert not app.exception
    assert not app.error
    assert "".join(read_queue()) == expected
    assert f"{len(expected)} runs waiting" in texts(app)


def test_run_that_started_meanwhile_is_not_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    queue_up("a", "b")
    app = open_page("train", run="a")
    write_launch(open_run("b"), alive=True)
    app.button(key="queue_up_b").click().run()
    assert not app.exception
    assert "only a waiting run is moved" in app.toast[0].value


def test_full_disk_is_reported_to_whoever_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    queue_up("a")
    monkeypatch.setattr(queue_view, "find_disk_trouble", lambda _: "The disk has 1 MB left.")
    assert "The disk has 1 MB left." in texts(open_page("train", run="a"))


def test_reason_why_no_run_can_be_started_is_reported_to_whoever_waits() -> None:
    queue_up("a")
    note_trouble("The Ray cluster at 10.0.0.9:6379 can't be reached: *refused*.")
    shown = texts(open_page("train", run="a"))
    assert "The Ray cluster at 10.0.0.9:6379 can't be reached" in shown
    assert r"\*refused\*" in shown
