"""The runs that another run learns from: the one it starts from, and its teacher."""

from __future__ import annotations

from fmnist.errors import RecipeError, RunError
from fmnist.runs.recipe import Recipe
from fmnist.runs.run import Run
from fmnist.runs.state import RunState
from fmnist.runs.store import open_run


def open_source(recipe: Recipe) -> Run:
    """Return the run that a recipe starts from.

    Raises:
        RunError: there is no such run, or it is not finished or has lost its model.
        RecipeError: it was trained on images that this recipe would validate on.
    """
    return _open_finished(recipe.start_from, recipe, "no run can start from it")


def open_teacher(recipe: Recipe) -> Run:
    """Return the run whose network teaches a recipe's.

    Raises:
        RunError: there is no such run, or it is not finished or has lost its model.
        RecipeError: it was trained on images that this recipe would validate on.
    """
    return _open_finished(recipe.teacher, recipe, "it can't teach another")


def _open_finished(run_id: str, recipe: Recipe, consequence: str) -> Run:
    try:
        source = open_run(run_id)
    except RunError as error:
        raise RunError(
            f"{error} So {consequence}. Restore it if it was deleted, or choose another run."
        ) from error
    if source.load_state() is not RunState.FINISHED or source.model_path is None:
        raise RunError(
            f"{source.run_id} is not finished or has lost its model, so {consequence}. "
            "Wait for it, resume it, or choose another run."
        )
    share = source.recipe.validation_share
    if (source.recipe.validation_fold or recipe.validation_fold) and (
        source.recipe.validation_fold != recipe.validation_fold or share != recipe.validation_share
    ):
        raise RecipeError(
            f"{source.run_id} validated on fold {source.recipe.validation_fold} of {share:.0%}, "
            f"this recipe on fold {recipe.validation_fold} of {recipe.validation_share:.0%}, some "
            "of which that run was trained on. Use the same fold and share."
        )
    if recipe.validation_share > share:  # a smaller validation set is part of a larger one
        raise RecipeError(
            f"{source.run_id} validated on {share:.0%} of the training set, this recipe on "
            f"{recipe.validation_share:.0%}, some of which that run was trained on. "
            f"Set validation_share to {share:g} or less."
        )
    return source
