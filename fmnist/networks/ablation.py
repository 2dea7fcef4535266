"""Each decision of a recipe: why it was made, and what real runs without it lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision and its opposite.

    Attributes:
        name: short and unique, part of a run's name.
        title: on the page.
        without: settings of a recipe that take it back.
        reason: why it was made.
    """

    name: str
    title: str
    without: Mapping[str, Any]
    reason: str


DECISIONS: Final[dict[str, Decision]] = {
    decision.name: decision
    for decision in (
        Decision(
            "augmentation", "Augmentation", {"augmentation": "none"},
            "A mirrored shoe is still a shoe: the network can't learn the pictures by heart.",
        ),
        Decision(
            "normalisation", "Batch normalisation", {"normalisation": False},
            "Keeps each filter's answer at one scale, so that steps may be long.",
        ),
        Decision(
            "schedule", "Schedule", {"schedule": "constant"},
            "Long steps first to get there, ever shorter ones to settle.",
        ),
        Decision(
            "averaging", "Averaging", {"averaging": False},
            "The mean of the last few hundred weights errs less than any one of them.",
        ),
        Decision(
            "dropout", "Dropout", {"dropout": 0.0},
            "Parts of the evidence go missing in training, so that none is relied on.",
        ),
        Decision(
            "weight_decay", "Weight decay", {"weight_decay": 0.0},
            "Weights that do not help shrink, so that fewer details are learned by heart.",
        ),
        Decision(
            "precision", "Half precision", {"precision": "float32"},
            "16-bit products where the processor has them: more steps a second.",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AblationRow:
    """One run of an ablation.

    Attributes:
        decision: what was taken back, a key of ``DECISIONS``; empty: nothing.
        seed: of the run.
        validation: accuracy of its best epoch on the validation images, 0 to 1.
        seconds: training time.
        precision: in what numbers its steps were computed.
        command: repeats it.
    """

    decision: str
    seed: int
    validation: float
    seconds: float
    precision: str
    command: str


@dataclass(frozen=True, slots=True)
class Ablation:
    """What a network's recipe loses without each of its decisions.

    Attributes:
        network: its name.
        epochs: of every run.
        n_train: images trained on, in every run.
        n_validation: images that each accuracy is measured on.
        hardware: the machine, in words.
        rows: the runs: the whole recipe with several seeds, each decision taken back once.
    """

    network: str
    epochs: int
    n_train: int
    n_validation: int
    hardware: str
    rows: tuple[AblationRow, ...]

    @property
    def whole(self) -> list[AblationRow]:
        """The runs of the whole recipe, one a seed."""
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
    """Return where the recorded ablation of a network lies, whether there is one or not."""
    return Path(__file__).with_name(f"ablation_{network}.json")


def load_ablation(network: str) -> Ablation | None:
    """Read the recorded ablation of a network (``make ablation`` writes it), or None."""
    try:
        values = json.loads(find_ablation_path(network).read_text())
    except OSError:
        return None
    rows = tuple(AblationRow(**row) for row in values.pop("rows"))
    return Ablation(**values, rows=rows)
