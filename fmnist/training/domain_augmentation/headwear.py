"""Caps from the front, with a visor below the dome, and beanies with a cuff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from fmnist.training.domain_augmentation.sheet import Point, Sheet


@dataclass(frozen=True, slots=True)
class HeadwearParameters:
    """How caps and beanies vary; lengths are canvas pixels.

    Attributes:
        half: range of half the dome's width.
        high: range of its height.
        visor: range of the visor's length; a cap that lies on its back shows all of it.
        square: range of the exponent of the visor's outline; 1 is an ellipse, less is squarer.
        badge_share: share of caps and beanies with a badge.
        cuff: range of the height of a beanie's cuff, a share of the dome's.
        bobble_share: share of beanies with a bobble.
    """

    half: tuple[float, float] = (13, 20)
    high: tuple[float, float] = (14, 26)
    visor: tuple[float, float] = (4, 26)
    square: tuple[float, float] = (0.4, 1.0)
    badge_share: float = 0.6
    cuff: tuple[float, float] = (0.15, 0.45)
    bobble_share: float = 0.3


PARAMETERS: Final = HeadwearParameters()


def draw_cap(sheet: Sheet, rng: np.random.Generator) -> None:
    """Draw a cap from the front or a little from one side."""
    half, high = rng.uniform(*PARAMETERS.half), rng.uniform(*PARAMETERS.high)
    reach, wide = rng.uniform(*PARAMETERS.visor), half * rng.uniform(0.8, 1.1)
    aside = rng.uniform(-0.7, 0.7) * half * (1 - reach / 40)
    up = (reach - high) / 2  # so that the whole is in the middle
    _draw_dome(sheet, rng, (half, high), up)
    for x in (-half / 2, 0, half / 2)[: int(rng.integers(0, 4))]:  # seams to the button
        sheet.draw_line([(x, -up), (0, -up - high)], 1, 0.4)
    _draw_badge(sheet, rng, (aside / 2, -up - high * 0.45))
    angles, power = np.linspace(0, np.pi, 15), rng.uniform(*PARAMETERS.square)
    curve = rng.uniform(-0.3, 0.5) * min(reach, high)  # where dome and visor meet
    visor = [(aside + wide * _bend(np.cos(a), power), reach * np.sin(a) ** power - up)
             for a in angles]  # fmt: skip
    edge = [(aside + wide * np.cos(a), curve * np.sin(a) - up) for a in angles[::-1]]
    sheet.fill(visor + edge, float(rng.normal(0, 0.6)))


def draw_beanie(sheet: Sheet, rng: np.random.Generator) -> None:
    """Draw a knitted hat: a dome with stripes, a cuff, and sometimes a bobble."""
    half, high = rng.uniform(*PARAMETERS.half), rng.uniform(*PARAMETERS.high)
    cuff = high * rng.uniform(*PARAMETERS.cuff)
    up = (cuff - high) / 2
    _draw_dome(sheet, rng, (half, high), up)
    for y in np.linspace(0, high * 0.8, int(rng.integers(0, 5))):
        across = half * np.sqrt(1 - (y / high) ** 2) * 0.95
        sheet.draw_line([(-across, -up - y), (across, -up - y)], 2, float(rng.normal(0, 0.5)))
    wide = half * rng.uniform(0.95, 1.1)
    corners: list[Point] = [(-wide, -up), (wide, -up), (wide, cuff - up), (-wide, cuff - up)]
    sheet.fill(corners, float(rng.normal(0, 0.5)))
    _draw_badge(sheet, rng, (0.0, cuff / 2 - up))
    if rng.random() < PARAMETERS.bobble_share:
        radius = rng.uniform(3, 7)
        sheet.fill_ellipse((0.0, -up - high), (radius, radius), float(rng.normal(0, 0.6)))


def _draw_dome(sheet: Sheet, rng: np.random.Generator, sides: Point, up: float) -> None:
    half, high = sides
    power = rng.uniform(0.6, 1.1)
    angles = np.linspace(0, np.pi, 15)
    sheet.fill([(half * _bend(np.cos(a), power), -high * np.sin(a) ** power - up) for a in angles])


def _draw_badge(sheet: Sheet, rng: np.random.Generator, place: Point) -> None:
    if rng.random() < PARAMETERS.badge_share:
        axes = rng.uniform(3, 9), rng.uniform(1.5, 5)
        sheet.fill_ellipse(place, axes, float(rng.normal(0, 1)))


def _bend(value: float, power: float) -> float:
    return float(np.sign(value) * abs(value) ** power)
