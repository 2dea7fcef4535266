"""Starts and cancels the search for label issues: five queued networks, then the search."""

from __future__ import annotations

import dataclasses

from fmnist import settings
from fmnist.data.edits import Edits
from fmnist.labels.folds import (
    N_FOLDS,
    OWNER,
    build_fold_recipe,
    find_fold_runs,
    name_fold_run,
)
from fmnist.labels.search import LabelSearch
from fmnist.labels.verdicts import name_pair, write_edits
from fmnist.launching.computation import start_computation
from fmnist.launching.launcher import resume_run, start_run
from fmnist.runs import ACTIVE_STATES, Recipe, RunState


def start_fold_runs(fingerprint: str) -> int:
    """Queue those of a training set's five networks that are neither finished nor in progress.

    A run that was stopped or lost is resumed.

    Args:
        fingerprint: ``Dataset.fingerprints["train"]``.

    Returns:
        The number of runs queued.

    Raises:
        RunError: the models folder can't be written.
    """
    n_queued = 0
    for fold, run in zip(range(N_FOLDS), find_fold_runs(fingerprint), strict=True):
        if run is None:
            start_run(build_fold_recipe(fold), run_id=name_fold_run(fingerprint, fold), owner=OWNER)
        elif (state := run.load_state()) is RunState.FINISHED or state in ACTIVE_STATES:
            continue
        else:
            resume_run(run.run_id)
        n_queued += 1
    return n_queued


def start_label_search(found: LabelSearch) -> None:
    """Start the process that computes the missing results of a search.

    Raises:
        RunError: it is already running, or the cache folder can't be written.
    """
    start_computation(found, "fmnist.labels")


def start_edit_pair(recipe: Recipe, base: str, edits: Edits, *, owner: str) -> None:
    """Queue two runs that differ only in their edits: without and with; an existing run is kept.

    Args:
        recipe: the recipe of both; its own edits are ignored.
        base: the name of the recipe, for the names of the runs.
        edits: the edits of the training set.
        owner: the person who requests them.

    Raises:
        DataError: the file of the edits can't be stored.
        RunError: the models folder can't be written.
    """
    path = write_edits(edits)
    for run_id, named in zip(name_pair(base, edits), ("", str(path)), strict=True):
        if not (settings.models_dir() / run_id).exists():
            start_run(dataclasses.replace(recipe, edits=named), run_id=run_id, owner=owner)
