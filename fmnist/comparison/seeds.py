"""What repeats over several seeds say together: mean, spread and interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from fmnist.runs import RunSummary

_NO_DIFFERENCE: Final = frozenset({"seed", "event_files"})
"""Settings in which repeats may differ: the seed, and what only reports."""


@dataclass(frozen=True, slots=True)
class SeedStatistics:
    """Mean and spread of one figure over repeats that differ in nothing but the seed.

    Attributes:
        n: how many repeats.
        mean: in the unit of the values, as are the others.
        deviation: standard deviation of a sample (divided by n − 1), NaN for one value.
        low: lower end of the interval of the mean, NaN for one value.
        high: upper end.
    """

    n: int
    mean: float
    deviation: float
    low: float
    high: float


def compute_seed_statistics(values: Sequence[float], *, confidence: float = 0.95) -> SeedStatistics:
    """Compute mean, standard deviation and the interval of the mean by Student's t.

    The interval is of the mean over all seeds, not of a single further run; with two or three
    values it is wide, as it should be, and may leave the range of the values.

    Args:
        values: one figure a seed, at least one.
        confidence: of the interval, between 0 and 1.

    Raises:
        ValueError: there are no values.
    """
    if not len(values):
        raise ValueError("expected at least one value, got none")
    n, mean = len(values), float(np.mean(values))
    if n == 1:
        return SeedStatistics(1, mean, np.nan, np.nan, np.nan)
    deviation = float(np.std(values, ddof=1))
    from scipy.special import stdtrit  # half a second, which the first page would wait for

    half = float(stdtrit(n - 1, 0.5 + confidence / 2)) * deviation / np.sqrt(n)
    return SeedStatistics(n, mean, deviation, mean - half, mean + half)


@dataclass(frozen=True, slots=True)
class SeedGroup:
    """Finished runs of one recipe on the same data, each with a seed of its own.

    Attributes:
        runs: in the order of their seeds, at least two.
        validation: of the validation accuracy, 0 to 1.
        test: of the test accuracy.
    """

    runs: tuple[RunSummary, ...]
    validation: SeedStatistics
    test: SeedStatistics


def group_seeds(summaries: Sequence[RunSummary]) -> list[SeedGroup]:
    """Find the finished runs that differ in nothing but the seed; the largest group comes first.

    Of several runs with one seed the newest counts: a repeat of the same seed is no new evidence.
    """
    groups: dict[tuple[Any, ...], dict[int, RunSummary]] = {}
    for summary in sorted(summaries, key=lambda summary: summary.run.created):
        if summary.validation_accuracy is not None and summary.test_accuracy is not None:
            groups.setdefault(_identify(summary), {})[summary.run.recipe.seed] = summary
    found = [_build_group(by_seed) for by_seed in groups.values() if len(by_seed) > 1]
    return sorted(found, key=lambda group: -len(group.runs))


def _identify(summary: RunSummary) -> tuple[Any, ...]:
    """Name what repeats have in common: the settings and the data, not the program's version."""
    settings = summary.run.recipe.to_dict()
    data = summary.report.data if summary.report is not None else {}
    return (
        *(value for name, value in settings.items() if name not in _NO_DIFFERENCE),
        *(data.get(name) for name in ("train", "test")),
    )


def _build_group(by_seed: dict[int, RunSummary]) -> SeedGroup:
    runs = tuple(by_seed[seed] for seed in sorted(by_seed))
    return SeedGroup(
        runs,
        compute_seed_statistics([run.validation_accuracy or 0.0 for run in runs]),
        compute_seed_statistics([run.test_accuracy or 0.0 for run in runs]),
    )
