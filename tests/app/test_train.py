from __future__ import annotations

import pytest

from fmnist.errors import RunError
from fmnist.runs import Phase, RunState, list_runs, open_run
from fmnist.ui.shell import session
from fmnist.ui.shell.session import name_session
from fmnist.ui.train import live
from tests.support.pages import (
    figures,
    find,
    in_url,
    labels,
    list_curves,
    metrics,
    open_page,
    show_view,
    texts,
)
from tests.support.runs import HISTORY, make_run, write_launch, write_status

pytestmark = pytest.mark.usefixtures("spawned")


def test_page_without_runs_shows_the_form(spawned: list[int]) -> None:
    app = open_page("train")
    assert not app.error
    assert app.code[0].value.startswith("python -m fmnist train --network cnn")
    assert not spawned


def test_design_shows_a_network_layer_by_layer_with_whole_reasons() -> None:
    app = open_page("train", view="design", layers="cnn")
    assert metrics(app)["Parameters"] == "1,170,130"
    assert "`pool_1`, `pool_3`: Keeps the maximum of each 3×3 window" in texts(app)


OF_QUEUE = {"Up", "Down", "First", "Cancel"}
"""Buttons of each waiting run."""

MESSAGES = {
    "queued": ("Waiting in the queue, place 1 of 1", ["Leave the queue"]),
    "running": ("running", ["Stop training"]),
    "stopping": ("stopping", []),
    "stopped": ("Stopped on request. It had not completed an epoch", ["Resume", "Delete"]),
    "failed": ("The memory ran out. Try half the batch size. It had", ["Resume", "Delete"]),
    "lost": (
        "ended without reporting an error: signal 9 killed it, by hand or for lack",
        ["Resume", "Delete"],
    ),
    "finished": ("finished", ["Delete"]),
}


@pytest.mark.parametrize("state", MESSAGES)
def test_each_state_is_reported_with_what_can_be_done(state: str) -> None:
    run = make_run(state)
    app = open_page("train", run=run.run_id)
    message, buttons = MESSAGES[state]
    assert message in texts(app)
    assert [label for label in labels(app) if label not in OF_QUEUE] == buttons
    assert bool(app.error) is (state in {"failed", "lost"})


def test_finished_run_shows_its_figures() -> None:
    app = open_page("train", run=make_run("finished").run_id)
    shown = metrics(app)
    assert shown["Test accuracy"] == "95.00%"
    assert shown["Best epoch"] == "1 of 2"
    assert shown["Training time"] == "1 min 05 s"


def test_run_at_work_comes_first_and_needs_a_dispatcher(spawned: list[int]) -> None:
    make_run("finished", "old")
    make_run("running", "at-work")
    make_run("finished", "new")
    app = show_view(open_page("train"), "Watch")
    assert find(app.selectbox, "Run").value == "at-work"
    assert in_url(app, "run") == "at-work"
    assert spawned  # whoever opens the page sees to it that the queue goes on
    assert figures(app)["Images/s"] == "900"


def test_worker_that_is_still_importing_says_so() -> None:
    run = make_run("queued")
    write_launch(run, alive=True)
    app = open_page("train", run=run.run_id)
    assert not app.error
    assert run.load_state() is RunState.RUNNING


def test_stop_and_leaving_the_queue() -> None:
    for state, label, then in (
        ("running", "Stop training", "stopping"),
        ("queued", "Leave the queue", "stopped"),
    ):
        run = make_run(state)
        app = open_page("train", run=run.run_id)
        find(app.button, label).click().run()
        assert not app.exception
        assert run.load_state() == then


def test_resume_queues_the_run_again(spawned: list[int]) -> None:
    run = make_run("lost")
    app = open_page("train", run=run.run_id)
    app.button(key="resume_run").click().run()
    assert run.load_state() is RunState.QUEUED
    assert "Waiting in the queue" in texts(app)
    assert spawned


def test_late_button_reports_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(run) -> None:
        raise RunError(f"{run.run_id} is finished, so there is nothing to stop.")

    monkeypatch.setattr(live, "stop_run", refuse)
    app = open_page("train", run=make_run("running").run_id)
    app.button(key="stop_run").click().run()
    assert not app.exception
    assert "is finished, so there is nothing to stop" in app.toast[0].value


def test_deleted_run_comes_back_with_undo() -> None:
    make_run("stopped", "other")
    make_run("failed", "mine")
    app = open_page("train", run="mine")
    app.button(key="delete").click().run()
    assert [run.run_id for run in list_runs()] == ["other"]
    assert "mine was deleted." in texts(app)
    assert not app.warning  # that the run is gone is no surprise
    assert in_url(app, "run") == "other"
    app.button(key="undo_run").click().run()
    assert open_run("mine").load_state() is RunState.FAILED
    assert find(app.selectbox, "Run").value == "mine"
    assert "was deleted" not in texts(app)


def test_last_run_is_deleted() -> None:
    run = make_run("failed", "only")
    app = open_page("train", run=run.run_id)
    app.button(key="delete").click().run()
    assert not app.exception
    assert "No run yet" in texts(app)
    app.button(key="undo_run").click().run()
    assert find(app.selectbox, "Run").value == "only"


@pytest.mark.parametrize("name", ["status.json", "steps.csv", "history.csv", "launch.json"])
def test_damaged_run_is_reported_and_can_be_deleted(name: str) -> None:
    run = make_run("lost", "bad")
    (run.path / name).write_text("{\n1,2\n")
    app = open_page("train", run="bad")
    assert "bad" in texts(app)
    assert "This part of the page failed" not in texts(app)
    app.button(key="delete").click().run()
    assert list_runs() == []


def test_unknown_run_in_the_url_is_reported() -> None:
    make_run("finished", "mine")
    app = open_page("train", run="../x")
    assert "There is no run named" in app.warning[0].value
    assert in_url(app, "run") == "mine"


def test_progress_is_shown_while_training() -> None:
    run = make_run("running")
    write_status(run, "running", epoch=1, batch=5, phase="Training", seconds_left=170.0, share=0.3)
    app = open_page("train", run=run.run_id)
    assert not app.error
    bars = [element.proto.text for element in app.get("progress")]
    assert bars == ["Training, epoch 2 of 4, about 3 min left"]
    assert [element.proto.value for element in app.get("progress")] == [30]


def test_measuring_the_precision_shows_its_progress_instead_of_empty_charts() -> None:
    run = make_run("running")
    (run.path / "steps.csv").unlink()
    (run.path / "history.csv").unlink()
    detail = "float32, step 4 of 11"
    write_status(
        run, "running", epoch=0, batch=0, phase=Phase.MEASURING, detail=detail, phase_progress=0.14
    )
    app = open_page("train", run=run.run_id)
    (bar,) = app.get("progress")
    assert (bar.proto.text, bar.proto.value) == (f"Measuring the precision, {detail}", 14)
    assert list_curves(app) == []
    assert "The loss appears here with the first training steps" in texts(app)


def test_phases_after_training_say_what_they_do() -> None:
    run = make_run("running")
    write_status(
        run, "running", epoch=4, batch=0, phase=Phase.CALIBRATING, seconds_left=40, share=0.9
    )
    (bar,) = open_page("train", run=run.run_id).get("progress")
    assert bar.proto.text == "Calibrating, about 40 s left"


def test_validation_above_training_accuracy_is_explained() -> None:
    run = make_run("running")  # its only epoch: 40% on training, 50% on validation
    assert "measured with dropout and augmentation" in texts(open_page("train", run=run.run_id))
    (run.path / "history.csv").write_text(HISTORY.replace("0.4,1.5,0.5", "0.6,1.5,0.5"))
    assert "above training accuracy" not in texts(open_page("train", run=run.run_id))


def test_log_is_shown_when_asked_for() -> None:
    run = make_run("stopped")
    (run.path / "worker.log").write_text("what the worker said\n")
    app = open_page("train", run=run.run_id)
    assert "what the worker said" not in [code.value for code in app.code]
    find(app.toggle, "Show the log").set_value(True).run()
    assert "what the worker said" in [code.value for code in app.code]


@pytest.mark.parametrize("state", ["failed", "lost"])
def test_end_of_the_log_is_shown_unasked_where_a_run_went_wrong(state: str) -> None:
    run = make_run(state)
    (run.path / "worker.log").write_text("".join(f"line {i}\n" for i in range(100)))
    app = open_page("train", run=run.run_id)
    (log,) = [code.value for code in app.code if code.value.startswith("line")]
    assert log.splitlines()[-1] == "line 99"
    assert len(log.splitlines()) < 20


def test_session_has_one_name_which_its_cookie_decides() -> None:
    assert name_session("a") == name_session("a") != name_session("b")
    # The same token under two masks, as Streamlit sends it each time.
    plain, masked = "2|00000000|c0ffee00|1", "2|01020304|c1fded04|1"
    assert session._read_token(plain) == session._read_token(masked) == "c0ffee00"
    for cookie in ("", "x", "2|zz|00|1", "2||00|1", "1|2|3"):
        assert session._read_token(cookie) == ""
