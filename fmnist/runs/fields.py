"""Types of the fields of records, with the ranges that msgspec checks.

NaN is in none of these ranges, and a number beyond float64 is refused earlier.
"""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from msgspec import Meta

from fmnist.settings import LATEST_TIME, MAX_TEXT

Name = Annotated[str, Meta(max_length=255)]
Text = Annotated[str, Meta(max_length=MAX_TEXT)]
Count = Annotated[int, Meta(ge=0, le=10**12)]
Positive = Annotated[int, Meta(ge=1, le=10**9)]
Epoch = Annotated[int, Meta(ge=0, le=10**6)]
Pid = Annotated[int, Meta(ge=1, le=2**31 - 1)]
ExitCode = Annotated[int, Meta(ge=-(2**31), le=2**32 - 1)]
Moment = Annotated[float, Meta(ge=0, le=LATEST_TIME)]
"""Seconds since the epoch."""

Seconds = Annotated[float, Meta(ge=0, le=1e9)]
"""A duration, at most thirty years."""

Amount = Annotated[float, Meta(ge=0, le=1e12)]
Share = Annotated[float, Meta(ge=0, le=1)]
Score = Annotated[float, Meta(ge=0, le=1.001)]
"""A sum of float32 probabilities, which may round to just above 1."""

Temperature = Annotated[float, Meta(gt=0.001, le=1000)]
Loss = Annotated[float, Meta(ge=-0.001, le=1e9)]
"""Cross-entropy; below 0 by rounding where every float32 probability is 1."""

Date = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}([T ][0-9:.+Z-]{0,30})?$")]
Outcome = Annotated[str, Meta(pattern="^(running|stopped|failed|finished)$")]


class Metrics(TypedDict):
    """The metrics of a set of images that a report holds."""

    accuracy: Share
    loss: NotRequired[Loss]


class Hardware(TypedDict, total=False):
    """The machine of a run."""

    processor: Name
    cores: Positive | None
    memory_gb: Amount
    accelerators: list[Name]
    system: Name


class Calibration(TypedDict, total=False):
    """The measurements of ``fmnist.training.calibrate``."""

    temperature: Temperature
    in_distribution_threshold: Score
    outliers_detected: Share
    accuracy: Share
    coverage: list[tuple[Share, Share]]
