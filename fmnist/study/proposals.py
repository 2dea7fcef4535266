"""Optuna's sampler and pruner of a sweep."""

from __future__ import annotations

from typing import Final

import numpy as np
import optuna
from optuna.pruners import MedianPruner, NopPruner
from optuna.samplers import RandomSampler, TPESampler
from optuna.trial import TrialState

from fmnist.errors import RecipeError, RunError
from fmnist.runs.setting import Choices, Value
from fmnist.study.plan import StudyPlan
from fmnist.study.space import read_settings

PRUNE_FROM_EPOCH: Final = 2
"""First epoch after which trials are pruned; earlier results depend too much on the initial
weights."""

MAX_PROPOSALS: Final = 200
"""Maximum number of proposals drawn to find a valid new one; each takes a few milliseconds."""

MAX_SAMPLED: Final = 20
"""Number of proposals from the sampler, which may repeat its favourite; the rest are random."""


def build_pruner(plan: StudyPlan) -> optuna.pruners.BasePruner:
    """Return the pruner, which decides whether a trial is stopped early."""
    if not plan.pruning:
        return NopPruner()
    return MedianPruner(
        n_startup_trials=max(3, min(5, plan.trials // 4)), n_warmup_steps=PRUNE_FROM_EPOCH
    )


def ask_trial(journal: optuna.Study, plan: StudyPlan, places: int = 1) -> optuna.Trial:
    """Return a new trial with valid settings; the recipe's own settings come first.

    Settings are proposed on a copy of the finished trials and enqueued in the journal as a whole.
    So invalid or repeated settings never become a trial, and a controller that is killed in between
    finds its proposal waiting. Once everything has been tried, trials repeat.

    Args:
        journal: Optuna's study.
        plan: of the study.
        places: number of trials trained at a time; the last ``places - 1`` may be unfinished, so
            the sampler ignores them.

    Raises:
        RunError: no valid settings were found.
    """
    if not journal.get_trials(deepcopy=False, states=(TrialState.WAITING,)):
        journal.enqueue_trial(_propose(journal, plan, places))
    return journal.ask()


def _propose(journal: optuna.Study, plan: StudyPlan, places: int) -> dict[str, Value]:
    trials = journal.get_trials(deepcopy=False)
    copy = optuna.create_study(direction="maximize", sampler=_build_sampler(plan, len(trials)))
    ended = trials[: max(0, len(trials) - places + 1)]
    copy.add_trials([trial for trial in ended if trial.state.is_finished()])
    if not trials:
        copy.enqueue_trial(dict(read_settings(plan.recipe, plan.space)))
    tried = [trial.params for trial in trials]
    again: dict[str, Value] | None = None
    for number in range(MAX_PROPOSALS):
        if number == MAX_SAMPLED:
            copy.sampler = RandomSampler(seed=_build_seed(plan, len(trials)))
        settings = suggest(copy.ask(), plan)
        try:
            plan.build_recipe(settings)
        except RecipeError:
            continue
        if settings not in tried:
            return settings
        again = settings
    if again is not None:
        return again
    raise RunError(
        f"{MAX_PROPOSALS} proposals in a row were impossible: they pool maps of one pixel or have "
        "too many parameters. Start a study with fewer blocks, less pooling or fewer filters."
    )


def _build_sampler(plan: StudyPlan, number: int) -> optuna.samplers.BaseSampler:
    """Return the sampler for one trial.

    It is created for each trial, seeded by study and trial, so that a restarted controller makes
    the same proposals.
    """
    return TPESampler(
        seed=_build_seed(plan, number),
        n_startup_trials=max(4, min(10, plan.trials // 3)),
        constant_liar=False,
    )


def _build_seed(plan: StudyPlan, number: int) -> int:
    return int(np.random.SeedSequence([plan.seed, number]).generate_state(1)[0])


def suggest(trial: optuna.Trial, plan: StudyPlan) -> dict[str, Value]:
    """Return the settings of a trial, proposing only those it lacks."""
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
