"""The trials of a sweep in Optuna's journal; only this module and the controller use Optuna.

The journal has one writer, the controller, which holds the study's lock; pages only read it.
"""

from __future__ import annotations

import json
import math
from typing import Final

import numpy as np
import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock
from optuna.trial import FrozenTrial, TrialState

from fmnist.errors import RunError
from fmnist.study.results import Trial
from fmnist.study.space import round_value
from fmnist.study.store import Study

MIN_FINISHED: Final = 6
"""Minimum number of finished trials for importance; with fewer, it changes with every trial."""

PRUNED_KEY: Final = "pruned"
NOTE_KEY: Final = "note"
SECONDS_KEY: Final = "seconds"
RUN_KEY: Final = "run"
"""User attributes that the controller adds to a trial."""

_STATES: Final = {
    TrialState.WAITING: "running",
    TrialState.RUNNING: "running",
    TrialState.COMPLETE: "finished",
    TrialState.PRUNED: "pruned",
    TrialState.FAIL: "failed",
}


def open_journal(study: Study, *, create: bool = False) -> optuna.Study | None:
    """Return the Optuna study of a sweep, or None before its controller has created it.

    Args:
        study: the sweep.
        create: whether to create it; only its controller may.

    Raises:
        RunError: the journal is damaged; the message names it.
    """
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    path = str(study.journal_path)
    if not create and not study.journal_path.exists():
        return None
    try:
        storage = JournalStorage(JournalFileBackend(path, lock_obj=JournalFileOpenLock(path)))
        if create:
            return optuna.create_study(
                storage=storage, study_name=study.name, direction="maximize", load_if_exists=True
            )
        names = [summary.study_name for summary in storage.get_all_studies()]
        if not names:
            return None
        return optuna.load_study(study_name=names[0], storage=storage)
    except (ValueError, KeyError, json.JSONDecodeError, OSError) as error:
        raise RunError(
            f"{path} can't be read: {error}. Restore the file, or delete the study."
        ) from error


def repair_journal(study: Study) -> None:
    """Remove traces of a killed controller: an incomplete line and Optuna's own lock.

    The caller must hold the study's lock.
    """
    path = study.journal_path
    path.with_name(f"{path.name}.lock").unlink(missing_ok=True)
    if not path.exists():
        return
    with path.open("rb+") as file:
        content = file.read()
        end = content.rfind(b"\n") + 1
        if end < len(content):
            file.truncate(end)


def load_trials(study: Study) -> list[Trial]:
    """Read the trials of a sweep, in the order in which they were proposed.

    Raises:
        RunError: the journal is damaged; the message names it.
    """
    opened = open_journal(study)
    if opened is None:
        return []
    trials = opened.get_trials(deepcopy=False)
    # A waiting trial was enqueued but has not started.
    return [_build_trial(trial) for trial in trials if trial.state is not TrialState.WAITING]


def _build_trial(trial: FrozenTrial) -> Trial:
    seen = list(trial.intermediate_values.values())
    return Trial(
        number=trial.number,
        state=_STATES[trial.state],
        settings={name: round_value(value) for name, value in trial.params.items()},
        accuracy=trial.value
        if trial.state is TrialState.COMPLETE and trial.value is not None
        else float(np.nanmax(seen))
        if seen
        else math.nan,
        epochs=len(seen),
        seconds=float(trial.user_attrs.get(SECONDS_KEY, math.nan)),
        note=str(trial.user_attrs.get(NOTE_KEY, "")),
    )


def compute_importance(study: Study) -> dict[str, float]:
    """Compute the importance of each setting by fANOVA (Hutter et al. 2014).

    Returns:
        Importance by setting, largest first, adding up to 1; empty until ``MIN_FINISHED`` trials
        have finished, or if they don't differ.

    Raises:
        RunError: the journal is damaged; the message names it.
    """
    # Needs scikit-learn, which the controller does not load.
    from optuna.importance import FanovaImportanceEvaluator, get_param_importances

    opened = open_journal(study)
    if opened is None:
        return {}
    finished = opened.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    if len(finished) < MIN_FINISHED or len({trial.value for trial in finished}) < 2:
        return {}
    return get_param_importances(opened, evaluator=FanovaImportanceEvaluator(seed=0))
