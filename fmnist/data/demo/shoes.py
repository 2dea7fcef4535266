"""Draws shoes, toe to the left as in the data set."""

from __future__ import annotations

import numpy as np

from fmnist.data.demo.canvas import PLAIN, Canvas, Point


def draw_sandal(canvas: Canvas) -> None:
    """Draw a flat, wedged or high sole, and straps that leave the foot's space open."""
    rng = canvas.rng
    heel = rng.choice([0.0, rng.uniform(0.2, 0.4), rng.uniform(0.5, 0.95)], p=[0.45, 0.25, 0.3])
    thick = rng.uniform(0.07, 0.16)
    toe: Point = (-0.95, 0.5)
    ball: Point = (-0.45, 0.52)
    back: Point = (0.9, 0.5 - heel)
    arch: Point = (0.2, 0.5 - heel * 0.55)
    top = [toe, ball, arch, back]
    bottom = [(x, y + thick) for x, y in reversed(top)]
    canvas.fill(top + bottom, ink=PLAIN - 30, smooth=1)
    if heel:
        wedge = rng.random() < 0.4
        inner = rng.uniform(-0.2, 0.1) if wedge else rng.uniform(0.6, 0.75)
        foot = 0.5 + thick
        canvas.fill(
            [(inner, 0.5 - heel * (0.5 if wedge else 0.85)), back, (0.86, foot), (inner, foot)],
            ink=PLAIN - int(rng.integers(10, 60)),
            smooth=0,
        )
    ink = PLAIN + int(rng.integers(-20, 60))
    width = rng.uniform(0.1, 0.24)
    lift = rng.uniform(0.2, 0.32)
    canvas.strap([(-0.9, 0.5), (-0.65, 0.5 - lift), (-0.25, 0.5)], width=width, ink=ink)
    if rng.random() < 0.25:  # a closed toe
        canvas.fill([(-0.98, 0.5), (-0.85, 0.5 - lift), (-0.35, 0.45 - lift), (0, 0.5)], ink=ink)
    for _ in range(rng.integers(0, 3)):
        x = rng.uniform(-0.6, -0.2)
        canvas.strap([(x, 0.5), (x + 0.15, 0.45 - lift), (x + 0.5, 0.45)], width=width, ink=ink)
    ankle_y = back[1] - rng.uniform(0.25, 0.6)
    ankle: Point = (rng.uniform(0.35, 0.6), ankle_y)
    if rng.random() < 0.8:  # a strap, or a cap, behind the heel, and one around the ankle
        if rng.random() < 0.35:
            canvas.fill([back, (0.85, ankle_y), (0.7, ankle_y + 0.1), (0.5, arch[1] + 0.02)])
        canvas.strap([back, (0.85, ankle_y), ankle], width=width, ink=ink, smooth=1)
        if rng.random() < 0.7:
            canvas.strap([ankle, (-0.35, 0.5 - lift * 0.5)], width=width, ink=ink)
        else:
            canvas.strap([ankle, (0.4, arch[1])], width=width, ink=ink)


def draw_sneaker(canvas: Canvas) -> None:
    """Draw a low shoe with a rubber sole, laces and stripes."""
    rng = canvas.rng
    nose = rng.uniform(0.2, 0.3)
    height = rng.uniform(0.55, 0.85) if rng.random() < 0.8 else rng.uniform(1.0, 1.4)  # high-top
    ground, sole = 0.5, rng.uniform(0.1, 0.18)
    tongue = rng.uniform(0.05, 0.3)
    collar_y = ground - height
    upper: list[Point] = [
        (-0.98, ground - 0.05),
        (-0.95, ground - nose),
        (-0.6, ground - nose - 0.1),
        (-0.1, collar_y + 0.1),
        (tongue, collar_y - 0.05),
        (tongue + 0.2, collar_y + 0.18),
        (0.7, collar_y + 0.12),
        (0.95, collar_y),
        (0.97, ground - 0.05),
    ]
    canvas.fill(upper, smooth=1)
    rubber = PLAIN + int(rng.integers(-90, 110))
    bow = rng.uniform(0.0, 0.06)
    canvas.fill(
        [
            (-1, ground - bow),
            (-0.3, ground + 0.02),
            (1, ground - bow),
            (0.97, ground + sole),
            (-0.9, ground + sole),
        ],
        ink=rubber,
        smooth=1,
    )
    canvas.seam([(-0.98, ground), (0.98, ground)], PLAIN - 60, width=0.04)
    light = PLAIN + int(rng.choice([-1, 1]) * rng.integers(40, 100))
    for step in np.linspace(0, 1, rng.integers(3, 6)):
        x = -0.5 + step * (tongue + 0.35)
        y = ground - nose - 0.12 - step * (height - nose - 0.25)
        canvas.seam([(x, y), (x + 0.16, y + 0.12)], light, width=0.05)
    kind = rng.random()
    if kind < 0.5:
        n_stripes = int(rng.integers(1, 4))
        for k in range(n_stripes):
            x = 0.05 + 0.16 * k
            canvas.seam([(x, ground - 0.02), (x + 0.22, collar_y + 0.25)], light, width=0.07)
    elif kind < 0.75:
        canvas.seam([(-0.3, ground - 0.12), (0.1, ground - 0.15), (0.75, collar_y + 0.25)], light)
    if rng.random() < 0.5:
        canvas.seam([(-0.65, ground), (-0.62, ground - nose)], PLAIN - 50, width=0.04)
    canvas.patch([(0.8, collar_y), (1, collar_y), (1, ground), (0.85, ground)], PLAIN - 25)


def draw_ankle_boot(canvas: Canvas) -> None:
    """Draw a shoe with a shaft over the ankle and a heel, flat to high."""
    rng = canvas.rng
    heel = rng.choice([rng.uniform(0.08, 0.18), rng.uniform(0.25, 0.6)], p=[0.6, 0.4])
    top = -rng.uniform(0.55, 0.95) if rng.random() < 0.75 else -rng.uniform(0.0, 0.4)
    ground = 0.75
    nose = rng.uniform(0.2, 0.34)
    front = rng.uniform(-0.1, 0.15)
    heel_top = ground - heel
    boot: list[Point] = [
        (-0.95, ground - 0.04),
        (-0.97, ground - nose * 0.6),
        (-0.65, ground - nose - 0.08),
        (front - 0.12, heel_top - nose - 0.1),
        (front, max(heel_top - 0.7, top + 0.08)),
        (front + rng.uniform(-0.08, 0.08), top),
        (0.85, top + rng.uniform(-0.08, 0.08)),
        (rng.uniform(0.76, 0.84), heel_top - 0.5),
        (0.9, heel_top),
        (0.45, heel_top + 0.02),
        (-0.3, ground - 0.02),
    ]
    canvas.fill(boot, smooth=1)
    dark = PLAIN - int(rng.integers(20, 100))
    thin = rng.uniform(0.45, 0.62)
    canvas.fill(
        [(thin, heel_top - 0.06), (0.9, heel_top - 0.06), (0.86, ground), (thin + 0.04, ground)],
        ink=dark,
        smooth=0,
    )
    canvas.strap(
        [(-0.93, ground - 0.03), (-0.3, ground - 0.03), (0.3, heel_top + 0.05), (0.6, heel_top)],
        width=rng.uniform(0.06, 0.12),
        ink=dark,
        smooth=1,
    )
    kind = rng.random()
    if kind < 0.3:  # laces
        light = PLAIN + int(rng.choice([-1, 1]) * rng.integers(40, 90))
        for y in np.arange(top + 0.1, heel_top - nose, 0.17):
            canvas.seam([(front + 0.02, y), (front + 0.25, y + 0.06)], light)
    elif kind < 0.55:  # elastic at the side
        canvas.patch(
            [(0.3, top), (0.6, top), (0.5, heel_top - 0.25), (0.38, heel_top - 0.25)], dark
        )
    elif kind < 0.75:  # zip
        canvas.seam([(0.4, top), (0.42, heel_top - 0.05)], dark, width=0.05)
    if rng.random() < 0.35:
        y = heel_top - rng.uniform(0.3, 0.5)
        canvas.seam([(front - 0.1, y), (0.85, y)], PLAIN + int(rng.integers(-80, 80)), width=0.09)
    if rng.random() < 0.25:
        canvas.seam([(front, top + 0.06), (0.85, top + 0.06)], PLAIN + 50, width=0.14)
