"""Detects the ticks, labels and titles that mark a rectangle as the plot of a figure."""

from __future__ import annotations

import numpy as np

from fmnist.images.compose.fit import Box
from fmnist.images.records import Mask
from fmnist.images.segment.figure_parameters import FIGURES


def is_annotated(drawn: Mask, pieces: list[Box], box: Box) -> bool:
    """Return whether a box is a rectangle with ticks, labels or a title beside it.

    Args:
        drawn: bool ``(h, w)``: the pixels that differ from the figure's background.
        pieces: the boxes of its connected pieces.
        box: the box to check.
    """
    if not _is_sharp(drawn, box):
        return False
    return _has_ticks(drawn, box) or _has_letters(drawn, pieces, box)


def _is_sharp(drawn: Mask, box: Box) -> bool:
    part = drawn[box.top : box.bottom, box.left : box.right]
    lines = (part[:2], part[-2:], part[:, :2].T, part[:, -2:].T)
    return all(line.max(axis=0).mean() >= FIGURES.sharp_cover for line in lines)


def _has_ticks(drawn: Mask, box: Box) -> bool:
    """Return whether there are evenly spaced marks below a plot or to its left."""
    below = drawn[min(box.bottom + 1, len(drawn) - 1), box.left : box.right]
    aside = drawn[box.top : box.bottom, max(box.left - 2, 0)]
    return any(_are_ticks(line) for line in (below, aside))


def _are_ticks(line: Mask) -> bool:
    edges = np.flatnonzero(np.diff(np.pad(line.astype(np.int8), 1)))
    begins, ends = edges[::2], edges[1::2]
    if len(begins) < FIGURES.min_ticks:
        return False
    if (ends - begins).max() > max(3, FIGURES.tick_width * len(line)):
        return False
    gaps = np.diff((begins + ends) / 2)
    return bool(gaps.std() <= FIGURES.tick_jitter * gaps.mean())


def _has_letters(drawn: Mask, pieces: list[Box], box: Box) -> bool:
    """Return whether there is a title or a label, several small pieces, beside a plot."""
    height, width = drawn.shape
    letters = [
        piece
        for piece in pieces
        if 3 <= piece.height <= FIGURES.max_letter * height
        and piece.width <= FIGURES.max_letter * width
        and (
            piece.top >= box.bottom
            or piece.bottom <= box.top
            or piece.left >= box.right
            or piece.right <= box.left
        )
    ]
    return len(letters) >= FIGURES.min_letters
