"""Shoes from above: a sole as long as the shoe, with straps, laces, or a boot's opening."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.images.compose.fit import Box
from fmnist.training.domain_augmentation.canvas import (
    CLOTH,
    COLUMNS,
    ROWS,
    SIDE,
    TONES,
    Canvas,
    apply_affine,
    build_canvas,
    find_box,
    is_inside,
    thin,
)

Upper = Literal["straps", "laces", "shaft"]
"""The upper of a sole: a sandal's straps, a sneaker's laces, a boot's wide opening."""

_MIDDLE: Final = SIDE / 2


@dataclass(frozen=True, slots=True)
class SoleParameters:
    """How soles vary; where straps and laces lie is the geometry of each function.

    Attributes:
        widths: range of half a sole's width, a share of its length, by upper; drawn sandals are
            nearly oval.
        heel: range of the heel's width, a share of the ball's.
        toe: range of the exponent of a sole's outline towards the toe: more is more pointed.
        backs: likewise towards the back, where a boot's shaft is nearly square, by upper.
        contrast: range of how much straps and laces differ from the sole, in tones.
        rim_share: share of soles with a rim of another tone; ``rim`` is its standard deviation.
        rim: likewise.
        strap_shares: shares of sandals with straps from between the toes, and of those with these
            or one broad band; the others have several bands.
        panel_share: sneakers have up to three panels on either side, each with this probability;
            ``cap_share``: share with a toe cap.
        cap_share: likewise.
        patch_share: share of sneakers whose laces or tongue are a patch of another tone.
        seam_share: share of boots with a seam along the foot.
        standing_share: share of boots whose shaft is seen from the front, above the foot;
            ``fold_share`` of these have a fold at the ankle, ``zip_share`` a zip.
        fold_share: likewise.
        zip_share: likewise.
    """

    widths: Mapping[Upper, tuple[float, float]] = field(
        default_factory=lambda: {
            "straps": (0.16, 0.32),
            "laces": (0.15, 0.25),
            "shaft": (0.11, 0.25),
        }
    )
    heel: tuple[float, float] = (0.65, 1.0)
    toe: tuple[float, float] = (0.25, 0.5)
    backs: Mapping[Upper, tuple[float, float]] = field(
        default_factory=lambda: {"straps": (0.25, 0.5), "laces": (0.25, 0.5), "shaft": (0.08, 0.4)}
    )
    contrast: tuple[float, float] = (50, 170)
    rim_share: float = 0.5
    rim: float = 60
    strap_shares: tuple[float, float] = (0.4, 0.65)
    panel_share: float = 0.65
    cap_share: float = 0.4
    patch_share: float = 0.5
    seam_share: float = 0.4
    standing_share: float = 0.6
    fold_share: float = 0.6
    zip_share: float = 0.3


PARAMETERS: Final = SoleParameters()


class _Sole:
    """Coordinates on a sole, toe to the left: along it and across it from -1 to 1."""

    def __init__(self, half: float, ball: float) -> None:
        self.half, self.ball = half, ball
        self.other = np.zeros((SIDE, SIDE), np.float32)  # difference of tone, times the contrast
        self.marks = np.zeros((SIDE, SIDE), np.uint8)  # drawn as lines

    def place(self, along: float, across: float) -> tuple[int, int]:
        return round(_MIDDLE + along * self.half), round(_MIDDLE + across * self.ball)

    def draw_line(self, start: tuple[float, float], end: tuple[float, float], width: int) -> None:
        for sheet, wide in ((self.other, width), (self.marks, 1)):
            cv2.line(sheet, self.place(*start), self.place(*end), 1, wide)

    def draw_panel(self, start: float, end: float, side: int, tone: float) -> None:
        """Give a strip along one side of the shoe another tone."""
        self.fill([(start, side), (end, side), (end, side * 0.5), (start, side * 0.4)], tone)

    def draw_patch(self, start: float, end: float, half: float, tone: float) -> None:
        """Give the middle of the shoe another tone."""
        self.fill([(start, -half), (end, -half), (end, half), (start, half)], tone)

    def fill(self, corners: list[tuple[float, float]], tone: float) -> None:
        cv2.fillPoly(self.other, [np.array([self.place(*corner) for corner in corners])], tone)

    def draw_band(self, along: float, length: float, lean: float) -> None:
        """Draw a strap from side to side, bounded by two lines."""
        front, back = along - length / 2, along + length / 2
        self.fill([(front, -1), (back, -1), (back + lean, 1), (front + lean, 1)], 1.0)
        for edge in (front, back):
            cv2.line(self.marks, self.place(edge, -1), self.place(edge + lean, 1), 1, 1)

    def draw_opening(self, along: float, long: float, wide: float) -> None:
        """Draw the opening: darker than the sole where laces are lighter, and the reverse."""
        axes = max(2, round(long * self.half)), max(2, round(wide * self.ball))
        cv2.ellipse(self.other, self.place(along, 0), axes, 0, 0, 360, -1, -1)
        cv2.ellipse(self.marks, self.place(along, 0), axes, 0, 0, 360, 1, 1)


def lay_sole(canvas: Canvas, rng: np.random.Generator, *, upper: Upper) -> Canvas:
    """Return the shoe seen from above, toe to the left: its length and tones, a sole's shape.

    Args:
        canvas: a shoe from the side.
        rng: decides its width and its upper.
        upper: what is on it.
    """
    box = find_box(is_inside(canvas))
    if box is None:
        return canvas
    ball = box.width * rng.uniform(*PARAMETERS.widths[upper])
    heel = ball * rng.uniform(*PARAMETERS.heel)
    along = np.clip((COLUMNS - _MIDDLE) / (box.width / 2), -1, 1)
    roundness = rng.uniform(*PARAMETERS.toe), rng.uniform(*PARAMETERS.backs[upper])
    reach = (1 - along**2) ** np.where(along < 0, *roundness)
    reach = reach * (ball + (heel - ball) * (along + 1) / 2)
    shape = np.abs(ROWS - _MIDDLE) < reach
    sole = _Sole(box.width / 2, ball)
    _DRAWERS[upper](sole, rng)
    contrast = rng.choice([-1, 1]) * rng.uniform(*PARAMETERS.contrast)
    tones = _stretch_cloth(canvas, box, ball) + contrast * sole.other
    if rng.random() < PARAMETERS.rim_share:
        tones = tones + (shape & ~thin(shape, 3)) * rng.normal(0, PARAMETERS.rim)
    return build_canvas(tones, shape, sole.marks)


def _stretch_cloth(canvas: Canvas, box: Box, ball: float) -> npt.NDArray[np.float32]:
    """Return the shoe's tones as wide as its sole, or its mean tone if it has none."""
    top, bottom, left, right = box
    wider = 2 * ball / box.height
    matrix = np.array(
        [
            [1, 0, _MIDDLE - (left + right) / 2],
            [0, wider, _MIDDLE - wider * (top + bottom) / 2],
        ]
    )
    stretched = apply_affine(canvas, matrix)
    cloth = is_inside(stretched, CLOTH)
    mean = stretched[..., TONES][cloth].mean() if cloth.any() else 128.0
    return np.where(cloth, stretched[..., TONES], np.float32(mean))


def _draw_straps(sole: _Sole, rng: np.random.Generator) -> None:
    kind = rng.random()
    if kind < PARAMETERS.strap_shares[0]:  # from between the toes to either side
        toe, back = (rng.uniform(-0.65, -0.45), 0.0), rng.uniform(-0.15, 0.25)
        width = int(rng.integers(1, 6))
        for side in (-1, 1):
            sole.draw_line(toe, (back, side), width)
    elif kind < PARAMETERS.strap_shares[1]:  # one broad band
        sole.draw_band(rng.uniform(-0.4, -0.1), rng.uniform(0.3, 0.6), rng.normal(0, 0.1))
    else:
        for along in (-0.45, 0.0, 0.5)[: int(rng.integers(2, 4))]:
            lean = rng.normal(0, 0.25)
            sole.draw_band(along + rng.normal(0, 0.08), rng.uniform(0.1, 0.25), lean)


def _draw_laces(sole: _Sole, rng: np.random.Generator) -> None:
    for _ in range(rng.binomial(3, PARAMETERS.panel_share)):
        start, long, tone = rng.uniform(-0.6, 0.5), rng.uniform(0.15, 0.5), rng.normal(0, 0.6)
        for side in (-1, 1):
            sole.draw_panel(start, start + long, side, float(tone))
    long = rng.uniform(0.26, 0.42)
    along = 0.9 - long
    sole.draw_opening(along, long, rng.uniform(0.5, 0.75))
    if rng.random() < PARAMETERS.patch_share:
        half, start = rng.uniform(0.2, 0.45), rng.uniform(-0.6, -0.1)
        sole.draw_patch(start, along - long, half, float(rng.normal(0, 0.7)))
    count = int(rng.integers(0, 7))
    for lace in np.linspace(-0.4, along - long, count):
        sole.draw_line((lace, -0.45), (lace + rng.normal(0, 0.03), 0.45), 1)
    if rng.random() < PARAMETERS.cap_share:
        sole.draw_line((-0.6, -1), (-0.6, 1), 1)


def _draw_shaft(sole: _Sole, rng: np.random.Generator) -> None:
    if rng.random() < PARAMETERS.standing_share:
        _draw_standing(sole, rng)
        return
    long = rng.uniform(0.28, 0.5)
    sole.draw_opening(0.98 - long, long, rng.uniform(0.7, 1.0))
    if rng.random() < PARAMETERS.seam_share:
        sole.draw_line((-0.5, 0), (0.98 - 2 * long, 0), int(rng.integers(1, 3)))


def _draw_standing(sole: _Sole, rng: np.random.Generator) -> None:
    """Draw a shaft above the foot, with the ankle's fold, straps or laces, and a low opening."""
    ankle = rng.uniform(-0.4, 0.2)
    sole.draw_patch(ankle, 1, 1, float(rng.normal(0, 0.6)))
    axes = max(1, round(rng.uniform(0.1, 0.4) * sole.half)), round(sole.ball)
    if rng.random() < PARAMETERS.fold_share:
        for sheet, value in ((sole.other, float(rng.normal(0, 0.8))), (sole.marks, 1)):
            cv2.ellipse(sheet, sole.place(ankle, 0), axes, 0, 90, 270, value, 1)
    for along in rng.uniform(-0.5, 0.7, int(rng.integers(0, 4))):
        sole.draw_line((along, -0.6), (along, 0.6), int(rng.integers(1, 3)))
    if rng.random() < PARAMETERS.zip_share:
        sole.draw_line((ankle, 0), (0.9, 0), 1)
    long = rng.uniform(0.06, 0.22)
    sole.draw_opening(0.98 - long, long, rng.uniform(0.7, 1.0))


_DRAWERS: Final[dict[Upper, Callable[[_Sole, np.random.Generator], None]]] = {
    "straps": _draw_straps,
    "laces": _draw_laces,
    "shaft": _draw_shaft,
}
