"""Flat sandals seen obliquely: a thin sole with a band or two straps, as shops show slippers.

The data set's sandals are high or strapped; slides and flip-flops are hardly among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from fmnist.training.domain_augmentation.canvas import (
    SIDE,
    TONES,
    Canvas,
    build_canvas,
    build_field,
    find_box,
    is_inside,
)

_MIDDLE: Final = SIDE / 2


@dataclass(frozen=True, slots=True)
class SlideParameters:
    """How flat sandals vary; lengths are shares of half the sole's length.

    Attributes:
        across: range of half the sole's width as it is seen.
        thickness: range of the sole's height.
        heel: range of how much the heel is raised.
        strap_share: share with two straps from between the toes; the others have a band.
        two_band_share: share of bands that are divided in two.
        rise: range of how high the band stands above the sole.
        contrast: range of how much band and sole differ, in tones.
        texture: range of the tones' variation.
    """

    across: tuple[float, float] = (0.12, 0.42)
    thickness: tuple[float, float] = (0.06, 0.22)
    heel: tuple[float, float] = (0.0, 0.15)
    strap_share: float = 0.35
    two_band_share: float = 0.35
    rise: tuple[float, float] = (0.12, 0.42)
    contrast: tuple[float, float] = (0, 130)
    texture: tuple[float, float] = (3, 30)


PARAMETERS: Final = SlideParameters()


def show_slide(canvas: Canvas, rng: np.random.Generator) -> Canvas:
    """Return a flat sandal, toe to the left, of the length and mean tone of a shoe."""
    box = find_box(is_inside(canvas))
    if box is None:
        return canvas
    half, tone = box.width / 2, canvas[..., TONES][is_inside(canvas)].mean()
    sole, upper, seams = _draw(half, rng)
    shape = sole | upper
    contrast = rng.choice([-1, 1]) * rng.uniform(*PARAMETERS.contrast)
    texture = build_field(rng, int(rng.integers(2, 9)), rng.uniform(*PARAMETERS.texture))
    return build_canvas(tone + texture + contrast * (upper - 0.5), shape, seams)


def _draw(half: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return where sole and upper are, bool, and their edges, uint8."""
    sheets = [np.zeros((SIDE, SIDE), np.uint8) for _ in range(3)]
    sole, upper, seams = sheets
    across, rise = rng.uniform(*PARAMETERS.across), rng.uniform(*PARAMETERS.rise)
    heel, lean = rng.uniform(*PARAMETERS.heel), rng.normal(0, 0.06)

    def place(along: float, aside: float, height: float = 0.0) -> list[int]:
        down = aside * across - height - heel * max(0.0, along) + lean * along
        return [round(_MIDDLE + along * half), round(_MIDDLE + down * half)]

    angles = np.linspace(0, 2 * np.pi, 33)
    power = rng.uniform(0.5, 0.8)
    top = [
        place(np.cos(a), np.sign(np.sin(a)) * abs(np.sin(a)) ** power * (0.9 + 0.1 * np.sin(2 * a)))
        for a in angles
    ]
    cv2.fillPoly(sole, [np.array(top)], 1)
    for _ in range(round(half * rng.uniform(*PARAMETERS.thickness))):
        sole[1:] |= sole[:-1]
    cv2.polylines(seams, [np.array(top)], True, 1)
    if rng.random() < PARAMETERS.strap_share:
        toe, width = rng.uniform(-0.65, -0.4), int(rng.integers(2, 6))
        back = rng.uniform(-0.1, 0.35)
        for aside in (-1, 1):
            path = [place(toe, 0), place((toe + back) / 2, aside * 0.5, rise), place(back, aside)]
            cv2.polylines(upper, [np.array(path)], False, 1, width)
    else:
        start, end = rng.uniform(-0.75, -0.4), rng.uniform(-0.05, 0.35)
        arch = [
            place(along, np.cos(a), rise * np.sin(a))
            for along, turn in ((start, angles[:17]), (end, angles[:17][::-1]))
            for a in turn
        ]
        cv2.fillPoly(upper, [cv2.convexHull(np.array(arch))], 1)
        if rng.random() < PARAMETERS.two_band_share:
            gap = (start + end) / 2
            open_part = [place(gap, np.cos(a), 1.1 * rise * np.sin(a)) for a in angles[:17]]
            cv2.polylines(upper, [np.array(open_part)], False, 0, int(rng.integers(1, 4)))
    seams |= cv2.morphologyEx(upper, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8))
    return sole > 0, upper > 0, seams
