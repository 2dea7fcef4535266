"""Statistics over repeats of a recipe with several seeds: mean, spread and interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from fmnist.evaluation.metrics import CONFIDENCE_LEVEL
from fmnist.runs import RunSummary

_NO_DIFFERENCE: Final = frozenset({"seed", "event_files"})
"""Settings in which repeats may differ: the seed, and what has no influence on the result."""


@dataclass(frozen=True, slots=True)
class SeedStatistics:
    """Mean and spread of one metric over repeats that differ only in the seed.

    Attributes:
        n: number of repeats.
        mean: the mean, in the unit of the values, like the others.
        deviation: standard deviation of a sample (divided by n − 1), NaN for one value.
        low: lower end of the interval of the mean, NaN for one value.
        high: upper end of the interval.
    """

    n: int
    mean: float
    deviation: float
    low: float
    high: float


def compute_seed_statistics(
    values: Sequence[float], *, confidence: float = CONFIDENCE_LEVEL
) -> SeedStatistics:
    """Compute mean, standard deviation and Student's t interval of the mean.

    The interval is that of the mean over all seeds, not of a further run. With two or three values
    it is wide and may exceed the range of the metric.

    Args:
        values: one per seed, at least one.
        confidence: level of the interval, between 0 and 1.

    Raises:
        ValueError: there are no values.
    """
    if not len(values):
        raise ValueError("expected at least one value, got none")
    n, mean = len(values), float(np.mean(values))
    if n == 1:
        return SeedStatistics(1, mean, np.nan, np.nan, np.nan)
    deviation = float(np.std(values, ddof=1))
    # Not scipy.stats.t.interval: importing it costs the web process 0.8 s and 49 MB more.
    from scipy.special import stdtrit

    half = float(stdtrit(n - 1, 0.5 + confidence / 2)) * deviation / np.sqrt(n)
    return SeedStatistics(n, mean, deviation, mean - half, mean + half)


@dataclass(frozen=True, slots=True)
class SeedGroup:
    """Finished runs of one recipe on the same data, each with another seed.

    Attributes:
        runs: the runs in the order of their seeds, at least two.
        validation: statistics of the validation accuracy, 0 to 1.
        test: statistics of the test accuracy.
    """

    runs: tuple[RunSummary, ...]
    validation: SeedStatistics
    test: SeedStatistics


def group_seeds(summaries: Sequence[RunSummary]) -> list[SeedGroup]:
    """Return the finished runs that differ only in the seed, in groups, the largest first.

    Of several runs with the same seed only the newest is kept: the others add no information.
    """
    groups: dict[tuple[Any, ...], dict[int, RunSummary]] = {}
    for summary in sorted(summaries, key=lambda summary: summary.run.created):
        if summary.validation_accuracy is not None and summary.test_accuracy is not None:
            groups.setdefault(_identify(summary), {})[summary.run.recipe.seed] = summary
    found = [_build_group(by_seed) for by_seed in groups.values() if len(by_seed) > 1]
    return sorted(found, key=lambda group: -len(group.runs))


def _identify(summary: RunSummary) -> tuple[Any, ...]:
    """Return what repeats have in common: settings and data, not the program's version."""
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
