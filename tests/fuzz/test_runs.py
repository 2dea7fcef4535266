"""Damaged run directories on every page: a healthy run beside them works, and all is in words."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fmnist.runs import list_all_runs
from fmnist.settings import PROJECT_DIR
from fmnist.takeaway.exports import Exporter
from fmnist.ui.shell import changes
from tests.support.classroom import Classroom, open_classroom
from tests.support.classroom_pages import enter
from tests.support.fuzz import scale_count
from tests.support.inside_pages import fake_keras
from tests.support.pages import TIMEOUT, hold_controller, texts
from tests.support.run_mutations import damage_run, fill_run

MUTATIONS = 500
PAGE_SECONDS = 6.0
"""Of the program's own time, which does not depend on what else the machine does."""

GENERIC = ("This part of the page failed", "Something went wrong")

PAGES = (
    ("overview", [{}]),
    ("train", [{"run": "bad"}, {"run": "good"}]),
    (
        "runs",
        [
            {"runs": "bad,good", "batches": "true"},
            {"runs": "good,bad", "view": "Recipes"},
            {"runs": "good,bad", "view": "Seeds"},
            {},
        ],
    ),
    ("study", [{}]),
    (
        "evaluate",
        [{"run": "bad"}, {"run": "good", "view": "Learning"}, {"run": "bad", "view": "Mistakes"}],
    ),
    (
        "inside",
        [
            {"run": "bad"},
            {"run": "good", "view": "Nearest items"},
            {"run": "bad", "view": "Where it looks"},
            {"run": "bad", "view": "Nudge"},
        ],
    ),
    (
        "compare",
        [
            {"a": "bad", "b": "good"},
            {"a": "good", "b": "bad", "view": "Figures"},
            {"a": "good", "b": "bad", "view": "All pairs"},
            {"a": "bad", "b": "good", "view": "Decision"},
            {"a": "bad", "b": "good", "view": "By class"},
        ],
    ),
    ("labels", [{}, {"view": "Verdicts"}, {"view": "Doubtful labels"}]),
    ("map", [{"run": "bad"}, {"run": "good"}]),
    ("predict", [{"run": "bad"}, {"run": "good"}]),
    ("challenge", [{"run": "bad"}, {"run": "good"}]),
    (
        "takeaway",
        [
            {"run": "bad"},
            {"run": "bad", "view": "Code"},
            {"run": "good", "view": "Report"},
            {"run": "bad", "view": "Endpoint"},
        ],
    ),
)
"""Every page that shows runs, each with the addresses that the mutations go through in turn."""

TEACHER_MUTATIONS = 100

PARTS = 5
"""Parts that pytest-xdist can share out."""

STATES = ("finished", "failed", "queued", "running", "stopped")


@pytest.fixture
def models(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    hold_controller(monkeypatch)
    fake_keras(monkeypatch)
    monkeypatch.setattr(changes.computation, "start_computation", lambda *_given, **_named: None)
    monkeypatch.setattr(Exporter, "request", lambda *_given, **_named: None)
    return isolated


@pytest.fixture
def classroom(models: Path, monkeypatch: pytest.MonkeyPatch) -> Classroom:
    return open_classroom(monkeypatch)


def look(app: AppTest, page: str, query: dict[str, str]) -> tuple[float, list[str]]:
    """Open a page; return the seconds it took, and what is wrong with it."""
    app.query_params.clear()
    for name, value in query.items():
        app.query_params[name] = value
    before = time.process_time()
    app.switch_page(str(Path("pages") / f"{page}.py")).run()
    seconds = time.process_time() - before
    shown = texts(app)
    assert len(app.title) == 1, f"{page} was not drawn"
    wrong = [f"exception: {each.value}" for each in app.exception]
    wrong += [text for text in GENERIC if text in shown]
    if "good" in query.values() and "bad" not in query.values() and "/bad/" in shown:
        wrong.append("a message about the damaged run on the page of another")
    if seconds > PAGE_SECONDS:
        wrong.append(f"{seconds:.1f} s")
    return seconds, wrong


@pytest.mark.parametrize("part", range(PARTS))
def test_damaged_runs_on_every_page(models: Path, part: int) -> None:
    """A session goes through all pages for each mutation; beside it is a healthy run."""
    fill_run("good")
    failures: list[str] = []
    slowest = 0.0
    numbers = range(part, scale_count(MUTATIONS), PARTS)
    for number in numbers:
        path = fill_run("bad", STATES[number // PARTS % len(STATES)])
        what = damage_run(path, number)
        app = AppTest.from_file(str(PROJECT_DIR / "app.py"), default_timeout=TIMEOUT).run()
        for page, queries in PAGES:
            query = queries[number // PARTS % len(queries)]
            seconds, wrong = look(app, page, query)
            slowest = max(slowest, seconds)
            failures += [f"{number}: {what}: {page} {json.dumps(query)}: {each}" for each in wrong]
        shutil.rmtree(path)
    # Not by capsys, whose stream Streamlit's loggers would hold after it was closed.
    print(f"\n{len(numbers)} mutations, slowest page {slowest:.1f} s, {len(failures)} failures")  # noqa: T201
    assert not failures, "\n".join(failures)
    assert [run.run_id for run in list_all_runs()] == ["good"]


def test_damaged_runs_on_the_teachers_page(classroom: Classroom) -> None:
    app = enter(classroom, "classroom", "Grace")
    for number in range(scale_count(TEACHER_MUTATIONS)):
        path = fill_run("bad", STATES[number % len(STATES)])
        what = damage_run(path, number)
        _, wrong = look(app, "classroom", {})
        assert not wrong, f"{number}: {what}: {wrong}"
        shutil.rmtree(path)
