"""Whether an exported network answers as the original does; pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fmnist.export_worker.formats import ExportFormat
from fmnist.runs.fields import Amount, Count, Name, Positive, Share, Text
from fmnist.runs.records import Record

MAX_DIFFERENCE: Final = 1e-5
"""Largest difference of a probability, for formats that keep the weights as floats."""

MIN_SAME_SHARE: Final = 0.995
"""Smallest share of the images that a network with rounded weights puts into the same class."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The predictions of an export beside those of the run's network, on one test set.

    Attributes:
        n_images: the number of images of the test set.
        n_same: number of images that both put into the same class.
        difference: largest difference of a probability.
        accuracy: the accuracy of the export, 0 to 1.
        accuracy_before: the accuracy of the run's network.
    """

    n_images: Positive
    n_same: Count
    difference: Amount
    accuracy: Share
    accuracy_before: Share

    @property
    def same_share(self) -> float:
        """Share of the images that both put into the same class, 0 to 1."""
        return self.n_same / self.n_images


@dataclass(frozen=True, slots=True)
class Export(Record):
    """A file that was written, loaded again and compared.

    Attributes:
        format: its id.
        n_bytes: its size; of a folder, of all files in it.
        milliseconds: median time to classify one image, in one thread.
        comparison: its answers beside those of the run's network.
        data: label of the data set whose test images were compared.
        refusal: why it was not kept, empty if it was.
    """

    format: Name
    n_bytes: Count
    milliseconds: Amount
    comparison: Comparison
    data: Text
    refusal: Text = ""


def compare_answers(
    y_true: NDArray[Any], expected: NDArray[np.floating], answers: NDArray[np.floating]
) -> Comparison:
    """Compare two sets of probabilities.

    Args:
        y_true: labels, integers ``(n,)``.
        expected: the probabilities of the run's network, float ``(n, 10)``.
        answers: the probabilities of the export, likewise; NaN counts as a difference of 1, which
            no probabilities exceed.
    """
    before, after = expected.argmax(axis=1), answers.argmax(axis=1)
    differences = np.nan_to_num(np.abs(answers - expected), nan=1.0)
    return Comparison(
        n_images=len(y_true),
        n_same=int((before == after).sum()),
        difference=float(differences.max()),
        accuracy=float((after == y_true).mean()),
        accuracy_before=float((before == y_true).mean()),
    )


def find_refusal(found: Comparison, kind: ExportFormat) -> str:
    """Return why an export is not to be handed out, with the remedy; empty if it answers well."""
    n_images = f"{found.n_images:,} test images"
    accuracy = f"accuracy {found.accuracy:.2%} instead of {found.accuracy_before:.2%}"
    if kind.is_quantised:
        if found.same_share >= MIN_SAME_SHARE:
            return ""
        return (
            f"{kind.title} is not written: it puts {found.n_same:,} of {n_images} into the same "
            f"class as the network, {found.same_share:.2%}, and {MIN_SAME_SHARE:.1%} are needed "
            f"({accuracy}). Choose a format with finer numbers."
        )
    if found.difference <= MAX_DIFFERENCE and found.accuracy == found.accuracy_before:
        return ""
    return (
        f"{kind.title} is not written: loaded again, its probabilities differ by up to "
        f"{found.difference:.2g} on {n_images}, and {MAX_DIFFERENCE:g} is allowed ({accuracy}). "
        "Install the packages of requirements.txt again."
    )
