"""The page Take away: which run it opens on, and what can be taken."""

from __future__ import annotations

import pytest

from fmnist.runs import Run
from fmnist.ui.shell.download_links import take_content
from tests.support.pages import find, in_url, labels, open_page, texts
from tests.support.runs import make_run


@pytest.fixture(autouse=True)
def _controlled(controlled: list[str]) -> None:
    """Start no process."""


def make_model_run(run_id: str) -> Run:
    run = make_run("finished", run_id)
    (run.path / "model.keras").write_bytes(b"x" * 2_000_000)
    return run


def test_without_a_finished_run_it_leads_to_training() -> None:
    make_run("failed", "mine")
    app = open_page("takeaway")
    assert "No run is finished yet" in texts(app)
    assert not app.error


def test_evaluate_and_runs_lead_to_the_run_that_they_show() -> None:
    make_model_run("first")
    make_model_run("second")
    assert in_url(open_page("takeaway", run="first"), "run") == "first"
    for page, query in (("runs", {"runs": "first"}), ("evaluate", {"run": "first"})):
        links = open_page(page, **query).get("page_link")
        (link,) = [each.proto for each in links if each.proto.label == "Take away"]
        assert link.query_string == "run=first"


def test_a_file_is_downloaded_at_an_address_of_its_own() -> None:
    run = make_model_run("first")
    app = open_page("takeaway", run="first")
    assert "Download (2.0 MB)" in labels(app)
    assert not app.get("iframe")
    find(app.button, "Download (2.0 MB)").click().run()
    (frame,) = app.get("iframe")
    assert frame.proto.src.endswith("/first.keras")
    assert take_content(frame.proto.src.split("/")[-2]) == run.path / "model.keras"


@pytest.mark.parametrize("value", ["../..", "", "x" * 100_000, "![b](http://evil.example/x)"])
def test_what_a_link_can_not_mean_is_replaced(value: str) -> None:
    make_model_run("first")
    app = open_page("takeaway", run=value, view=value)
    assert not app.error
    assert in_url(app, "run") == "first"
    assert "http://" not in texts(app).replace("\\", "")
