"""Outliers that shops sell beside clothes: watches, belts, glasses, socks, ties, scarves, caps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from fmnist.training.domain_augmentation.canvas import (
    SILHOUETTE,
    Canvas,
    build_canvas,
    build_field,
    compute_silhouette,
)
from fmnist.training.domain_augmentation.headwear import draw_beanie, draw_cap
from fmnist.training.domain_augmentation.sheet import Sheet


@dataclass(frozen=True, slots=True)
class AccessoryParameters:
    """How often each accessory is drawn; each function defines its geometry.

    Attributes:
        shares: shares of watches, belts, glasses, socks, ties, scarves, caps, beanies,
            bottles, necklaces.
        tone: range of the mean tone, 0 to 255.
        texture: range of the tones' variation.
        contrast: range of how much parts differ from the rest, in tones.
        bare_share: share of watches of which the case fills all, and of glasses without temples.
        pair_share: share of socks in pairs.
    """

    shares: tuple[float, ...] = (0.2, 0.11, 0.13, 0.12, 0.06, 0.07, 0.16, 0.09, 0.03, 0.03)
    tone: tuple[float, float] = (50, 220)
    texture: tuple[float, float] = (3, 40)
    contrast: tuple[float, float] = (40, 160)
    bare_share: float = 0.3
    pair_share: float = 0.5


PARAMETERS: Final = AccessoryParameters()


def draw_accessory(rng: np.random.Generator) -> Canvas:
    """Return a canvas with an accessory, upright in the middle."""
    sheet = Sheet()
    _DRAWERS[rng.choice(len(_DRAWERS), p=PARAMETERS.shares)](sheet, rng)
    cloth = sheet.shape > 0
    texture = build_field(rng, int(rng.integers(2, 12)), rng.uniform(*PARAMETERS.texture))
    contrast = rng.choice([-1, 1]) * rng.uniform(*PARAMETERS.contrast)
    tones = rng.uniform(*PARAMETERS.tone) + texture + contrast * sheet.relief
    edges = cv2.morphologyEx(sheet.relief, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8))
    canvas = build_canvas(tones, cloth, (edges > 0).astype(np.uint8))
    canvas[..., SILHOUETTE] = compute_silhouette(cloth)
    return canvas


def _draw_watch(sheet: Sheet, rng: np.random.Generator) -> None:
    radius, long = rng.uniform(10, 16), rng.uniform(1.0, 1.3)
    strap = radius * rng.uniform(0.45, 0.95)
    reach = radius * rng.uniform(1.15, 1.5 if rng.random() < PARAMETERS.bare_share else 2.6)
    reach = min(reach, 33.0)
    tone, taper = float(rng.normal(0, 0.7)), rng.uniform(0.6, 1.0)
    for side in (-1, 1):
        end, narrow = side * reach, strap * taper
        sheet.fill([(-strap, 0), (strap, 0), (narrow, end), (-narrow, end)], tone)
        for y in np.linspace(radius, reach, int(rng.integers(0, 7))):
            sheet.draw_line([(-strap * 0.8, side * y), (strap * 0.8, side * y)], 1, tone / 2)
    dial = float(rng.normal(0, 0.8))
    if rng.random() < 0.3:  # a square case
        for scale, relief in ((1.0, 0.0), (rng.uniform(0.6, 0.85), dial)):
            x, y = radius * scale * rng.uniform(0.8, 1.0), radius * scale * long
            sheet.fill([(-x, -y), (x, -y), (x, y), (-x, y)], relief)
    else:
        sheet.fill_ellipse((0, 0), (radius, radius * long))
        inner = radius * rng.uniform(0.6, 0.85)
        sheet.fill_ellipse((0, 0), (inner, inner * long), dial)
        if rng.random() < 0.4:  # small dials
            for x, y in ((0, 0.4), (-0.4, 0), (0.4, 0))[: int(rng.integers(1, 4))]:
                sheet.fill_ellipse((x * inner, y * inner), (inner * 0.22, inner * 0.22), dial - 1)
    for angle in rng.uniform(0, 2 * np.pi, 2):  # hands
        tip = radius * 0.5 * np.sin(angle), radius * 0.5 * np.cos(angle)
        sheet.draw_line([(0, 0), tip], rng.uniform(1, 2), dial + 1)
    if rng.random() < 0.5:  # the crown
        sheet.draw_line([(radius - 1, 0), (radius + 2, 0)], 3)


def _draw_belt(sheet: Sheet, rng: np.random.Generator) -> None:
    wide = rng.uniform(18, 26)
    high, band = wide * rng.uniform(0.08, 0.45), rng.uniform(4, 9)
    tone = float(rng.normal(0, 0.7))  # the inner side
    sheet.fill_ellipse((0, -band / 2), (wide, high), tone)
    if rng.random() < 0.6:
        sheet.cut_ellipse((0, -band / 2), (wide - rng.uniform(1, 4), high - rng.uniform(0, 3)))
    arc = [(wide * np.cos(a), high * np.sin(a)) for a in np.linspace(0, np.pi, 15)]
    front = [(x, y - band / 2) for x, y in arc] + [(x, y + band / 2) for x, y in arc[::-1]]
    sheet.fill(front)
    if rng.random() < 0.7:  # the buckle
        x, half = rng.uniform(-0.6, 0.6) * wide, rng.uniform(2, 5)
        y = high * float(np.sqrt(max(0.0, 1 - (x / wide) ** 2)))
        top, bottom = y - band / 2 - 1, y + band / 2 + 1
        sheet.fill([(x - half, top), (x + half, top), (x + half, bottom), (x - half, bottom)], 1)
        sheet.draw_line([(x - half + 2, y), (x + half - 2, y)], rng.uniform(1, 3), -0.5)


def _draw_glasses(sheet: Sheet, rng: np.random.Generator) -> None:
    wide, high = rng.uniform(7, 11), rng.uniform(4, 9)
    gap, tone = wide * rng.uniform(1.0, 1.3), float(rng.normal(0, 0.7))
    near, turned = rng.choice([-1, 1]), rng.uniform(0.5, 1.0)
    frame = int(rng.integers(1, 4))
    for side in (-1, 1):
        half = wide * (1.0 if side == near else turned)
        middle, droop = (side * gap, rng.uniform(0, 1.5)), side * rng.uniform(0, 12)
        sheet.fill_ellipse(middle, (half + frame, high + frame), 0.0, droop)
        sheet.fill_ellipse(middle, (half, high), tone, droop)
    sheet.draw_line([(-gap, -high * 0.6), (gap, -high * 0.6)], frame + 1)
    if rng.random() < PARAMETERS.bare_share:
        return
    for side in (-1, 1):  # the temples lead back, to one side
        start = side * (gap + wide * 0.9), -high * 0.6
        end = float(np.clip(start[0] - near * rng.uniform(10, 30), -28, 28))
        back = end, start[1] - rng.uniform(0, 8)
        sheet.draw_line([start, back, (end - near * 3, back[1] + 3)], rng.uniform(1, 4))


def _draw_sock(sheet: Sheet, rng: np.random.Generator) -> None:
    half, high, foot = rng.uniform(4, 8), rng.uniform(12, 30), rng.uniform(10, 18)
    drop, tones = rng.uniform(0.2, 1.0), rng.normal(0, 0.6, 4)
    copies = [(0.0, 0.0)]
    if rng.random() < PARAMETERS.pair_share:
        copies.insert(0, (rng.uniform(0.5, 2.2) * half, rng.normal(0, 2)))
    for index, (right, down) in enumerate(copies):
        x, top, ankle = right - half, down - high / 2, down + high / 2
        base = float(tones[0]) if index < len(copies) - 1 else 0.0
        toe = x + foot * np.cos(np.arctan(drop)), ankle + foot * np.sin(np.arctan(drop))
        sheet.draw_line([(x, ankle), toe], 2 * half, base)
        sheet.fill([(x - half, top), (x + half, top), (x + half, ankle), (x - half, ankle)], base)
        for (px, py), relief in zip([(x, ankle), toe], tones[1:3], strict=True):  # heel and toe
            sheet.fill_ellipse((px, py), (half, half), base + float(relief))
        for y in np.linspace(top + 1, top + 8, int(rng.integers(0, 4))):
            sheet.draw_line([(x - half, y), (x + half - 1, y)], 2, base + float(tones[3]))


def _draw_tie(sheet: Sheet, rng: np.random.Generator) -> None:
    long, knot, blade = rng.uniform(22, 27), rng.uniform(2, 3.5), rng.uniform(3, 6)
    lean = rng.normal(0, 2)
    tip = long + rng.uniform(1, 4)
    sheet.fill([(-knot * 0.6, -long + 5), (knot * 0.6, -long + 5), (lean + blade, long),
                (lean, tip), (lean - blade, long)])  # fmt: skip
    sheet.fill([(-knot, -long), (knot, -long), (knot * 0.6, -long + 6), (-knot * 0.6, -long + 6)],
               float(rng.normal(0, 0.4)))  # fmt: skip
    if rng.random() < 0.4:  # the neck's end
        side = rng.choice([-1, 1]) * rng.uniform(5, 16)
        sheet.draw_line([(0, -long + 2), (side, -long - rng.uniform(0, 6))], 2 * knot * 0.7)
    if rng.random() < 0.5:
        for y in np.arange(-long + 8, long, rng.uniform(4, 9)):
            sheet.draw_line([(lean - 2, y + 2), (lean + 2, y - 2)], 2, float(rng.normal(0, 0.7)))


def _draw_scarf(sheet: Sheet, rng: np.random.Generator) -> None:
    width, loop = rng.uniform(6, 11), rng.uniform(4, 13)
    top, cross = rng.uniform(-26, -20), rng.uniform(-10, 4)
    checks, crossed = rng.normal(0, 0.6, 2), rng.choice([-1, 1])
    for side in (-1, 1):
        end = crossed * side * rng.uniform(2, 16), rng.uniform(14, 27)
        path = [(0.0, top), (side * loop, (top + cross) / 2), (side * 2.0, cross), end]
        sheet.draw_line(path, width, side * float(checks[0]) / 2)
        for x in np.linspace(-width / 2, width / 2, int(rng.integers(0, 5))):  # fringes
            sheet.draw_line([(end[0] + x, end[1]), (end[0] + x * 1.3, end[1] + 6)], 1)
        if rng.random() < 0.5:
            for share in np.linspace(0.1, 1.0, 5):
                x, y = 2 * side + share * (end[0] - 2 * side), cross + share * (end[1] - cross)
                sheet.draw_line([(x - width / 2, y), (x + width / 2, y)], 2, float(checks[1]))


def _draw_bottle(sheet: Sheet, rng: np.random.Generator) -> None:
    half, high = rng.uniform(6, 16), rng.uniform(12, 22)
    neck, cap = half * rng.uniform(0.2, 0.7), rng.uniform(4, 14)
    sheet.fill([(-half, -high / 2), (half, -high / 2), (half, high), (-half, high)])
    sheet.fill([(-neck, -high / 2 - cap), (neck, -high / 2 - cap), (neck, -high / 2),
                (-neck, -high / 2)], float(rng.normal(0, 1)))  # fmt: skip
    label, part = half * rng.uniform(0.4, 0.9), rng.uniform(0.2, 0.6) * high
    sheet.fill([(-label, 0), (label, 0), (label, part), (-label, part)], float(rng.normal(0, 0.8)))


def _draw_necklace(sheet: Sheet, rng: np.random.Generator) -> None:
    wide, high, width = rng.uniform(8, 20), rng.uniform(14, 24), rng.uniform(1, 3)
    angles = np.linspace(0, 2 * np.pi, 25)
    sheet.draw_line([(wide * np.sin(a), high * np.cos(a)) for a in angles], width)
    drop = rng.uniform(2, 7)
    sheet.fill_ellipse((0, high + drop / 2), (drop * rng.uniform(0.6, 1.2), drop), 1.0)


_DRAWERS: Final[tuple[Callable[[Sheet, np.random.Generator], None], ...]] = (
    _draw_watch,
    _draw_belt,
    _draw_glasses,
    _draw_sock,
    _draw_tie,
    _draw_scarf,
    draw_cap,
    draw_beanie,
    _draw_bottle,
    _draw_necklace,
)
