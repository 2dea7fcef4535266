"""The training code in a script or notebook of a run, and the runs that have none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from fmnist.errors import RecipeError, RunError
from fmnist.networks import find_network
from fmnist.runs import Recipe, Run
from fmnist.runs.classical import CLASSICAL


@dataclass(frozen=True, slots=True)
class Training:
    """The training of a script, with facts recorded by the run.

    Attributes:
        recipe: every setting.
        run_id: name of the run; empty for a recommended recipe.
        precision: the precision of the run's steps, ``float32`` or ``mixed_bfloat16``; the script
            uses that of the recipe, or 32 bits if the recipe leaves the choice to the machine.
        backend: the run's Keras backend, ``tensorflow`` or ``jax``; the script uses TensorFlow.
        fingerprint: the fingerprint of the training set; empty if unknown.
        test_accuracy: the test accuracy of the run, 0 to 1; None unless it is finished.
        whole: the run's recipe if the script trains fewer epochs or images; otherwise None.
    """

    recipe: Recipe
    run_id: str
    precision: str = "float32"
    backend: str = "tensorflow"
    fingerprint: str = ""
    test_accuracy: float | None = None
    whole: Recipe | None = None

    @property
    def stem(self) -> str:
        """First part of the names of the files that the script writes."""
        name = {"cnn": "cnn_custom"}.get(self.recipe.network, self.recipe.network)
        if self.recipe.network == "custom":
            name += "_" + re.sub(r"\W+", "_", self.run_id.lower(), flags=re.ASCII).strip("_")
        return f"fashion_mnist_{name}"

    @property
    def is_half(self) -> bool:
        """Whether the script computes in 16-bit floats, as set in the recipe."""
        return self.recipe.precision == "mixed_bfloat16"

    @property
    def is_default(self) -> bool:
        """Whether the recipe is its network's recommended one, apart from the seed."""
        default = find_network(self.recipe.network).recipe
        return default.to_dict() | {"seed": 0} == self.recipe.to_dict() | {"seed": 0}

    @property
    def notes(self) -> list[str]:
        """The differences between the script and the program, one sentence each."""
        if self.whole is not None:
            return [
                f"For a quick look: {self.recipe.epochs} epochs on {self.recipe.train_share:.0%} "
                f"of the training part. The run had {self.whole.epochs} epochs on "
                f"{self.whole.train_share:.0%}, so expect a lower accuracy here."
            ]
        notes = [
            "The first epoch's loss is that of the run to a thousandth where precision and Keras' "
            "backend are the same; later ones drift apart, as in any two trainings whose sums are "
            "rounded in another order."
        ]
        if self.backend == "jax":
            notes.append(
                "The run was trained with JAX; the environment variable KERAS_BACKEND=jax, where "
                "JAX is installed, does so here."
            )
        if teacher := self.recipe.teacher:
            notes.append(
                f"It also learns from the predictions of the run {teacher}: put the model.keras of "
                f"that run into models/{teacher} beside this file, or name the file in the "
                "environment variable TEACHER_FILE."
            )
        if self.precision != "float32":
            notes.append(
                "The run computed its steps in 16-bit floats"
                + (
                    ", as the script does, with some layers of its own whose roundings differ."
                    if self.is_half
                    else ", which were faster on its machine; the script uses 32 bits."
                )
            )
        if self.fingerprint == "" and self.test_accuracy is not None:
            notes.append("The run was trained on the program's demo set, not on Fashion-MNIST.")
        return notes


def describe_training(run: Run) -> Training:
    """Return the training of a script for a run.

    Raises:
        RunError: the run's records can't be read.
        RecipeError: the recipe needs something that a script lacks; the message says what.
    """
    if run.damage:
        raise RunError(run.damage)
    check_recipe(run.recipe, run.run_id)
    report = run.load_report()
    if report is None:
        return Training(run.recipe, run.run_id)
    return Training(
        recipe=run.recipe,
        run_id=run.run_id,
        precision=report.precision,
        backend="jax" if "jax" in report.versions else "tensorflow",
        fingerprint="" if report.data_name == "demo set" else report.data.get("train", ""),
        test_accuracy=report.test["accuracy"],
    )


def shorten(training: Training, epochs: int | None, train_share: float | None) -> Training:
    """Return a training with fewer epochs or images, for a quick look; None keeps the number.

    Raises:
        RecipeError: a number is out of range.
    """
    given: dict[str, Any] = {"epochs": epochs, "train_share": train_share}
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        return training
    recipe = replace(training.recipe, **changes)
    return replace(training, recipe=recipe, whole=training.recipe)


def check_recipe(recipe: Recipe, run_id: str) -> None:
    """Reject a recipe that a script with only Keras and NumPy can't train.

    Raises:
        RecipeError: the message says what it needs.
    """
    needs = {
        "it is a classical model of scikit-learn, not a Keras network": recipe.network in CLASSICAL,
        "its augmentation, photos and drawings, is several modules of this program": (
            recipe.augmentation == "outside"
        ),
        f"it starts from the weights of another run, {recipe.start_from}": bool(recipe.start_from),
        "it changes training labels by a file of edited rows": bool(recipe.edits),
    }
    reasons = [reason for reason, applies in needs.items() if applies]
    if reasons:
        raise RecipeError(
            f"{run_id} can't be written as a script or notebook: {'; '.join(reasons)}. "
            f"`python -m fmnist export {run_id}` hands out the trained model itself."
        )
