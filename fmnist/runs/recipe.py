"""A recipe: everything needed to train a network again."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Any, Final, Self

from fmnist.errors import RecipeError

AUGMENTATIONS: Final[tuple[str, ...]] = (
    "none", "flip", "flip_shift", "flip_erase", "flip_shift_erase", "outside"
)  # fmt: skip
"""What happens to a training image: ``flip``: left-right half of the time; ``shift``: up to two
pixels any way; ``erase``: half of the time a rectangle becomes noise (Zhong et al. 2020);
``outside``: as if a outlier's photo or drawing had led to it."""

PRECISIONS: Final[tuple[str, ...]] = ("auto", "float32", "mixed_bfloat16")
"""In what numbers the steps are computed; ``auto`` measures which is faster on this machine."""

SCHEDULES: Final[tuple[str, ...]] = ("constant", "cosine")
"""How the learning rate runs: as given throughout, or warmed up and then down half a cosine."""

_NUMBER_RANGES: Final[dict[str, tuple[float, float]]] = {
    "epochs": (1, 500),
    "batch_size": (8, 2048),
    "learning_rate": (1e-6, 1.0),
    "weight_decay": (0.0, 1.0),
    "dropout": (0.0, 0.9),
    "label_smoothing": (0.0, 0.5),
    "early_stopping": (0, 100),
    "seed": (0, 2**31 - 1),
    "width": (0.25, 4.0),
    "train_share": (0.005, 1.0),
    "validation_share": (0.01, 0.5),
}

_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "augmentation": AUGMENTATIONS,
    "schedule": SCHEDULES,
    "precision": PRECISIONS,
}

_SWITCHES: Final = ("averaging", "normalisation", "event_files")

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Every setting of a training run; equal recipes on equal data give equal networks.

    Attributes:
        network: name in the registry of networks.
        epochs: passes over the training part, at most.
        batch_size: images a step.
        learning_rate: AdamW's step size, at its highest when the schedule varies it.
        weight_decay: AdamW's decoupled decay (Loshchilov & Hutter 2019); 0 gives plain Adam.
        dropout: share of units silenced while training.
        label_smoothing: probability mass spread over all classes (Szegedy et al. 2016).
        augmentation: one of ``AUGMENTATIONS``.
        schedule: one of ``SCHEDULES``.
        averaging: validate, keep and test the running average of the weights.
        early_stopping: end after so many epochs without a better validation accuracy; 0: never.
        seed: decides initial weights, order of images, dropout and augmentation.
        train_share: part of the training images that is used, stratified, (0, 1].
        validation_share: part of the training set kept for validation.
        normalisation: batch normalisation after each convolution or dense layer, where the
            network has it.
        width: multiplies the number of filters and units of the hidden layers.
        precision: one of ``PRECISIONS``.
        edits: path of a file that names rows to leave out or to label otherwise; empty: none.
        event_files: write event files for TensorBoard, too.
        start_from: name of a finished run whose weights it begins with; empty: random ones.

    Raises:
        RecipeError: a value outside its range; the message names setting, value and range.
    """

    network: str
    epochs: int = 12
    batch_size: int = 128
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    dropout: float = 0.3
    label_smoothing: float = 0.0
    augmentation: str = "flip_shift"
    schedule: str = "cosine"
    averaging: bool = True
    early_stopping: int = 0
    seed: int = 0
    train_share: float = 1.0
    validation_share: float = 0.1
    normalisation: bool = True
    width: float = 1.0
    precision: str = "auto"
    edits: str = ""
    event_files: bool = False
    start_from: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(str(self.network)):
            raise RecipeError(
                f"network is {self.network!r}, which is no name of a network. "
                "Take one that `python -m fmnist train --help` lists."
            )
        for name, (low, high) in _NUMBER_RANGES.items():
            value = getattr(self, name)
            wanted = "a whole number" if type(low) is int and type(high) is int else "a number"
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if is_number and wanted == "a whole number":
                is_number = isinstance(value, int)
            if not is_number or not low <= value <= high:
                raise RecipeError(
                    f"{name} is {value!r}; it must be {wanted} from {low:,} to {high:,}."
                )
        for name, choices in _CHOICES.items():
            value = getattr(self, name)
            if value not in choices:
                raise RecipeError(f"{name} is {value!r}; it must be one of {', '.join(choices)}.")
        for name in _SWITCHES:
            value = getattr(self, name)
            if not isinstance(value, bool):
                raise RecipeError(f"{name} is {value!r}; it must be true or false.")
        if not isinstance(self.edits, str):
            raise RecipeError(f"edits is {self.edits!r}; it must be the path of a file, or empty.")
        if not isinstance(self.start_from, str):
            raise RecipeError(
                f"start_from is {self.start_from!r}; it must be the name of a run, or empty."
            )

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as plain JSON values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Build a recipe from JSON values.

        Raises:
            RecipeError: a setting is unknown, missing or outside its range.
        """
        known = {field.name for field in dataclasses.fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise RecipeError(
                f"the recipe has unknown settings: {', '.join(unknown)}. "
                f"Known are {', '.join(sorted(known))}."
            )
        if "network" not in values:
            raise RecipeError('the recipe names no network. Add a line such as "network": "cnn".')
        return cls(**values)
