"""Ablation: the decisions of a recipe, and the validation accuracy without one, or with another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a recipe, or another that could have been taken.

    Attributes:
        name: short and unique, part of a run's name.
        title: shown on the page.
        changes: settings of a recipe that remove it, or put it in the place of the recipe's own.
        reason: why one would take it.
    """

    name: str
    title: str
    changes: Mapping[str, Any]
    reason: str


def _by_name(*decisions: Decision) -> dict[str, Decision]:
    return {decision.name: decision for decision in decisions}


DECISIONS: Final = _by_name(
    Decision(
        "augmentation",
        "Augmentation",
        {"augmentation": "none"},
        "A mirrored shoe is still a shoe: more varied images reduce overfitting.",
    ),
    Decision(
        "normalisation",
        "Batch normalisation",
        {"normalisation": False},
        "Normalises each layer's activations, so that a higher learning rate is stable.",
    ),
    Decision(
        "schedule",
        "Schedule",
        {"schedule": "constant"},
        "A high learning rate at first, then a lower one to converge.",
    ),
    Decision(
        "averaging",
        "Averaging",
        {"averaging": False},
        "The running average of the weights classifies better than the last weights.",
    ),
    Decision(
        "dropout",
        "Dropout",
        {"dropout": 0.0},
        "Random features are set to zero in training, so that none is relied on alone.",
    ),
    Decision(
        "weight_decay",
        "Weight decay",
        {"weight_decay": 0.0},
        "Shrinks weights that do not help, which reduces overfitting.",
    ),
    Decision(
        "precision",
        "Half precision",
        {"precision": "float32"},
        "16-bit arithmetic where the processor supports it: more steps per second.",
    ),
)
"""Each is removed once."""

ALTERNATIVES: Final = _by_name(
    Decision(
        "sgd",
        "SGD with momentum",
        {"optimizer": "sgd", "learning_rate": 0.1, "weight_decay": 5e-4},
        "One step size for all weights; in long trainings it often generalises better than AdamW.",
    ),
    Decision(
        "crop_cutout",
        "Crops, mirroring and cutout",
        {"augmentation": "crop_cutout"},
        "Moved by up to four pixels and with a square covered, no image is seen twice alike.",
    ),
    Decision(
        "teacher",
        "Teacher (compact)",
        {"teacher": "compact"},
        "A finished network's probabilities say more about an image than its label does.",
    ),
)
"""Each replaces the recipe's own decision once, or is added to it."""


@dataclass(frozen=True, slots=True)
class AblationRow:
    """One run of an ablation.

    Attributes:
        decision: a key of ``DECISIONS``, if one was removed, of ``ALTERNATIVES``, if one was taken;
            empty for the whole recipe.
        seed: the seed of the run.
        validation: accuracy of its best epoch on the validation images, 0 to 1.
        seconds: the training time.
        precision: ``float32`` or ``mixed_bfloat16``.
        command: the command that repeats the run.
    """

    decision: str
    seed: int
    validation: float
    seconds: float
    precision: str
    command: str


@dataclass(frozen=True, slots=True)
class Ablation:
    """The runs of a network's recipe: whole, without each of its decisions, with alternatives.

    Attributes:
        network: the name of the network.
        epochs: the epochs of every run.
        n_train: number of training images, in every run.
        n_validation: number of images on which each accuracy is measured.
        hardware: a description of the machine.
        rows: the whole recipe with several seeds, once without each decision, and once with each
            alternative.
    """

    network: str
    epochs: int
    n_train: int
    n_validation: int
    hardware: str
    rows: tuple[AblationRow, ...]

    @property
    def whole(self) -> list[AblationRow]:
        """The runs of the whole recipe, one per seed."""
        return [row for row in self.rows if not row.decision]

    @property
    def mean(self) -> float:
        """Mean validation accuracy of the whole recipe, 0 to 1."""
        return fmean(row.validation for row in self.whole)

    @property
    def spread(self) -> float:
        """Standard deviation between its seeds; NaN for a single one."""
        values = [row.validation for row in self.whole]
        return stdev(values) if len(values) > 1 else float("nan")


def find_ablation_path(network: str) -> Path:
    """Return the path of a network's recorded ablation, which need not exist."""
    return Path(__file__).with_name(f"ablation_{network}.json")


def load_ablation(network: str) -> Ablation | None:
    """Read the recorded ablation of a network (``make ablation`` writes it), or None."""
    try:
        values = json.loads(find_ablation_path(network).read_text())
    except OSError:
        return None
    rows = tuple(AblationRow(**row) for row in values.pop("rows"))
    return Ablation(**values, rows=rows)
