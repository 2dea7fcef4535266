"""A run as code: a script that trains its recipe again, without this program.

The script is in the percent format that Jupyter, VS Code and jupytext read: its cells are those of
the notebook (``fmnist.takeaway.notebooks``).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import jinja2

from fmnist.errors import RecipeError, RunError
from fmnist.networks import find_network
from fmnist.networks.ablation import DECISIONS
from fmnist.networks.describe import describe_network
from fmnist.runs import Recipe, Run
from fmnist.runs.classical import CLASSICAL
from fmnist.runs.schedule import COSINE_END, WARMUP_PART
from fmnist.runs.settings_spec import SETTINGS
from fmnist.takeaway.network_source import write_network
from fmnist.takeaway.program_source import find_source

_WIDTH: Final = 98

_ARCHIVE: Final = (
    "fmnist.classes.CLASS_NAMES",
    "fmnist.classes.N_CLASSES",
    "fmnist.classes.IMAGE_SIZE",
)
_SPLIT: Final = (
    "fmnist.data.split.count_folds",
    "fmnist.data.split.split_validation",
    "fmnist.training.data.choose_rows",
)
_AVERAGING: Final = (
    "fmnist.training.fused._list_normalizations",
    "fmnist.training.fused.average_statistics",
    "fmnist.training.fused.correct_statistics",
    "fmnist.training.trainer.adopt_weights",
    "fmnist.training.optimiser.Averaging",
)
_OPTIMISERS: Final = {
    "sgd": ("fmnist.training.optimiser.AveragingSGD",),
    "adamw": ("fmnist.training.optimiser._find_handle", "fmnist.training.optimiser.AveragingAdamW"),
}
_FLIP: Final = "fmnist.training.augmentation.RandomFlipShift"
_ERASE: Final = "fmnist.training.augmentation.RandomErasing"
_CUTOUT: Final = "fmnist.training.augmentation.Cutout"

_LAYERS: Final[dict[str, tuple[str, str]]] = {
    "crop": (_FLIP, "RandomFlipShift(CROP_PIXELS, SEED)"),
    "shift": (_FLIP, "RandomFlipShift(SHIFT_PIXELS, SEED)"),
    "flip": (_FLIP, "RandomFlipShift(0, SEED)"),
    "erase": (_ERASE, "RandomErasing(SEED + 1)"),
    "cutout": (_CUTOUT, "Cutout(CUTOUT_SIZE, SEED + 1)"),
}
"""By the part of an augmentation's name, the layer's class and how it is built; the first of
``crop``, ``shift`` and ``flip`` counts."""

_CONSTANTS: Final[dict[str, tuple[str, ...]]] = {
    "crop": ("CROP_PIXELS",),
    "shift": ("SHIFT_PIXELS",),
    "erase": ("ERASE_PROBABILITY", "ERASE_AREA", "ERASE_RATIO"),
    "cutout": ("CUTOUT_SIZE",),
}

_NO_CONSTANTS: Final = frozenset(
    {
        "network", "architecture", "augmentation", "optimizer", "schedule", "precision", "dropout",
        "normalisation", "width", "event_files", "start_from", "edits", "teacher",
    }
)  # fmt: skip
"""Settings that are in the code itself, or have no influence on it."""


@dataclass(frozen=True, slots=True)
class Training:
    """What a script trains, and what is recorded of it.

    Attributes:
        recipe: every setting.
        run_id: name of the run; empty for a recommended recipe.
        precision: of the run's steps, ``float32`` or ``mixed_bfloat16``; the script has that of the
            recipe, and 32 bits where the recipe left it to the machine.
        backend: of Keras, ``tensorflow`` or ``jax``.
        fingerprint: of the training set, empty if unknown.
        test_accuracy: of the run, 0..1; None unless it is finished.
        whole: the run's recipe, where the script trains fewer epochs or images; else None.
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
        """Whether the script computes in 16-bit floats: where the recipe asks for them."""
        return self.recipe.precision == "mixed_bfloat16"

    @property
    def is_default(self) -> bool:
        """Whether the recipe is the recommended one of its network, whatever the seed."""
        default = find_network(self.recipe.network).recipe
        return default.to_dict() | {"seed": 0} == self.recipe.to_dict() | {"seed": 0}

    @property
    def notes(self) -> list[str]:
        """What the script does otherwise than the program, a sentence each."""
        if self.whole is not None:
            return [
                f"For a quick look: {self.recipe.epochs} epochs on {self.recipe.train_share:.0%} "
                f"of the training part. The run had {self.whole.epochs} epochs on "
                f"{self.whole.train_share:.0%}, and its accuracy is not to be expected here."
            ]
        notes = [
            "The first epoch's loss is that of the run to a thousandth where precision and Keras' "
            "backend are the same; later ones drift apart, as in any two trainings whose sums are "
            "rounded in another order."
        ]
        if teacher := self.recipe.teacher:
            notes.append(
                f"It learns from the answers of the run {teacher} as well: put the model.keras of "
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
    """Return what a script for a run has to train.

    Raises:
        RunError: the run's records can't be read.
        RecipeError: the recipe needs what a script does not have; the message says what.
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
    """Return a training of fewer epochs or images, for a quick look; None changes nothing.

    Raises:
        RecipeError: a number is not allowed.
    """
    given: dict[str, Any] = {"epochs": epochs, "train_share": train_share}
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        return training
    recipe = replace(training.recipe, **changes)
    return replace(training, recipe=recipe, whole=training.recipe)


def check_recipe(recipe: Recipe, run_id: str) -> None:
    """Refuse a recipe that a script of Keras and NumPy alone can't train.

    Raises:
        RecipeError: the message says what it needs.
    """
    needs = {
        "it is a classical model of scikit-learn, no Keras network": recipe.network in CLASSICAL,
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


def build_script(training: Training) -> str:
    """Return the text of a script that trains a recipe, as Python in the percent format.

    Raises:
        RecipeError: there is no such network, or no script can train the recipe.
    """
    recipe = training.recipe
    check_recipe(recipe, training.run_id)
    parts, layers = _list_parts(recipe.augmentation), describe_network(recipe)
    places = [*_AVERAGING, *_OPTIMISERS[recipe.optimizer]]
    if recipe.label_smoothing:
        places.append("fmnist.training.optimiser.SmoothedCrossentropy")
    return render_template(
        "train.py.jinja",
        training=training,
        recipe=recipe,
        info=find_network(recipe.network),
        settings=list(_list_constants(recipe)),
        layers=layers,
        has_normalisation=any(layer.kind == "BatchNormalization" for layer in layers),
        network=write_network(recipe),
        split_places=_SPLIT,
        augmentation_constants=[
            f"fmnist.training.augmentation.{name}"
            for part in parts
            for name in _CONSTANTS.get(part, ())
        ],
        augmentation_places=list(dict.fromkeys(_LAYERS[part][0] for part in parts)),
        augmentation_layers=[_LAYERS[part][1] for part in parts],
        augmentation_reason=DECISIONS["augmentation"].reason,
        optimiser_places=places,
        training_reasons=_list_reasons(recipe),
        warmup_part=WARMUP_PART,
        cosine_end=COSINE_END,
    )


def build_exploration() -> str:
    """Return the text of the script that explores the data set, in the percent format."""
    return render_template("explore.py.jinja")


def _list_parts(augmentation: str) -> list[str]:
    """Return the layers that an augmentation's name lists, as keys of ``_LAYERS``, in order."""
    named = set(augmentation.split("_"))
    moves = [part for part in ("crop", "shift", "flip") if part in named][:1]
    return moves + [part for part in ("erase", "cutout") if part in named]


def _list_constants(recipe: Recipe) -> Iterator[tuple[str, str, str]]:
    """Yield name, value and meaning of each setting that the script has as a constant."""
    for name, value in recipe.select_settings().items():
        if name in _NO_CONSTANTS or (name.startswith("teacher") and not recipe.teacher):
            continue
        sentence = SETTINGS[name].help.split(". ")[0].rstrip(".")
        yield name.upper(), repr(value), sentence


def _list_reasons(recipe: Recipe) -> list[str]:
    reasons = [SETTINGS["optimizer"].help]
    if recipe.schedule == "cosine":
        reasons.append(f"{SETTINGS['schedule'].label}: {DECISIONS['schedule'].reason}")
    if recipe.averaging:
        reasons.append(f"{SETTINGS['averaging'].label}: {DECISIONS['averaging'].reason}")
    if recipe.weight_decay:
        reasons.append(f"{SETTINGS['weight_decay'].label}: {DECISIONS['weight_decay'].reason}")
    if recipe.label_smoothing:
        reasons.append(f"{SETTINGS['label_smoothing'].label}: {SETTINGS['label_smoothing'].help}")
    return reasons


def render_template(name: str, **values: Any) -> str:
    """Return the text of a template of Python source."""
    return _load_templates().get_template(name).render(archive_places=_ARCHIVE, **values)


@lru_cache
def _load_templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # Python, not HTML
    )
    environment.globals["source"] = find_source
    environment.filters["comment"] = _wrap_comment
    return environment


def _wrap_comment(text: str) -> str:
    """Return a text for behind ``# ``, wrapped into further comment lines."""
    return "\n# ".join(textwrap.wrap(text, _WIDTH))
