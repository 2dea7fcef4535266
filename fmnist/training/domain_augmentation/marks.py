"""Draws the lines that identify a garment's class: a coat's front, a shirt's buttons.

In the data set's images, they are faint seams at most; a drawn coat is often little more than its
front.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.images.compose.fit import Box
from fmnist.training.domain_augmentation import poses
from fmnist.training.domain_augmentation.canvas import MARKS, SIDE, Canvas, find_box, is_inside

Sheet = npt.NDArray[np.uint8]

_DASH: Final = 0.08  # length of a dash, a share of the garment's height


def draw_marks(canvas: Canvas, label: int, rng: np.random.Generator) -> Canvas:
    """Return the canvas with some of its class's marks, or unchanged."""
    box = find_box(is_inside(canvas), min_side=8)
    if box is None or label not in _MARKERS:
        return canvas
    if rng.random() > PARAMETERS.shares[label]:
        return canvas
    sheet = np.zeros((SIDE, SIDE), np.uint8)
    _MARKERS[label](sheet, box, rng)
    marked = canvas.copy()
    marked[..., MARKS] = np.maximum(marked[..., MARKS], sheet)
    return marked


def _line(
    sheet: Sheet, box: Box, start: tuple[float, float], end: tuple[float, float], width: int = 1
) -> None:
    """Draw a line between two points given as shares of the box's width and height."""
    first, last = (
        (round(box.left + x * (box.width - 1)), round(box.top + y * (box.height - 1)))
        for x, y in (start, end)
    )
    cv2.line(sheet, first, last, 1, width)


def _mark_coat(sheet: Sheet, box: Box, rng: np.random.Generator) -> None:
    x, top, width = 0.5 + rng.normal(0, 0.03), rng.uniform(0, 0.12), int(rng.integers(1, 3))
    end = 1.0 if rng.random() > PARAMETERS.short_front_share else rng.uniform(0.6, 1)
    has_two = rng.random() < PARAMETERS.double_front_share
    gap = rng.uniform(*PARAMETERS.front_gap) if has_two else 0.0
    to_left = rng.uniform(0, 1) if rng.random() < 0.5 else 0.5
    for front in (x - gap * to_left, x + gap * (1 - to_left)):
        if rng.random() < PARAMETERS.dashed_share:
            for y in np.arange(top, end, 2 * _DASH):
                _line(sheet, box, (front, y), (front, y + _DASH), width)
        else:
            _line(sheet, box, (front, top), (front + rng.normal(0, 0.03), end), width)
    if rng.random() < PARAMETERS.coat_collar_share:
        _mark_collar(sheet, box, rng, depth=rng.uniform(0.15, 0.4))
    if rng.random() < PARAMETERS.coat_button_share:
        _mark_buttons(sheet, box, rng, x + 0.05)
    if rng.random() < PARAMETERS.pocket_share:
        for side in (0.3, 0.7):
            _line(sheet, box, (side - 0.06, 0.65), (side + 0.06, 0.65))


def _mark_shirt(sheet: Sheet, box: Box, rng: np.random.Generator) -> None:
    _mark_collar(sheet, box, rng, depth=rng.uniform(0.08, 0.2))
    if rng.random() < PARAMETERS.shirt_button_share:
        _mark_buttons(sheet, box, rng, 0.5)


def _mark_collar(sheet: Sheet, box: Box, rng: np.random.Generator, *, depth: float) -> None:
    half = rng.uniform(0.08, 0.16)
    for side in (-1, 1):
        _line(sheet, box, (0.5 + side * half, 0.02), (0.5, depth))


def _mark_buttons(sheet: Sheet, box: Box, rng: np.random.Generator, x: float) -> None:
    for y in np.linspace(0.2, 0.9, int(rng.integers(3, 7))):
        _line(sheet, box, (x, y), (x, y), 2)


def _mark_neck(sheet: Sheet, box: Box, rng: np.random.Generator) -> None:
    middle = round((box.left + box.right) / 2), box.top
    axes = max(2, round(rng.uniform(0.1, 0.2) * box.width)), max(1, round(0.08 * box.height))
    cv2.ellipse(sheet, middle, axes, 0, 0, 180, 1, 1)


def _mark_pullover(sheet: Sheet, box: Box, rng: np.random.Generator) -> None:
    _mark_neck(sheet, box, rng)
    if rng.random() < PARAMETERS.hem_share:
        y = rng.uniform(0.88, 0.95)
        _line(sheet, box, (0.2, y), (0.8, y))


def _mark_trousers(sheet: Sheet, box: Box, rng: np.random.Generator) -> None:
    y = rng.uniform(0.06, 0.14)
    _line(sheet, box, (0, y), (1, y))
    if rng.random() < PARAMETERS.fly_share:
        _line(sheet, box, (0.5, y), (0.5, rng.uniform(0.2, 0.35)))


def _mark_dress(sheet: Sheet, box: Box, rng: np.random.Generator) -> None:
    y = rng.uniform(0.28, 0.45)
    _line(sheet, box, (0.2, y), (0.8, y))


def _mark_bag(sheet: Sheet, box: Box, rng: np.random.Generator) -> None:
    y = rng.uniform(0.25, 0.6)
    _line(sheet, box, (0, y), (1, y))
    if rng.random() < PARAMETERS.clasp_share:
        _line(sheet, box, (0.46, y), (0.54, y + 0.08), 3)


def _mark_sneaker(sheet: Sheet, box: Box, rng: np.random.Generator) -> None:
    y = rng.uniform(0.78, 0.9)
    _line(sheet, box, (0, y), (1, y))
    for x in np.linspace(0.35, 0.6, int(rng.integers(0, 5))):
        _line(sheet, box, (x, 0.35), (x + 0.08, 0.5))


def _mark_boot(sheet: Sheet, box: Box, rng: np.random.Generator) -> None:
    y = rng.uniform(0.86, 0.94)
    _line(sheet, box, (0, y), (1, y))


_Marker = Callable[[Sheet, Box, np.random.Generator], None]

_MARKERS: Final[dict[int, _Marker]] = {
    poses.T_SHIRT: _mark_neck,
    poses.TROUSER: _mark_trousers,
    poses.PULLOVER: _mark_pullover,
    poses.DRESS: _mark_dress,
    poses.COAT: _mark_coat,
    poses.SHIRT: _mark_shirt,
    poses.SNEAKER: _mark_sneaker,
    poses.BAG: _mark_bag,
    poses.BOOT: _mark_boot,
}
"""Sandals get their straps with their soles."""


@dataclass(frozen=True, slots=True)
class MarkParameters:
    """How often marks are drawn on a garment; each function defines their geometry.

    Attributes:
        shares: shares of the drawings that get the marks of their class, by label.
        double_front_share: share of coats with two front lines; ``coat_collar_share`` with a
            collar, ``coat_button_share`` with buttons, ``pocket_share`` with pockets.
        front_gap: range of the distance of these lines, a share of the coat's width.
        short_front_share: share of coats whose front line ends above the hem.
        dashed_share: share of front lines that are dashed.
        coat_collar_share: likewise.
        coat_button_share: likewise.
        pocket_share: likewise.
        shirt_button_share: share of shirts with buttons.
        hem_share: share of pullovers with a hem.
        fly_share: share of trousers with a fly.
        clasp_share: share of bags with a clasp.
    """

    shares: Mapping[int, float] = field(
        default_factory=lambda: {
            poses.T_SHIRT: 0.3,
            poses.TROUSER: 0.5,
            poses.PULLOVER: 0.5,
            poses.DRESS: 0.3,
            poses.COAT: 0.95,
            poses.SHIRT: 0.85,
            poses.SNEAKER: 0.5,
            poses.BAG: 0.4,
            poses.BOOT: 0.3,
        }
    )
    double_front_share: float = 0.3
    front_gap: tuple[float, float] = (0.05, 0.24)
    short_front_share: float = 0.25
    dashed_share: float = 0.35
    coat_collar_share: float = 0.5
    coat_button_share: float = 0.3
    pocket_share: float = 0.25
    shirt_button_share: float = 0.7
    hem_share: float = 0.5
    fly_share: float = 0.5
    clasp_share: float = 0.4


PARAMETERS: Final = MarkParameters()
