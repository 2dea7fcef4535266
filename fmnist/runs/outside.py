"""How often a network's predictions for outside pictures were right, by their probability."""

from __future__ import annotations

from dataclasses import dataclass, field

from fmnist.runs.fields import Count, Share
from fmnist.runs.records import Record


@dataclass(frozen=True, slots=True)
class ConfidenceBin:
    """The predictions whose probability lies in a range.

    Attributes:
        low: lower end of the range.
        high: upper end, which belongs to the next bin unless it is 1.
        n: number of predictions.
        n_right: number of correct predictions.
    """

    low: Share
    high: Share
    n: Count
    n_right: Count

    def describe(self) -> str:
        """Return the range in words."""
        return f"{100 * self.low:.0f}–{self.high:.0%}"


@dataclass(frozen=True, slots=True)
class OutsideFigures(Record):
    """The measurements of ``make bench-pictures`` on outside pictures.

    Predictions that called a picture none of the ten classes are left out.

    Attributes:
        photo: bins of the photos, by rising probability.
        drawing: bins of the drawings, likewise.
    """

    photo: list[ConfidenceBin] = field(default_factory=list)
    drawing: list[ConfidenceBin] = field(default_factory=list)

    def find_bin(self, kind: str, probability: float) -> ConfidenceBin | None:
        """Return the bin of a ``"photo"`` or ``"drawing"`` answered with a probability."""
        bins = self.photo if kind == "photo" else self.drawing
        return next((each for each in reversed(bins) if probability >= each.low), None)
