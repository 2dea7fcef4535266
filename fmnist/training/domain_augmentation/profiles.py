"""Profiles of drawn shoes: a foot and, above the heel, a collar that only a boot's is high.

In the data set the toe points to the left, and a boot's shaft is hardly narrower than its foot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np

from fmnist.images.compose.fit import Box
from fmnist.training.domain_augmentation.canvas import (
    COLUMNS,
    ROWS,
    SIDE,
    TONES,
    Canvas,
    build_canvas,
    find_box,
    is_inside,
)
from fmnist.training.domain_augmentation.poses import BOOT, SNEAKER

_MIDDLE: Final = SIDE / 2


@dataclass(frozen=True, slots=True)
class ProfileParameters:
    """How profiles vary; heights and lengths are shares of the shoe's length.

    Attributes:
        outline_share: share of profiles drawn as an outline of a few points; the others change the
            data set's shoe.
        toe: range of the toe's height.
        collars: range of the collar's height, by label.
        instep: range of the height in front of the collar, a share of the toe's.
        shaft: range of the collar's length.
        lean: range of how far the collar's front leans back.
        straight_share: share of profiles that rise from the toe to the collar in a straight line.
        arch_share: share with an arched sole.
        seam_share: share with a seam across the shaft.
    """

    outline_share: float = 0.85
    toe: tuple[float, float] = (0.12, 0.38)
    collars: Mapping[int, tuple[float, float]] = field(
        default_factory=lambda: {SNEAKER: (0.32, 0.53), BOOT: (0.6, 0.98)}
    )
    instep: tuple[float, float] = (0.6, 1.6)
    shaft: tuple[float, float] = (0.2, 0.55)
    lean: tuple[float, float] = (-0.05, 0.1)
    straight_share: float = 0.2
    arch_share: float = 0.3
    seam_share: float = 0.25


PARAMETERS: Final = ProfileParameters()


def redraw_profile(canvas: Canvas, label: int, rng: np.random.Generator) -> Canvas:
    """Return a shoe with another profile: a boot or a sneaker, as people draw them.

    Either it is an outline of a few points; or a boot's instep is cut out, a sneaker's heel drawn
    up.
    """
    box = find_box(is_inside(canvas), min_side=8)
    if box is None:
        return canvas
    if rng.random() < PARAMETERS.outline_share:
        return _draw_outline(canvas, box, label, rng)
    return _cut_instep(canvas, box, rng) if label == BOOT else _raise_heel(canvas, box, rng)


def _draw_outline(canvas: Canvas, box: Box, label: int, rng: np.random.Generator) -> Canvas:
    """Draw a foot and a collar, as long as the shoe and of its mean tone."""
    toe = rng.uniform(*PARAMETERS.toe)
    collar = max(rng.uniform(*PARAMETERS.collars[label]), 1.15 * toe)
    instep = min(toe * rng.uniform(*PARAMETERS.instep), collar)
    shaft, lean = 1 - rng.uniform(*PARAMETERS.shaft), rng.uniform(*PARAMETERS.lean)
    foot = [(rng.uniform(0.1, 0.25), toe)]
    if rng.random() > PARAMETERS.straight_share:
        foot += [(rng.uniform(0.25, 0.4), toe), (shaft - abs(lean), instep)]
    heel = [
        (1 - rng.uniform(0, 0.06), collar + rng.normal(0, 0.05)),
        (1 + rng.normal(0, 0.02), collar / 2),
        (1.0, 0.0),
    ]
    points = [(0.0, 0.0), (0.0, toe * rng.uniform(0.3, 1.0)), *foot, (shaft + lean, collar), *heel]
    if rng.random() < PARAMETERS.arch_share:
        points.append((0.5, rng.uniform(0, 0.06)))

    def place(along: float, up: float) -> tuple[int, int]:
        right, down = along - 0.5, collar / 2 - up
        return round(_MIDDLE + right * box.width), round(_MIDDLE + down * box.width)

    shape, seams = np.zeros((SIDE, SIDE), np.uint8), np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(shape, [np.array([place(*point) for point in points])], 1)
    if rng.random() < PARAMETERS.seam_share:
        level = collar * rng.uniform(0.55, 0.85)
        cv2.line(seams, place(shaft, level), place(1, level), 1, 1)
    tone = canvas[..., TONES][is_inside(canvas)].mean()
    return build_canvas(np.full((SIDE, SIDE), tone), shape > 0, seams)


def _cut_instep(canvas: Canvas, box: Box, rng: np.random.Generator) -> Canvas:
    shaft = box.right - rng.uniform(0.28, 0.5) * box.width
    foot = box.bottom - rng.uniform(0.35, 0.6) * box.height
    lean = rng.uniform(-0.1, 0.5)  # the shaft's front is upright or widens towards the foot
    return canvas * ~((shaft - lean * (ROWS - box.top) > COLUMNS) & (foot > ROWS))[..., None]


def _raise_heel(canvas: Canvas, box: Box, rng: np.random.Generator) -> Canvas:
    heel = box.right - rng.uniform(0.2, 0.4) * box.width
    top = box.top - rng.uniform(0.1, 0.6) * box.height
    collar = (heel < COLUMNS) & (box.right > COLUMNS) & (top < ROWS)
    collar &= box.top + 0.5 * box.height > ROWS
    added = collar & ~is_inside(canvas)
    raised = canvas.copy()
    raised[added] = canvas[..., TONES][is_inside(canvas)].mean(), 1.0, 1.0, 0.0
    return raised
