"""Draws clothes: T-shirt, pullover, coat, shirt, dress, trouser."""

from __future__ import annotations

from typing import Literal

import numpy as np

from fmnist.data.demo.canvas import PLAIN, Canvas, Point, mirror

Sleeve = Literal["none", "short", "middle", "long"]


def draw_t_shirt(canvas: Canvas) -> None:
    """Draw a short body with short sleeves and sometimes a print or a stripe on the chest."""
    rng = canvas.rng
    sleeve: Sleeve = "none" if rng.random() < 0.1 else "short"
    body = _draw_top(canvas, sleeve, width=rng.uniform(0.44, 0.56), length=rng.uniform(1.6, 1.9))
    if rng.random() < 0.4:
        half_width, top = rng.uniform(0.15, 0.35), rng.uniform(-0.5, -0.2)
        bottom = top + rng.uniform(0.2, 0.7)
        ink = PLAIN + int(rng.choice([-1, 1]) * rng.integers(40, 110))
        canvas.patch(_box(-half_width, top, half_width, bottom), ink, smooth=1)
        for _ in range(rng.integers(1, 4)):
            y = rng.uniform(top, bottom)
            canvas.seam([(-half_width, y), (half_width, y)], PLAIN - 30, width=0.06)
    elif rng.random() < 0.3:
        y, height = rng.uniform(-0.4, 0.2), rng.uniform(0.12, 0.3)
        canvas.patch(_box(-body, y, body, y + height), PLAIN + int(rng.integers(-90, 90)))


def draw_pullover(canvas: Canvas) -> None:
    """Draw a long-sleeved body with ribs at hem and cuffs, sometimes a high neck or a hood."""
    rng = canvas.rng
    body = _draw_top(canvas, "long", width=rng.uniform(0.46, 0.58), length=rng.uniform(1.55, 1.85))
    kind = rng.random()
    if kind < 0.45:  # a high neck or a hood stands above the shoulders
        half_width, height = rng.uniform(0.16, 0.32), rng.uniform(0.08, 0.22)
        canvas.fill(_box(-half_width, -0.95 - height, half_width, -0.75), smooth=2, ink=PLAIN + 12)
        canvas.seam([(-half_width, -0.83), (0, -0.7), (half_width, -0.83)], PLAIN - 60)
    bottom = rng.uniform(0.72, 0.85)
    canvas.seam([(-body, bottom), (body, bottom)], PLAIN - 35, width=0.04)
    if rng.random() < 0.2:
        canvas.patch(_box(-0.3, 0.25, 0.3, 0.6), PLAIN - 25, smooth=1)


def draw_coat(canvas: Canvas) -> None:
    """Draw a long-sleeved body that opens in front, with lapels or a hood, and pockets."""
    rng = canvas.rng
    length = rng.uniform(1.7, 1.98)
    _draw_top(canvas, "long", width=rng.uniform(0.46, 0.6), length=length, neck=0.06)
    dark, light = PLAIN - int(rng.integers(70, 120)), PLAIN + int(rng.integers(15, 60))
    bottom = -0.9 + length
    shift = rng.normal(0, 0.04)
    canvas.seam([(shift, -0.8), (shift, bottom)], dark, width=rng.uniform(0.05, 0.1))
    if rng.random() < 0.6:  # lapels
        deep = rng.uniform(-0.5, -0.1)
        canvas.patch([(-0.2, -0.9), (0.2, -0.9), (shift, deep)], dark)
        for side in (-1, 1):
            canvas.seam([(side * 0.2, -0.9), (side * 0.3, -0.55), (shift, deep)], light)
    else:
        canvas.fill(_box(-0.24, -1.08, 0.24, -0.75), ink=PLAIN - 20, smooth=2)
    pocket = rng.uniform(0.15, 0.4)
    if rng.random() < 0.7:
        for side in (-1, 1):
            canvas.seam([(side * 0.2, pocket + 0.08), (side * 0.42, pocket)], dark, width=0.06)


def draw_shirt(canvas: Canvas) -> None:
    """Draw a body with a collar and a row of buttons, or a loose blouse, of any sleeve."""
    rng = canvas.rng
    sleeve: Sleeve = rng.choice(["none", "short", "middle", "long"], p=[0.08, 0.22, 0.2, 0.5])
    buttoned = rng.random() < 0.7
    length = rng.uniform(1.65, 1.95)
    _draw_top(canvas, sleeve, width=rng.uniform(0.42, 0.56), length=length)
    bottom = -0.9 + length
    if buttoned:
        canvas.seam([(0, -0.75), (0, bottom)], PLAIN - 35, width=0.05)
        for y in np.arange(-0.6, bottom - 0.1, rng.uniform(0.2, 0.3)):
            canvas.patch(_box(-0.03, y, 0.05, y + 0.07), PLAIN - 90)
        for side in (-1, 1):
            canvas.fill(
                [(side * 0.04, -0.7), (side * 0.32, -0.84), (side * 0.2, -0.96)],
                ink=PLAIN + 30,
                smooth=0,
            )
        canvas.fill([(-0.2, -0.96), (0.2, -0.96), (0, -0.7)], ink=PLAIN - 50, smooth=0)
        if rng.random() < 0.4:
            canvas.patch(_box(0.14, -0.4, 0.36, -0.15), PLAIN - 22)
    elif rng.random() < 0.5:
        canvas.cut([(-0.2, -1.2), (0.2, -1.2), (0, rng.uniform(-0.75, -0.5))], smooth=0)


def draw_dress(canvas: Canvas) -> None:
    """Draw a long narrow body with a waist and a skirt that is straight or flares."""
    rng = canvas.rng
    bust, waist = rng.uniform(0.2, 0.3), rng.uniform(0.16, 0.24)
    hem = rng.uniform(0.2, 0.36) if rng.random() < 0.5 else rng.uniform(0.36, 0.62)
    waist_y = rng.uniform(-0.4, -0.15)
    neck, shoulder = rng.uniform(0.07, 0.13), rng.uniform(0.16, 0.24)
    half: list[Point] = [(0, -0.95 + rng.uniform(0.05, 0.3)), (neck, -1), (shoulder, -0.95)]
    kind = rng.random()
    if kind < 0.25:
        half += [(bust + 0.18, -0.62), (bust + 0.08, -0.55), (bust, -0.68)]
    elif kind < 0.4:
        half += [(bust + 0.2, -0.2), (bust + 0.17, 0.1), (bust + 0.1, 0.08), (bust, -0.62)]
    else:
        half += [(bust, -0.68)]
    half += [(waist, waist_y), ((waist + hem) / 2 + 0.03, 0.3), (hem, 0.97), (0, 1)]
    canvas.fill(mirror(half), smooth=1)
    if rng.random() < 0.6:
        ink = PLAIN + int(rng.integers(-90, 60))
        canvas.seam([(-waist, waist_y), (waist, waist_y)], ink, width=rng.uniform(0.04, 0.12))
    if rng.random() < 0.25:
        canvas.patch(_box(-0.7, waist_y, 0.7, 1.05), PLAIN + int(rng.integers(-70, 70)))
    for _ in range(rng.integers(0, 4)):
        x = rng.uniform(-0.8, 0.8)
        canvas.seam([(x * waist, waist_y), (x * hem, 1)], PLAIN - int(rng.integers(15, 45)))


def draw_trouser(canvas: Canvas) -> None:
    """Draw two legs under a waistband: tight, straight or flared, apart by more or less."""
    rng = canvas.rng
    waist, hip = rng.uniform(0.22, 0.28), rng.uniform(0.27, 0.34)
    crotch, knee = rng.uniform(-0.45, -0.3), rng.uniform(0.13, 0.19)
    ankle = knee + (rng.uniform(-0.06, 0.0) if rng.random() < 0.75 else rng.uniform(0.0, 0.1))
    spread = rng.uniform(0.01, 0.07)
    knee_x, ankle_x = spread + knee / 2 + 0.03, spread * 1.5 + ankle / 2 + 0.03
    for side in (-1, 1):
        leg: list[Point] = [
            (0, -1),
            (waist, -1 + rng.uniform(0, 0.02)),
            (hip, crotch),
            (knee_x + knee / 2 + 0.03, 0.25),
            (ankle_x + ankle / 2, rng.uniform(0.96, 1)),
            (ankle_x - ankle / 2, 1),
            (knee_x - knee / 2, 0.25),
            (0, crotch + 0.1),
        ]
        canvas.fill([(side * x, y) for x, y in leg], smooth=1)
        if rng.random() < 0.6:
            fold = PLAIN + int(rng.integers(-50, 40))
            canvas.seam([(side * hip * 0.5, -0.4), (side * ankle_x, 0.9)], fold, width=0.06)
    canvas.fill(_box(-waist, -1, waist, -0.9), ink=PLAIN - int(rng.integers(0, 60)), smooth=0)
    canvas.seam([(0, -0.9), (0, crotch)], PLAIN - 60, width=0.04)


def _draw_top(
    canvas: Canvas, sleeve: Sleeve, *, width: float, length: float, neck: float | None = None
) -> float:
    """Draw a body with sleeves, ``length`` long from the shoulders; return its half width."""
    rng = canvas.rng
    neck_depth = rng.uniform(0.08, 0.24) if neck is None else neck
    neck_half = rng.uniform(0.18, 0.28)
    bottom = -0.9 + length
    armpit = rng.uniform(-0.45, -0.32)
    waist = width * rng.uniform(0.85, 1.0)
    shoulder = width * rng.uniform(0.92, 1.02)
    half: list[Point] = [
        (0, -0.9 + neck_depth),
        (neck_half * 0.75, -0.9 + neck_depth * 0.7),
        (neck_half, -0.95),
        (shoulder, -0.8),
    ]
    if sleeve == "short":
        reach, drop = rng.uniform(0.28, 0.42), rng.uniform(0.35, 0.6)
        half += [
            (shoulder + reach, -0.85 + drop),
            (shoulder + reach - 0.2, -0.75 + drop),
            (width, armpit),
        ]
    elif sleeve != "none":
        end = rng.uniform(-0.05, 0.3) if sleeve == "middle" else bottom - rng.uniform(0.0, 0.25)
        reach = rng.uniform(0.2, 0.36) * (0.8 if sleeve == "middle" else 1)
        cuff = rng.uniform(0.14, 0.2)
        half += [
            (shoulder + 0.12, -0.5),
            (shoulder + reach, end),
            (shoulder + reach - cuff, end + 0.03),
            (width + 0.02, armpit + 0.15),
        ]
    half += [(waist, 0.1), (width * rng.uniform(0.94, 1.05), bottom), (0, bottom + 0.02)]
    canvas.fill(mirror(half), smooth=1)
    seam = PLAIN - int(rng.integers(25, 80))
    for side in (-1, 1):
        canvas.seam([(side * shoulder, -0.8), (side * width, armpit + 0.05)], seam, width=0.04)
        if sleeve in {"middle", "long"}:  # the arm lies beside the body: a shadow between
            canvas.seam([(side * width, armpit), (side * waist * 1.02, 0.3)], seam - 30)
    collar = PLAIN + int(rng.integers(-60, 40))
    canvas.seam(
        [(-neck_half, -0.93), (0, -0.88 + neck_depth), (neck_half, -0.93)], collar, width=0.07
    )
    return width


def _box(left: float, top: float, right: float, bottom: float) -> list[Point]:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]
