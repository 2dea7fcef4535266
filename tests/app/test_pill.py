"""The line about the run at work, on every page."""

from __future__ import annotations

import pytest

from fmnist.ui.shell import pill
from tests.support.browser import PAGES
from tests.support.pages import open_page
from tests.support.runs import make_run

pytestmark = pytest.mark.usefixtures("spawned")


def read_links(app) -> list:
    return [link for link in app.get("page_link") if "at-work" in link.proto.label]


@pytest.mark.parametrize("page", PAGES)
def test_run_at_work_is_one_click_away_from_every_page(page: str) -> None:
    make_run("running", "at-work")
    (link, *_) = read_links(open_page(page))
    assert link.proto.label.replace("\\", "") == "at-work · epoch 2 of 4 · 50.00%"
    assert link.proto.query_string == "run=at-work"


def test_page_has_no_line_and_nothing_to_refresh_where_no_run_is_at_work() -> None:
    for state in ("queued", "stopped", "finished"):
        make_run(state)
    app = open_page("samples")
    assert not [link for link in app.get("page_link") if link.proto.query_string]


def test_before_the_first_epoch_the_accuracy_is_that_of_the_last_batches() -> None:
    run = make_run("running", "at-work")
    (run.path / "history.csv").unlink()
    assert pill.describe_run_at_work(run) == "at-work · epoch 2 of 4 · 30.00%"


def test_runs_are_looked_through_once_a_second_for_all_sessions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_run("running", "at-work")
    looks: list[int] = []
    list_runs = pill.list_runs
    monkeypatch.setattr(pill, "list_runs", lambda: looks.append(1) or list_runs())
    with pill.find_run_at_work.cache.timer:  # the clock stands still
        for page in ("samples", "overview", "runs"):
            open_page(page)
    assert len(looks) == 1
