"""Writes a run as a script that repeats its training without this program.

The script uses the percent format of Jupyter, VS Code and jupytext; its cells are those of the
notebook (``fmnist.takeaway.notebooks``).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import jinja2

from fmnist.evaluation.metrics import NORMAL_QUANTILE
from fmnist.networks import find_network
from fmnist.networks.ablation import DECISIONS
from fmnist.networks.describe import describe_network
from fmnist.runs import Recipe
from fmnist.runs.schedule import COSINE_END, WARMUP_PART
from fmnist.runs.settings_spec import SETTINGS
from fmnist.takeaway.network_source import write_network
from fmnist.takeaway.program_source import find_source
from fmnist.takeaway.template_files import build_environment
from fmnist.takeaway.training import Training, check_recipe

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
"""For each part of an augmentation's name, the class and constructor call of its layer; of
``crop``, ``shift`` and ``flip``, the first applies."""

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
"""Settings that are part of the code itself or do not affect it."""


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
        normal_quantile=NORMAL_QUANTILE,
    )


def build_exploration() -> str:
    """Return the text of the script that explores the data set, in the percent format."""
    return render_template("explore.py.jinja")


def _list_parts(augmentation: str) -> list[str]:
    """Return the layers listed in an augmentation's name, as keys of ``_LAYERS``, in order.

    Raises:
        ValueError: a part of the name is not in ``_LAYERS``.
    """
    named = set(augmentation.split("_"))
    if unknown := named - {*_LAYERS, "none"}:
        raise ValueError(f"no layer for {', '.join(sorted(unknown))} of {augmentation}")
    moves = [part for part in ("crop", "shift", "flip") if part in named][:1]
    return moves + [part for part in ("erase", "cutout") if part in named]


def _list_constants(recipe: Recipe) -> Iterator[tuple[str, str, str]]:
    """Yield name, value and meaning of each setting that becomes a constant of the script."""
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
    environment = build_environment(autoescape=False)  # Python, not HTML
    environment.globals["source"] = find_source
    environment.filters["comment"] = _wrap_comment
    return environment


def _wrap_comment(text: str) -> str:
    """Return a text wrapped into comment lines, to be placed after ``# ``."""
    return "\n# ".join(textwrap.wrap(text, _WIDTH))
