"""The results of a study so far, as plain records and numbers."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist.errors import RunError
from fmnist.runs import Recipe, RunState
from fmnist.runs.setting import Value
from fmnist.study.store import Study

OVER: Final = frozenset({"finished", "pruned", "failed"})


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial of a sweep.

    Attributes:
        number: from 0, in order of proposal; pages count from 1.
        state: ``running``, ``finished``, ``pruned`` (ended early, behind the others) or ``failed``.
        settings: the varied settings, as in its recipe.
        accuracy: best validation accuracy so far, 0 to 1; nan before the first epoch.
        epochs: number of epochs reported.
        seconds: time from proposal to end, excluding pauses; nan while it runs.
        note: why it was pruned or failed; otherwise empty.
    """

    number: int
    state: str
    settings: Mapping[str, Value]
    accuracy: float
    epochs: int
    seconds: float
    note: str


@dataclass(frozen=True, slots=True)
class SeedRun:
    """One run of a repeat.

    Attributes:
        seed: its seed.
        run_id: its name.
        state: its state, or None if it was deleted or does not exist yet.
        validation: validation accuracy, 0 to 1; nan until it is finished, or if nothing is
            validated.
        test: test accuracy, 0 to 1; nan until it is finished.
        seconds: the training time; nan until it is finished.
    """

    seed: int
    run_id: str
    state: RunState | None
    validation: float = math.nan
    test: float = math.nan
    seconds: float = math.nan


def load_seed_runs(study: Study) -> list[SeedRun]:
    """Read the states and results of the runs of a repeat, one for each seed."""
    rows = []
    for seed in study.plan.list_seeds():
        run_id, run = study.name_run(seed), study.find_run(seed)
        if run is None:
            rows.append(SeedRun(seed, run_id, None))
            continue
        try:
            report = run.load_report()
        except RunError:  # damaged: the Runs page reports it
            report = None
        rows.append(
            SeedRun(seed, run_id, run.load_state())
            if report is None
            else SeedRun(
                seed,
                run_id,
                RunState.FINISHED,
                math.nan if report.validation_accuracy is None else report.validation_accuracy,
                report.test.get("accuracy", math.nan),
                report.seconds,
            )
        )
    return rows


def find_best(trials: Sequence[Trial]) -> Trial | None:
    """Return the finished trial with the best validation accuracy; the earlier one in a tie."""
    finished = [trial for trial in trials if trial.state == "finished"]
    return max(finished, key=lambda trial: trial.accuracy, default=None)


def compute_best_so_far(trials: Sequence[Trial]) -> NDArray[np.float64]:
    """Return the running maximum of the finished trials' accuracy, float ``(n,)``.

    nan before the first finished trial.
    """
    values = [trial.accuracy if trial.state == "finished" else math.nan for trial in trials]
    return np.fmax.accumulate(np.array(values, np.float64)) if values else np.zeros(0)


def compute_time_left(
    trials: Sequence[Trial], n_trials: int, *, progress: float = 0.0, minutes_left: float = math.inf
) -> float | None:
    """Estimate a sweep's remaining seconds; None before the first trial has ended.

    Args:
        trials: the trials that have started.
        n_trials: the maximum number of trials.
        progress: share of the current trial that is done, 0 to 1.
        minutes_left: the time after which no trial is started; the current one is completed.
    """
    seconds = [t.seconds for t in trials if t.state in OVER and math.isfinite(t.seconds)]
    if not seconds:
        return None
    mean = float(np.mean(seconds))
    running = any(trial.state not in OVER for trial in trials)
    left = n_trials - sum(trial.state in OVER for trial in trials)
    return min(max(0.0, left - progress * running) * mean, max(0.0, minutes_left) * 60 + mean)


def compute_seeds_time_left(rows: Sequence[SeedRun], progress: float) -> float | None:
    """Estimate a repeat's remaining seconds; None before the first run is finished.

    Args:
        rows: one per seed.
        progress: share of the current run that is done, 0 to 1.
    """
    seconds = [row.seconds for row in rows if math.isfinite(row.seconds)]
    if not seconds:
        return None
    active = sum(row.state in {RunState.QUEUED, RunState.RUNNING} for row in rows)
    return float(max(0.0, active - progress) * np.mean(seconds))


def build_winner(study: Study, trial: Trial, *, full: Recipe | None = None) -> Recipe:
    """Return the recipe of a trial.

    Args:
        study: the sweep.
        trial: one of its trials.
        full: the recipe from which to take epochs and data share, which a sweep reduces; None keeps
            the sweep's.
    """
    recipe = study.plan.build_recipe(trial.settings)
    if full is None:
        return recipe
    return dataclasses.replace(
        recipe,
        epochs=full.epochs,
        train_share=full.train_share,
        early_stopping=full.early_stopping,
    )
