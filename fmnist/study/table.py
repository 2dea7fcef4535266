"""The trials of a sweep as a table; the controller does not import it, as it needs pandas."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from fmnist.study.results import Trial
from fmnist.study.store import Study


def build_trial_table(study: Study, trials: Sequence[Trial]) -> pd.DataFrame:
    """Return one row per trial: number from 1, run, state, settings, accuracy, etc."""
    columns = ["trial", "run", "state", *study.plan.space, "accuracy", "epochs", "seconds", "note"]
    rows = [
        {
            "trial": trial.number + 1,
            "run": study.name_run(trial.number),
            "state": trial.state,
            **trial.settings,
            "accuracy": trial.accuracy,
            "epochs": trial.epochs,
            "seconds": trial.seconds,
            "note": trial.note,
        }
        for trial in trials
    ]
    return pd.DataFrame(rows, columns=columns)
