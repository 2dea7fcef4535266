"""How many runs train at a time, and that none is trained twice."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from fmnist import settings
from fmnist.launching import (
    ensure_dispatcher,
    start_run,
    stop_run,
)
from fmnist.runs import Recipe, RunState, create_run, list_runs, open_run
from tests.support.launching import (
    dispatchers,
    let_end,
    list_names,
    processes_of,
    queue_up,
    read_journal,
    wait_for,
    wait_for_state,
)

START_TEN = """
import sys, threading
from fmnist.launching import start_run
from fmnist.runs import Recipe

threads = [
    threading.Thread(target=start_run, args=(Recipe("cnn"),), kwargs={"run_id": name})
    for name in (f"{sys.argv[1]}{i}" for i in range(10))
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


@pytest.mark.slow
def test_twenty_starts_at_once_from_two_servers_train_each_run_once_in_order(
    models: Path, project: Path
) -> None:
    start_run(Recipe("cnn"), run_id="before")  # lasts until the order is known
    wait_for_state(open_run("before"), RunState.RUNNING)
    servers = [
        subprocess.Popen(
            [sys.executable, "-c", START_TEN, server], cwd=project, stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(project)},
        )
        for server in "ab"
    ]  # fmt: skip
    for server in servers:
        assert server.communicate(timeout=60)[1] == b""
        assert server.returncode == 0
    expected = list_names()
    assert len(expected) == 20
    let_end(models)
    for run_id in expected:
        wait_for_state(open_run(run_id), RunState.FINISHED, 90)
    wait_for(lambda: not processes_of(models))
    journal = read_journal(models)
    assert journal == [(what, name) for name in ["before", *expected] for what in ("start", "end")]


def test_two_runs_train_at_a_time_where_the_limit_is_two(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FMNIST_PARALLEL", "2")
    queue_up("a", "b", "c")
    for run_id in "ab":
        wait_for_state(open_run(run_id), RunState.RUNNING)
    wait_for(lambda: open_run("a").load_status() is not None)
    time.sleep(1.5)
    assert list_names() == ["c"]
    stop_run(open_run("a"))
    wait_for(lambda: open_run("c").load_status() is not None)
    assert open_run("b").load_state() is RunState.RUNNING
    let_end(models)
    for run in list_runs():
        if run.run_id != "a":
            wait_for_state(run, RunState.FINISHED)
    wait_for(lambda: not processes_of(models))


@pytest.mark.parametrize(
    ("value", "limit"), [("", 1), ("3", 3), ("0", 1), ("-2", 1), ("many", 1), (" 2 ", 2)]
)
def test_limit_comes_from_the_environment(
    value: str, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FMNIST_PARALLEL", value)
    assert settings.parallel_runs() == limit


def test_worker_whose_dispatcher_was_killed_right_after_its_start_trains_alone(
    models: Path, project: Path
) -> None:
    """As if the dispatcher were killed right after it had started the worker."""
    run = create_run(Recipe("cnn"), run_id="run")
    orphan = subprocess.Popen(
        [sys.executable, "-m", "fmnist.training", str(run.path), "orphan"], cwd=project
    )
    try:
        ensure_dispatcher()  # finds the run waiting
        wait_for(lambda: run.load_state() is RunState.RUNNING)
        wait_for(lambda: run.load_status() is not None)
        let_end(models)
        wait_for_state(run, RunState.FINISHED)
        wait_for(lambda: not dispatchers(models))
    finally:
        orphan.wait(30)
    journal = Counter(read_journal(models))
    assert journal["start", "run"] == journal["end", "run"] == 1


def test_second_worker_of_a_run_leaves_the_first_alone(models: Path, project: Path) -> None:
    queue_up("run")
    run = open_run("run")
    wait_for(lambda: run.load_status() is not None)
    launch = run.load_launch()
    second = subprocess.run(
        [sys.executable, "-m", "fmnist.training", str(run.path), "second"], cwd=project,
        timeout=30, check=False,
    )  # fmt: skip
    assert second.returncode == 75
    assert run.load_launch() == launch
    assert run.load_state() is RunState.RUNNING
