"""Optuna's sampler and pruner of a sweep."""

from __future__ import annotations

from typing import Final

import numpy as np
import optuna
from optuna.pruners import MedianPruner, NopPruner
from optuna.samplers import TPESampler

from fmnist.runs.setting import Choices, Value
from fmnist.study.plan import StudyPlan

PRUNE_FROM_EPOCH: Final = 2
"""First epoch after which trials are pruned: the first one depends most on the initial weights."""


def build_pruner(plan: StudyPlan) -> optuna.pruners.BasePruner:
    """Return the pruner, which decides whether a trial is ended early."""
    if not plan.pruning:
        return NopPruner()
    return MedianPruner(
        n_startup_trials=max(3, min(5, plan.trials // 4)), n_warmup_steps=PRUNE_FROM_EPOCH
    )


def build_sampler(plan: StudyPlan, number: int) -> optuna.samplers.BaseSampler:
    """Return the sampler that proposes a trial.

    A new one each time, seeded by study and trial, so that a controller that was killed and started
    again proposes what the first one would have.
    """
    seed = int(np.random.SeedSequence([plan.seed, number]).generate_state(1)[0])
    return TPESampler(
        seed=seed, n_startup_trials=max(4, min(10, plan.trials // 3)), constant_liar=False
    )


def suggest(trial: optuna.Trial, plan: StudyPlan) -> dict[str, Value]:
    """Return the settings of a trial; those it has already are not proposed again."""
    settings: dict[str, Value] = {}
    for name, values in plan.space.items():
        if isinstance(values, Choices):
            choice = trial.suggest_categorical(name, values.values)
            assert isinstance(choice, float | int | str)
            settings[name] = choice
        else:
            settings[name] = trial.suggest_float(
                name, values.low, values.high, log=values.log, step=values.step
            )
    return settings
