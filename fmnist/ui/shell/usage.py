"""Check what a student would use against the limits of the class."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Sequence
from functools import partial

from fmnist.access.roles import Person, Role
from fmnist.embedding.store import list_running
from fmnist.errors import RecipeError
from fmnist.launching.launcher import CheckQueue
from fmnist.networks.describe import count_parameters
from fmnist.runs import Recipe, Run
from fmnist.runs.classical import CLASSICAL, has_setting
from fmnist.runs.layer_costs import MAX_PARAMETERS
from fmnist.runs.owners import measure_disk
from fmnist.runs.setting import Range
from fmnist.study import ACTIVE_STUDY_STATES, StudyPlan, list_studies
from fmnist.study.space import build_varied, list_architectures


def check_run(person: Person, recipe: Recipe) -> CheckQueue | None:
    """Check a run before it is queued.

    Returns:
        The check for ``start_run`` to make while the queue is locked; None for no limit.

    Raises:
        AccessError: a limit would be exceeded.
    """
    if person.role is Role.TEACHER:
        return None
    _check_recipe(recipe)
    _check_disk(person)
    return partial(_check_waiting, person.name)


def check_study(person: Person, plan: StudyPlan, *, more: int = 0) -> None:
    """Check a study before it is started, resumed or extended.

    Args:
        person: the owner of the study.
        plan: the plan of the study.
        more: number of runs added to it.

    Raises:
        AccessError: a limit would be exceeded.
    """
    if person.role is Role.TEACHER:
        return
    from fmnist.access.limits import check_limit

    check_limit("study_runs", plan.trials + more)
    check_limit("studies", 1 + count_studies(person.name))
    _check_network(plan.recipe.epochs, _count_most_parameters(plan))
    _check_disk(person)


def check_map(person: Person) -> None:
    """Check a map before it is started.

    Raises:
        AccessError: as many of the person's maps are computed or wait as they may have.
    """
    if person.role is Role.TEACHER:
        return
    from fmnist.access.limits import check_limit

    check_limit("maps", 1 + sum(store.load_owner() == person.name for store in list_running()))


def count_studies(name: str) -> int:
    """Return how many studies of a person have not ended."""
    own = (study for study in list_studies() if study.owner == name)
    return sum(study.load_state() in ACTIVE_STUDY_STATES for study in own)


def _check_recipe(recipe: Recipe) -> None:
    from fmnist.access.limits import check_limit

    if recipe.network not in CLASSICAL:
        _check_network(recipe.epochs, count_parameters(recipe))
        return
    # Not its parameters: the largest keeps the training images, and takes seconds to fit.
    for name in ("epochs", "trees"):
        if has_setting(recipe.network, name):
            check_limit(name, getattr(recipe, name))


def _check_network(epochs: int, parameters: int) -> None:
    from fmnist.access.limits import check_limit

    check_limit("epochs", epochs)
    check_limit("parameters", parameters)


def _check_disk(person: Person) -> None:
    from fmnist.access.limits import check_limit

    check_limit("disk_mb", measure_disk()[person.name] / 1e6)


def _check_waiting(name: str, waiting: Sequence[Run]) -> None:
    from fmnist.access.limits import check_limit

    check_limit("waiting", 1 + sum(run.owner == name for run in waiting))


def _count_most_parameters(plan: StudyPlan) -> int:
    """Return how many parameters the largest network of a study may have."""
    widths = plan.space.get("width")
    width = widths.high if isinstance(widths, Range) else plan.recipe.width
    largest = 0
    for settings in list_architectures(plan.space):
        with contextlib.suppress(RecipeError):  # impossible ones are not tried
            recipe = build_varied(plan.recipe, settings)
            try:
                parameters = count_parameters(dataclasses.replace(recipe, width=width))
            except RecipeError:  # narrower ones are possible
                parameters = MAX_PARAMETERS
            largest = max(largest, parameters)
    return largest
