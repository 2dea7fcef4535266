"""Starts, stops, resumes and extends studies, for pages and the command line."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from typing import Final

from filelock import FileLock

from fmnist.errors import RunError
from fmnist.launching import ensure_dispatcher, resume_run, start_run, stop_run
from fmnist.launching.spawn import spawn
from fmnist.runs import ACTIVE_STATES, RunState
from fmnist.study.layout import StudyFile
from fmnist.study.plan import REPEAT, SWEEP, StudyPlan
from fmnist.study.state import ACTIVE_STUDY_STATES, StudyState
from fmnist.study.store import Study, create_study

SPAWN_SECONDS: Final = 10.0
"""How long to wait for a controller's first heartbeat before another one is started."""

_RESUMABLE: Final = frozenset({RunState.STOPPED, RunState.FAILED, RunState.LOST})


def start_study(plan: StudyPlan, *, name: str | None = None, owner: str = "") -> Study:
    """Create a study and start it.

    Raises:
        RunError: a study or runs of that name exist, or the models folder can't be written.
    """
    study = create_study(plan, name=name, owner=owner)
    _begin(study)
    return study


def ensure_study(study: Study) -> None:
    """Start what an active study lacks: its controller, or its queued runs.

    May be called any number of times.

    Raises:
        RunError: the models folder can't be written.
    """
    state = study.load_state()
    if study.plan.kind == REPEAT:
        is_needed = state in ACTIVE_STUDY_STATES
    else:
        waited = time.time() - _spawned_at(study)
        is_needed = state is StudyState.STARTING and waited > SPAWN_SECONDS
    if is_needed:
        _begin(study)


def _begin(study: Study) -> None:
    if study.plan.kind == SWEEP:
        # A second one does no harm: it waits for the first to end, then gives up.
        _spawn_controller(study)
        return
    if not study.is_queued and not study.is_stop_requested:
        _queue_seeds(study)
    ensure_dispatcher()


def stop_study(study: Study) -> None:
    """Request a study and its runs to stop; results so far are kept.

    Raises:
        RunError: the study has already ended.
    """
    state = study.load_state()
    if state not in ACTIVE_STUDY_STATES:
        raise RunError(f"{study.name} is {state}, so there is nothing to stop.")
    # The study first: otherwise its controller would treat the runs as stopped by hand.
    (study.path / StudyFile.STOP).touch()
    for run in study.list_runs():
        if run.load_state() in ACTIVE_STATES:
            with contextlib.suppress(RunError):  # it has just ended
                stop_run(run)


def resume_study(study: Study) -> None:
    """Resume a stopped or failed study.

    Raises:
        RunError: it is active or finished.
    """
    state = study.load_state()
    if state not in {StudyState.STOPPED, StudyState.FAILED}:
        raise RunError(f"{study.name} is {state}, so there is nothing to resume.")
    _reopen(study)
    if study.plan.kind == REPEAT:
        for run in study.list_runs():
            if run.load_state() in _RESUMABLE:
                resume_run(run.run_id)
    _begin(study)


def extend_study(study: Study, *, trials: int, minutes: float = 0.0) -> Study:
    """Extend the budget of a study and resume it; return it with its new plan.

    Args:
        study: one that has ended.
        trials: number of additional trials or seeds.
        minutes: additional minutes, if the study has a time limit.

    Raises:
        RunError: the study is active.
        RecipeError: the budget would exceed its limit.
    """
    if study.load_state() in ACTIVE_STUDY_STATES:
        raise RunError(f"{study.name} is active. Stop it before you extend it.")
    plan = dataclasses.replace(
        study.plan,
        trials=study.plan.trials + trials,
        minutes=study.plan.minutes + minutes if study.plan.minutes else 0.0,
    )
    extended = dataclasses.replace(study, plan=plan)
    extended.save()
    (study.path / StudyFile.QUEUED).unlink(missing_ok=True)
    _reopen(extended)
    _begin(extended)
    return extended


def _reopen(study: Study) -> None:
    """Remove the stop request and the outcome recorded by the controller."""
    (study.path / StudyFile.STOP).unlink(missing_ok=True)
    status = study.load_status()
    if status is not None and status.outcome is not None:
        study.save_status(dataclasses.replace(status, outcome=None, error=None))


def _queue_seeds(study: Study) -> None:
    """Queue a run for each seed without one."""
    with FileLock(study.path / StudyFile.LOCK):  # otherwise two pages would queue each run twice
        for seed in study.plan.list_seeds():
            if study.find_run(seed) is None:
                recipe = dataclasses.replace(study.plan.recipe, seed=seed)
                start_run(recipe, run_id=study.name_run(seed), owner=study.run_owner)
                time.sleep(0.001)  # queued in order of their seeds
        (study.path / StudyFile.QUEUED).touch()


def _spawned_at(study: Study) -> float:
    """Return the start time of the last controller, in seconds since the epoch, from its log."""
    try:
        return (study.path / StudyFile.LOG).stat().st_mtime
    except OSError:
        return 0.0


def _spawn_controller(study: Study) -> None:
    """Start the controller of a sweep.

    Raises:
        RunError: the study's directory can't be written.
    """
    log = study.path / StudyFile.LOG
    try:
        log.touch()  # its modification time is the start time of the controller
        spawn("fmnist.study", str(study.path), log=log)
    except OSError as error:
        raise RunError(f"{study.path} can't be written: {error}.") from error
