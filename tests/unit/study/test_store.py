from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from fmnist.errors import RunError
from fmnist.launching import launcher
from fmnist.runs import list_runs, open_run
from fmnist.runs.processes import identify_process
from fmnist.study import (
    REPEAT,
    SWEEP,
    ControllerStatus,
    StudyPlan,
    StudyState,
    ensure_study,
    extend_study,
    launch,
    list_studies,
    open_study,
    resume_study,
    start_study,
    stop_study,
)
from fmnist.study.results import load_seed_runs
from tests.support.runs import make_run, write_status
from tests.support.studies import RECIPE, SPACE, Trainer, finish_run, make_repeat, make_sweep


@pytest.fixture(autouse=True)
def spawned(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Start no process; the names of the studies that would have got a controller."""
    names: list[str] = []
    monkeypatch.setattr(launch, "_spawn_controller", lambda study: names.append(study.name))
    monkeypatch.setattr(launcher, "_spawn_dispatcher", lambda: None)
    return names


def test_studies_are_kept_and_listed_newest_first() -> None:
    first, second = make_sweep("first"), make_repeat("second")
    assert open_study("first") == first
    assert [study.name for study in list_studies()] == ["second", "first"]
    assert second.plan.kind == REPEAT
    assert list_runs() == [], "a study is no run"


@pytest.mark.parametrize("name", ["", "../up", ".hidden", "a/b", "x" * 61])
def test_names_that_are_none_are_refused(name: str) -> None:
    with pytest.raises(RunError, match="can't be the name of a study"):
        make_sweep(name)
    with pytest.raises(RunError, match="no study named"):
        open_study(name)


def test_name_is_made_where_none_is_given() -> None:
    study = start_study(StudyPlan(SWEEP, RECIPE, space=SPACE))
    assert study.name.startswith("baseline-sweep-")


def test_name_that_is_taken_is_refused() -> None:
    make_sweep("taken")
    with pytest.raises(RunError, match="A study named taken exists"):
        make_sweep("taken")
    make_run("finished", "left-t001")
    with pytest.raises(RunError, match="already runs whose names begin with left"):
        make_sweep("left")


def test_runs_of_a_study_with_a_similar_name_are_not_its_own() -> None:
    first, other = make_sweep("a", trials=2), make_sweep("a-t1", trials=1)
    Trainer().control(first)
    Trainer().control(other)
    assert [run.run_id for run in first.list_runs()] == ["a-t001", "a-t002"]
    assert [run.run_id for run in other.list_runs()] == ["a-t1-t001"]


def test_damaged_study_is_named_and_left_out_of_the_list() -> None:
    study = make_sweep("damaged")
    values = json.loads((study.path / "study.json").read_text())
    (study.path / "study.json").write_text(json.dumps(values | {"trials": -1}))
    with pytest.raises(RunError, match=r"study\.json can't be used: trials is -1"):
        open_study("damaged")
    assert list_studies() == []


def test_damaged_status_of_the_controller_starts_another(spawned: list[str]) -> None:
    study = make_sweep()
    study.status_path.write_text("{")
    assert study.load_state() is StudyState.STARTING
    ensure_study(study)
    assert spawned == ["sweep"]


def test_sweep_gets_a_controller_only_while_active(spawned: list[str]) -> None:
    study = start_study(StudyPlan(SWEEP, RECIPE, space=SPACE), name="s")
    assert spawned == ["s"]
    stop_study(study)
    assert study.load_state() is StudyState.STOPPED
    ensure_study(study)
    assert spawned == ["s"]
    with pytest.raises(RunError, match="s is stopped, so there is nothing to stop"):
        stop_study(study)
    resume_study(study)
    assert study.load_state() is StudyState.STARTING
    assert spawned == ["s", "s"]
    with pytest.raises(RunError, match="s is starting, so there is nothing to resume"):
        resume_study(study)


def test_controller_that_is_just_starting_gets_its_time(spawned: list[str]) -> None:
    study = make_sweep()
    log = study.path / "controller.log"
    log.touch()
    ensure_study(study)
    assert spawned == []
    long_ago = time.time() - launch.SPAWN_SECONDS - 1
    os.utime(log, (long_ago, long_ago))
    ensure_study(study)
    assert spawned == ["sweep"]


def test_running_controller_is_left_alone(spawned: list[str]) -> None:
    study = make_sweep()
    process = identify_process(os.getpid(), "")
    study.save_status(ControllerStatus(process, heartbeat=time.time()))
    assert study.load_state() is StudyState.RUNNING
    ensure_study(study)
    assert spawned == []


def test_repeat_queues_a_run_a_seed_and_reads_them() -> None:
    study = start_study(StudyPlan(REPEAT, RECIPE, trials=3), name="r")
    assert [run.run_id for run in study.list_runs()] == ["r-seed0", "r-seed1", "r-seed2"]
    assert [run.recipe.seed for run in study.list_runs()] == [0, 1, 2]
    assert study.load_state() is StudyState.RUNNING
    finish_run(open_run("r-seed1"), validation=0.8, test=0.7)
    rows = load_seed_runs(study)
    assert [(row.seed, row.state) for row in rows] == [
        (0, "queued"), (1, "finished"), (2, "queued"),
    ]  # fmt: skip
    assert (rows[1].validation, rows[1].test) == (0.8, 0.7)
    for seed in (0, 2):
        finish_run(open_run(f"r-seed{seed}"), validation=0.9)
    assert study.load_state() is StudyState.FINISHED


def test_repeat_that_was_killed_while_queueing_queues_the_rest_once() -> None:
    study = make_repeat("r")
    make_run("finished", "r-seed1")
    ensure_study(study)
    ensure_study(study)
    assert [run.run_id for run in study.list_runs()] == ["r-seed0", "r-seed1", "r-seed2"]


def test_repeat_is_stopped_resumed_and_extended() -> None:
    study = start_study(StudyPlan(REPEAT, RECIPE, trials=2), name="r")
    stop_study(study)
    assert study.load_state() is StudyState.STOPPED
    assert [run.load_state() for run in study.list_runs()] == ["stopped", "stopped"]
    resume_study(study)
    assert [run.load_state() for run in study.list_runs()] == ["queued", "queued"]
    with pytest.raises(RunError, match="r is active"):
        extend_study(study, trials=1)
    for run in study.list_runs():
        finish_run(run, validation=0.9)
    extend_study(study, trials=1)
    assert [run.recipe.seed for run in open_study("r").list_runs()] == [0, 1, 2]


def test_repeat_with_a_failed_run_has_failed() -> None:
    study = start_study(StudyPlan(REPEAT, RECIPE, trials=2), name="r")
    make_run("lost", "other")  # of nobody's study
    first, second = study.list_runs()
    finish_run(first, validation=0.9)
    second.request_stop()
    assert study.load_state() is StudyState.STOPPED
    (second.path / "stop").unlink()
    (second.path / "launch.json").write_text((open_run("other").path / "launch.json").read_text())
    write_status(second, "failed")
    assert study.load_state() is StudyState.FAILED


def test_controller_on_another_machine_is_alive_whatever_the_clocks_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = make_sweep()
    process = replace(identify_process(os.getpid(), ""), host="elsewhere")
    for shift in (-86_400.0, 86_400.0):
        study.save_status(ControllerStatus(process, heartbeat=time.time() + shift))
        assert study.load_state() is StudyState.RUNNING


def test_silent_controller_on_another_machine_is_lost_by_the_steady_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = make_sweep()
    process = replace(identify_process(os.getpid(), ""), host="elsewhere")
    study.save_status(ControllerStatus(process, heartbeat=time.time()))
    assert study.load_state() is StudyState.RUNNING
    steady = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: steady() + 31)
    assert study.load_state() is StudyState.STARTING
    study.save_status(ControllerStatus(process, heartbeat=1.0))
    assert study.load_state() is StudyState.RUNNING


def test_runs_of_studies_know_their_study() -> None:
    sweep = make_sweep("a-sweep", trials=1)
    Trainer().control(sweep)
    repeat = start_study(StudyPlan(REPEAT, RECIPE, trials=2), name="a-repeat")
    assert [run.study for run in sweep.list_runs()] == ["a-sweep"]
    assert [run.study for run in repeat.list_runs()] == ["a-repeat"] * 2
    assert make_run("finished", "own").study == ""
