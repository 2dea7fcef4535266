"""Finds the image shown in a figure: a saved plot, with or without axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.classes import IMAGE_SIZE
from fmnist.images.compose.fit import Box, to_pixels
from fmnist.images.native import match_data_set
from fmnist.images.records import Mask, Pixels
from fmnist.images.segment.background import compute_border
from fmnist.images.segment.cells import read_cells, read_smooth
from fmnist.images.segment.colour_maps import invert_colours
from fmnist.images.segment.figure_parameters import FIGURES
from fmnist.images.segment.plot_marks import is_annotated

_GROWTHS: Final = 3  # rounds of collecting an item's pieces: a sandal has three


@dataclass(frozen=True)
class Figure:
    """The content of a figure.

    Attributes:
        box: the plot; the largest one if the figure has several.
        image: uint8 ``(28, 28)``, light on dark: the plotted image; None if the plot has no 28×28
            cells or uses an unknown colour map.
        doubt: why the image may be wrong and what to do about it; None if it is certain.
    """

    box: Box
    image: Pixels | None
    doubt: str | None


def find_figure(rgb: Pixels) -> Figure | None:
    """Return what a figure shows, or None if the picture isn't a figure.

    An image of 28×28 cells counts wherever it is found: filling the picture, in a frame, or alone
    on a plain background. A plot without such cells counts only if it has ticks or labels.

    Args:
        rgb: uint8 ``(h, w, 3)``, at full resolution, since cells must be visible.
    """
    height, width = rgb.shape[:2]
    if min(height, width) < FIGURES.min_side:
        return None
    whole = Box(0, height, 0, width)
    image = _read_image(rgb, whole, cells_only=True)
    if image is not None:
        return Figure(whole, image, None)
    background = np.median(compute_border(rgb, 2), axis=0)
    around = _compute_distance(compute_border(rgb, 2)[None], background)
    if (around <= max(FIGURES.contrasts)).mean() < FIGURES.plain_share:
        return None
    apart = _compute_distance(rgb, background)
    layers = [_split(apart > contrast) for contrast in FIGURES.contrasts]
    for layer in layers:
        figure = _read_frames(rgb, layer.frames)
        if figure is not None:
            return figure
    for layer in layers:
        figure = _read_unframed(rgb, layer.pieces) or _judge_plot(layer)
        if figure is not None:
            return figure
    return None


@dataclass(frozen=True)
class _Layer:
    """The drawn pixels of a figure, bool ``(h, w)``, the boxes of its pieces, and its frames."""

    drawn: Mask
    pieces: list[Box]
    frames: list[Box]


def _split(drawn: Mask) -> _Layer:
    _, labels, found, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        drawn.view(np.uint8), 8, cv2.CV_32S, cv2.CCL_BBDT
    )
    pieces = [Box(y, y + high, x, x + wide) for x, y, wide, high, _ in found[1:].tolist()]
    return _Layer(drawn, pieces, _find_frames(labels, pieces))


def _compute_distance(rgb: Pixels, background: npt.NDArray[np.float64]) -> Pixels:
    """Return each pixel's distance from a colour, rounded up, largest channel, ``(h, w)``."""
    table = np.ceil(np.abs(np.arange(256)[:, None] - background)).astype(np.uint8)
    red, green, blue = cv2.split(cv2.LUT(rgb, table[None].swapaxes(0, 1)))
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def _read_frames(rgb: Pixels, frames: list[Box]) -> Figure | None:
    """Return the image in the largest frame with 28×28 cells; None if no frame has them."""
    for box in frames:
        image = _read_image(rgb, box)
        if image is not None:
            number = sum(_is_as_large(each, box) for each in frames)
            doubt = f"The figure shows {number} plots: draw a box around one of them."
            return Figure(box, image, doubt if number > 1 else None)
    return None


def _is_as_large(box: Box, other: Box) -> bool:
    pairs = ((box.height, other.height), (box.width, other.width))
    return all(abs(a - b) <= FIGURES.same_side * b for a, b in pairs)


def _find_frames(labels: npt.NDArray[np.int32], pieces: list[Box]) -> list[Box]:
    """Return the rectangles among the drawn pieces, without their ticks, largest first."""
    boxes = []
    for number, piece in enumerate(pieces, start=1):
        if min(piece.height, piece.width) < FIGURES.min_side:
            continue
        inside = labels[piece.top : piece.bottom, piece.left : piece.right] == number
        across, down = (
            cv2.reduce(inside.view(np.uint8), axis, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel()
            for axis in (1, 0)
        )
        rows = np.flatnonzero(across >= FIGURES.min_cover * piece.width)
        columns = np.flatnonzero(down >= FIGURES.min_cover * piece.height)
        if not (len(rows) and len(columns)):
            continue
        box = Box(
            piece.top + int(rows[0]),
            piece.top + int(rows[-1]) + 1,
            piece.left + int(columns[0]),
            piece.left + int(columns[-1]) + 1,
        )
        longer, shorter = max(box.height, box.width), min(box.height, box.width)
        if shorter >= FIGURES.min_side and longer <= FIGURES.max_stretch * shorter:
            boxes.append(box)
    return sorted(boxes, key=lambda box: -box.height * box.width)


def _read_image(rgb: Pixels, box: Box, *, cells_only: bool = False) -> Pixels | None:
    """Return the image of 28×28 cells in a box; None if it has none or no colour map fits."""
    cells = read_cells(rgb, box)
    if cells is not None:
        values = invert_colours(cells)
        return None if values is None else _make_light_on_dark(_stretch(values))
    smooth = None if cells_only else read_smooth(rgb, box)
    # Many things are smooth, so only an image like the data set's counts.
    return None if smooth is None else _match(_stretch(smooth))


def _read_unframed(rgb: Pixels, pieces: list[Box]) -> Figure | None:
    """Return the image of an item drawn on the figure's own background, without a frame."""
    box = _find_item(pieces)
    if box is None:
        return None
    longest = max(box.height, box.width)
    for count in (IMAGE_SIZE, IMAGE_SIZE - 1, IMAGE_SIZE - 2):
        rows, columns = (round(side / longest * count) for side in (box.height, box.width))
        cells = read_cells(rgb, box, rows, columns) if min(rows, columns) > 1 else None
        values = None if cells is None else invert_colours(cells)
        if values is None:
            continue
        # The background is the end of the colour map found along the border of the item's box.
        ends, edge = (float(values.min()), float(values.max())), np.median(compute_border(values))
        level = min(ends, key=lambda end: abs(end - edge))
        image = np.full((IMAGE_SIZE, IMAGE_SIZE), level, np.float32)
        top, left = (IMAGE_SIZE - rows) // 2, (IMAGE_SIZE - columns) // 2
        image[top : top + rows, left : left + columns] = values
        return Figure(box, _make_light_on_dark(_stretch(image)), None)
    return None


def _find_item(pieces: list[Box]) -> Box | None:
    """Return the box around the largest piece that isn't a colour bar, and any pieces next to it.

    A square whose side is the item's longest side contains nothing else: titles and labels lie
    outside the plot.
    """
    large = [piece for piece in pieces if _may_be_item(piece)]
    if not large:
        return None
    item = max(large, key=lambda box: box.height * box.width)
    for _ in range(_GROWTHS):
        half = max(item.height, item.width) / 2
        row, column = (item.top + item.bottom) / 2, (item.left + item.right) / 2
        inside = [
            box
            for box in pieces
            if abs((box.top + box.bottom) / 2 - row) < half
            and abs((box.left + box.right) / 2 - column) < half
        ]
        item = Box(
            min(box.top for box in inside),
            max(box.bottom for box in inside),
            min(box.left for box in inside),
            max(box.right for box in inside),
        )
    return item


def _may_be_item(piece: Box) -> bool:
    longer, shorter = max(piece.height, piece.width), min(piece.height, piece.width)
    return FIGURES.min_item <= longer <= 2 * FIGURES.max_stretch * shorter


def _stretch(values: npt.NDArray[np.float32]) -> Pixels:
    """Stretch values to 0–255, as ``imshow`` does."""
    low, high = float(values.min()), float(values.max())
    return to_pixels((values - low) * (255.0 / max(high - low, 1.0)))


def _make_light_on_dark(image: Pixels) -> Pixels:
    """Return the image or its negative, whichever has the dark border."""
    matched = _match(image)
    if matched is not None:
        return matched
    return image if np.median(compute_border(image)) < 128 else 255 - image


def _match(image: Pixels) -> Pixels | None:
    return match_data_set(np.repeat(image[..., None], 3, axis=2))


def _judge_plot(layer: _Layer) -> Figure | None:
    """Return the first plot with ticks or labels, without an image; None if there is none."""
    for box in layer.frames:
        if is_annotated(layer.drawn, layer.pieces, box):
            doubt = (
                "A figure whose plot shows no image of 28×28 cells: save the picture itself,"
                " without axes and labels."
            )
            return Figure(box, None, doubt)
    return None
