"""Suggest a learning rate from a range test.

A few steps are taken at rates that grow from far too small to far too large; the loss shows where
learning begins and where it diverges (Smith 2017, "Cyclical learning rates for training
neural networks").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist.errors import RunError

DIVERGED: Final = 4.0
"""The test ends when the averaged loss exceeds this multiple of its minimum."""

AVERAGE: Final = 0.85
"""Weight of the previous running average, for the decision to end the test."""

NEIGHBOURS: Final = 15
FINISH: Final = 0.6
"""Window of the running median, in batches, and weight of the average that smooths it."""

FEWEST: Final = 12
"""Batches needed before the average can end the test or suggest a rate."""

SMALLEST_DROP: Final = 0.02
"""Smallest fall of the loss, a share of its start, that counts as a fall."""

RISEN: Final = 0.05
"""The loss diverges where it has risen from its minimum by this share of its fall."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A learning rate to train with.

    Attributes:
        rate: two significant digits.
        low: the lowest rate worth a try.
        high: the highest rate worth a try.
        reason: the reason, in a sentence or two.
    """

    rate: float
    low: float
    high: float
    reason: str


def average_losses(losses: NDArray[np.float64], keep: float = AVERAGE) -> NDArray[np.float64]:
    """Return the running average after each loss, ``(n,)``, corrected for its start at zero.

    Args:
        losses: float ``(n,)``.
        keep: share of the average that stays when a loss is added.
    """
    mean, averages = 0.0, np.empty(len(losses))
    for i, loss in enumerate(losses):
        mean = keep * mean + (1 - keep) * loss
        averages[i] = mean / (1 - keep ** (i + 1))
    return averages


def smooth_losses(losses: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the losses smoothed, ``(n,)``, with no step delayed or smeared far.

    The running median of the neighbours, averaged from both ends: an average alone would follow
    late, or carry the divergence back to rates at which training is stable.
    """
    half = NEIGHBOURS // 2
    medians = [np.median(losses[max(0, i - half) : i + half + 1]) for i in range(len(losses))]
    forwards = average_losses(np.array(medians), FINISH)
    backwards = average_losses(np.array(medians[::-1]), FINISH)[::-1]
    return (forwards + backwards) / 2


def has_diverged(losses: NDArray[np.float64]) -> bool:
    """Return whether the last loss shows that the rate has become far too high."""
    if len(losses) and not np.isfinite(losses[-1]):
        return True
    averages = average_losses(losses)
    return len(losses) >= FEWEST and bool(averages[-1] > DIVERGED * averages.min())


def suggest_rate(rates: NDArray[np.float64], losses: NDArray[np.float64]) -> Suggestion:
    """Choose a learning rate from a range test.

    A tenth of the rate at which the smoothed loss begins to diverge; where it diverges nowhere,
    or where the loss did not fall yet at that tenth, the rate at which it falls fastest. Measured
    on both networks: ``docs/decisions/0009-learning-rate.md``.

    Args:
        rates: float ``(n,)``, ascending.
        losses: float ``(n,)``, the loss of one batch each.

    Raises:
        RunError: there are too few batches, or the loss never fell.
    """
    if len(rates) < FEWEST:
        raise RunError(
            f"Only {len(rates)} batches were tried before the loss diverged: too few for a "
            "suggestion. Check the settings; weight decay may be too high."
        )
    smooth = smooth_losses(losses)
    best = int(np.argmin(smooth))
    start = float(np.median(smooth[:FEWEST]))
    drop = start - float(smooth[best])
    noise = float(np.median(np.abs(losses - smooth)))
    if best < FEWEST // 2 or drop < max(2 * noise, SMALLEST_DROP * start):
        raise RunError(
            "The loss fell at no rate, so none can be suggested. Check the settings; dropout, "
            "weight decay or the file of edits may keep the network from learning."
        )
    slopes = np.gradient(smooth, np.log10(rates))
    fastest = float(rates[int(np.argmin(slopes[: best + 1]))])
    before = np.flatnonzero(smooth[: best + 1] > start - 0.1 * drop)
    begin = float(rates[before[-1]]) if len(before) else float(rates[0])
    # The last rate that is as good as the best: on a plateau the best one is there by chance.
    last = int(np.flatnonzero(smooth <= smooth[best] + RISEN * drop)[-1])
    if last == len(rates) - 1:
        return _suggest(
            fastest,
            float(rates[last]),
            f"At {fastest:.1g} the loss falls fastest. It diverged at none of the rates tried: "
            "a higher rate may be better still.",
        )
    edge = float(rates[last + 1])
    if edge / 10 < begin:
        return _suggest(
            min(fastest, edge / 3),
            edge / 3,
            f"The loss falls fastest at {fastest:.1g} and diverges from {edge:.1g} on. A tenth of "
            "that is usual, but there the loss hardly falls.",
        )
    return _suggest(
        edge / 10,
        edge / 3,
        f"It is a tenth of {edge:.1g}, where the loss begins to diverge: as high as is safe when "
        f"the rate falls later. The loss falls fastest at {fastest:.1g}, "
        + (
            "but training so slowly wastes epochs." if fastest < edge / 10 else "close to the edge."
        ),
        low=fastest,
    )


def _suggest(rate: float, high: float, reason: str, low: float | None = None) -> Suggestion:
    rate = float(f"{rate:.2g}")
    return Suggestion(rate, min(rate, low or rate), max(high, rate), reason)
