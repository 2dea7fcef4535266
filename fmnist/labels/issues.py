"""Label issues as ranked lists: near copies, doubtful labels, outliers, each with its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import CLASS_NAMES
from fmnist.data import Dataset
from fmnist.data.dataset import SplitName
from fmnist.labels.scores import DEFAULT_METHOD
from fmnist.labels.search import LabelScores, PixelIssues

MAX_LISTED: Final = 1000
"""Maximum number of issues per kind: no one reviews more, and lower-ranked labels are sound."""


class Kind(StrEnum):
    """The kind of issue; the value is its name on the page."""

    COPY = "Copies and leaks"
    LABEL = "Doubtful labels"
    OUTLIER = "Outliers"


@dataclass(frozen=True, slots=True)
class Item:
    """An image of the data set.

    Attributes:
        split: ``train`` or ``test``.
        row: the row in the split, from 0.
        label: the label in the data set, 0 to 9.
    """

    split: SplitName
    row: int
    label: int

    @property
    def name(self) -> str:
        """The image's name on pages and in tables."""
        return f"{self.split} no. {self.row:,} ({CLASS_NAMES[self.label]})"


@dataclass(frozen=True, slots=True)
class Issue:
    """A possible error in an image or its label.

    Attributes:
        item: the image.
        kind: the kind of issue.
        score: the ranking criterion; its unit depends on the kind.
        reason: why it is listed, in a sentence or two.
        suggestion: the suggested class, 0 to 9; the current label if there is none.
        others: images to show next to it: its copy, or its nearest neighbours.
    """

    item: Item
    kind: Kind
    score: float
    reason: str
    suggestion: int
    others: tuple[Item, ...]


class Labels:
    """The labels of both splits in one sequence: the training images, then the test images."""

    def __init__(self, dataset: Dataset) -> None:
        self.all: NDArray[Any] = np.concatenate([dataset.y_train, dataset.y_test])
        self.n_train = len(dataset.y_train)

    def find(self, split: SplitName, row: int) -> int:
        """Return the position of an image, given its row in its split."""
        return row if split == "train" else self.n_train + row

    def item(self, index: int) -> Item:
        """Return the image at a position of the sequence."""
        is_train = index < self.n_train
        row = index if is_train else index - self.n_train
        return Item("train" if is_train else "test", int(row), int(self.all[index]))


def list_copies(labels: Labels, found: PixelIssues) -> list[Issue]:
    """Return the later image of each pair of near copies, leaks into the test set first."""
    copies = found.copies
    pairs, is_leak, order = _rank_copies(labels, found)
    issues = []
    for place in order:
        first, second = (labels.item(int(index)) for index in pairs[place])
        difference = float(copies.differences[place])
        # Leaks are fixed in the training set, because the test set must stay comparable.
        item, other = (first, second) if is_leak[place] else (second, first)
        moved = " moved by a pixel" if copies.shifts[place].any() else ""
        how = "Equal to" if difference == 0 else f"Differs by {difference:.1f} grey levels from"
        leak = " It leaks a test image into training." if is_leak[place] else ""
        conflict = " Their labels differ." if item.label != other.label else ""
        reason = f"{how} {other.name}{moved}.{leak}{conflict}"
        issues.append(Issue(item, Kind.COPY, difference, reason, other.label, (other,)))
    return issues


def list_outliers(labels: Labels, found: PixelIssues) -> list[Issue]:
    """Return the images that are farthest from their ten nearest training images."""
    order = _rank_outliers(found)
    median = float(np.median(found.distances))
    return [
        Issue(
            labels.item(int(index)),
            Kind.OUTLIER,
            float(found.distances[index]),
            f"Its ten nearest training images differ by {found.distances[index]:.0f} grey levels; "
            f"half of all images are within {median:.0f}.",
            int(labels.all[index]),
            list_neighbours(labels, found, int(index)),
        )
        for index in order
    ]


def list_doubtful(
    labels: Labels, found: PixelIssues, scores: LabelScores, method: str
) -> list[Issue]:
    """Return the images whose labels agree least with the out-of-fold probabilities.

    Args:
        labels: the labels of both splits.
        found: the results by pixels, with the neighbours.
        scores: the scores of the five networks.
        method: a key of ``METHODS``.
    """
    ranked = scores.scores[method]
    return [
        describe_label(labels, int(index), found, scores, float(ranked[index]))
        for index in _rank_doubtful(scores, method)
    ]


def mark_issues(
    labels: Labels, found: PixelIssues, scores: LabelScores | None
) -> NDArray[np.uint8]:
    """Return the list that each image is on, as the position of its kind in ``Kind``, from 1.

    Both images of a pair of copies are marked. An image on several lists gets the first.

    Args:
        labels: the labels of both splits.
        found: the results by pixels, with copies and outliers.
        scores: the scores of the five networks; None marks no doubtful labels.

    Returns:
        uint8 ``(n + m,)``, 0 for an image on no list.
    """
    pairs, _, order = _rank_copies(labels, found)
    marks = np.zeros(len(labels.all), np.uint8)
    kinds = list(Kind)
    marks[_rank_outliers(found)] = 1 + kinds.index(Kind.OUTLIER)
    if scores is not None:
        marks[_rank_doubtful(scores, DEFAULT_METHOD)] = 1 + kinds.index(Kind.LABEL)
    marks[pairs[order].ravel()] = 1 + kinds.index(Kind.COPY)
    return marks


def _rank_copies(
    labels: Labels, found: PixelIssues
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """Return the pairs, which of them are leaks, and the indices of those listed."""
    pairs = np.sort(found.copies.pairs, axis=1)
    is_leak = (pairs[:, 0] < labels.n_train) & (pairs[:, 1] >= labels.n_train)
    order = np.lexsort((found.copies.differences, ~is_leak))[:MAX_LISTED]
    return pairs, is_leak, order


def _rank_outliers(found: PixelIssues) -> NDArray[np.int64]:
    return np.argsort(-found.distances, kind="stable")[:MAX_LISTED]


def _rank_doubtful(scores: LabelScores, method: str) -> NDArray[np.int64]:
    return np.argsort(scores.scores[method], kind="stable")[:MAX_LISTED]


def describe_label(
    labels: Labels,
    index: int,
    found: PixelIssues | None,
    scores: LabelScores | None,
    score: float = 0.0,
) -> Issue:
    """Return what speaks for and against the label of any image, as far as is known.

    Args:
        labels: the labels of both splits.
        index: the position of the image in their sequence.
        found: the results by pixels; None names no neighbours.
        scores: the scores of the five networks; None names no probabilities.
        score: the criterion by which the image was ranked.
    """
    item, suggestion, sentences = labels.item(index), int(labels.all[index]), []
    if scores is not None:
        y_proba = scores.y_proba[index]
        suggestion = int(y_proba.argmax())
        sentences.append(
            f"Networks that did not learn it give {CLASS_NAMES[item.label]} "
            f"{y_proba[item.label]:.1%} and {CLASS_NAMES[suggestion]} {y_proba[suggestion]:.1%}."
        )
    neighbours = () if found is None else list_neighbours(labels, found, index)
    if neighbours:
        ((voted, votes),) = Counter(other.label for other in neighbours).most_common(1)
        sentences.append(
            f"Of its ten nearest training images, {votes} are labelled {CLASS_NAMES[voted]}."
        )
    return Issue(item, Kind.LABEL, score, " ".join(sentences), suggestion, neighbours)


def list_neighbours(labels: Labels, found: PixelIssues, index: int) -> tuple[Item, ...]:
    """Return the ten nearest training images of the image at a position."""
    return tuple(labels.item(int(row)) for row in found.neighbours[index])
