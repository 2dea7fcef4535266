"""The result of a comparison of two runs, in sentences and as Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fmnist.comparison.pair import RunPair
from fmnist.comparison.seeds import SeedStatistics

SIGNIFICANT: Final = 0.05
"""A p-value below it counts as more than chance."""

Spreads = Mapping[str, SeedStatistics | None]
"""Spread of the test accuracy over seeds, by the run's name; None if it is unknown."""


def format_p(p_value: float) -> str:
    """Return a p-value with its sign, such as ``p = 0.031`` or ``p < 0.001``."""
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.2g}"


def format_points(share: float) -> str:
    """Return a difference of shares, -1..1, in percentage points with its sign."""
    points = round(100 * share, 2)
    return f"{points:+.2f}".replace("-", "−") if points else "0.00"


def conclude(pair: RunPair, spreads: Spreads) -> str:
    """Return in two or three sentences what the test shows, and what it can't.

    Args:
        pair: the two runs.
        spreads: the spreads of both runs.
    """
    result, a, b = pair.result, pair.a.run_id, pair.b.run_id
    counts = (
        f"On the same {result.n_items:,} test images, {b} classifies {result.accuracy_b:.2%} "
        f"correctly and {a} {result.accuracy_a:.2%}: {b} is right on {result.fixed:,} that {a} "
        f"misses, and misses {result.broken:,} on which {a} is right."
    )
    interval = f"95% interval {format_points(result.low)} to {format_points(result.high)}"
    test = f"exact McNemar test, {format_p(result.p_value)}"
    if result.p_value < SIGNIFICANT:
        better, worse = (b, a) if result.difference > 0 else (a, b)
        shown = (
            f"The difference of {format_points(result.difference)} percentage points ({interval}; "
            f"{test}) is more than the choice of test images explains: of these two trained "
            f"networks, {better} is more accurate than {worse}."
        )
    else:
        shown = (
            f"The difference of {format_points(result.difference)} percentage points ({interval}; "
            f"{test}) may be chance: the test does not show which of the two is more accurate."
        )
    return f"{counts} {shown} {describe_spread(pair, spreads)}"


def describe_spread(pair: RunPair, spreads: Spreads) -> str:
    """Return in a sentence how much the accuracy of the recipes varies between seeds."""
    known = {run_id: spread for run_id, spread in spreads.items() if spread is not None}
    names = (pair.a.run_id, pair.b.run_id)
    if not known:
        return (
            "How much another seed would change is not known, since neither recipe was repeated; "
            "the result holds for these two networks, not for their recipes."
        )
    parts = [
        f"{100 * known[name].deviation:.2f} points for the recipe of {name} ({known[name].n} seeds)"
        for name in names
        if name in known
    ]
    unknown = next((f"; for {name} it is not known" for name in names if name not in known), "")
    return (
        "Between seeds, the test accuracy has a standard deviation of "
        f"{' and '.join(parts)}{unknown}."
    )


def format_markdown(pair: RunPair, spreads: Spreads) -> str:
    """Return the comparison as Markdown: the conclusion and a table of the counts."""
    result = pair.result
    a, b = (_escape(name) for name in (pair.a.run_id, pair.b.run_id))
    return "\n".join(
        [
            f"### {b} versus {a}",
            "",
            _escape(conclude(pair, spreads)),
            "",
            f"| | {b} right | {b} wrong |",
            "| --- | ---: | ---: |",
            f"| {a} right | {result.both_right:,} | {result.broken:,} |",
            f"| {a} wrong | {result.fixed:,} | {result.both_wrong:,} |",
        ]
    )


def _escape(text: str) -> str:
    """Return a text in which underscores and the like of a name are no Markdown."""
    return "".join(f"\\{letter}" if letter in r"\`*_[]<>|" else letter for letter in text)
