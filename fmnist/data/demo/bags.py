"""Draw bags: totes, satchels, clutches, with handles or a long strap."""

from __future__ import annotations

from fmnist.data.demo.canvas import PLAIN, Canvas, Point, mirror


def draw_bag(canvas: Canvas) -> None:
    """Draw a body, square, trapezoid or round, with a handle, a strap or neither, and a flap."""
    rng = canvas.rng
    kind = rng.choice(["tote", "satchel", "clutch", "pouch"], p=[0.35, 0.35, 0.12, 0.18])
    light = PLAIN + int(rng.integers(20, 70))
    dark = PLAIN - int(rng.integers(40, 110))
    upper, lower = rng.uniform(0.6, 0.95), rng.uniform(0.6, 0.95)
    top, bottom = (
        (rng.uniform(-0.25, 0.0), rng.uniform(0.75, 0.95))
        if kind != "clutch"
        else (rng.uniform(-0.55, -0.35), rng.uniform(0.35, 0.6))
    )
    if kind == "pouch":
        upper *= 0.7
    half: list[Point] = [(0, top), (upper, top), (lower, (top + bottom) / 2), (lower, bottom)]
    canvas.fill(mirror([*half, (0, bottom)]), smooth=2 if kind == "pouch" else 1)
    if kind in {"tote", "satchel"} or rng.random() < 0.7:
        _draw_handle(canvas, reach=upper * rng.uniform(0.4, 0.85), top=top, tall=kind != "satchel")
    if kind in {"satchel", "clutch"} and rng.random() < 0.75:
        edge = top + (bottom - top) * rng.uniform(0.35, 0.65)
        canvas.seam([(-upper, edge), (0, edge + rng.uniform(0, 0.2)), (upper, edge)], dark)
        canvas.patch(
            [(-0.08, edge), (0.08, edge), (0.08, edge + 0.18), (-0.08, edge + 0.18)], light
        )
    else:
        canvas.seam([(-upper, top + 0.08), (upper, top + 0.08)], dark, width=0.06)
    if rng.random() < 0.35:
        for side in (-1, 1):
            canvas.seam([(side * upper * 0.5, top), (side * upper * 0.5, bottom)], dark, width=0.07)
    if rng.random() < 0.25:
        canvas.patch([(-1, bottom - 0.3), (1, bottom - 0.3), (1, bottom), (-1, bottom)], dark)


def _draw_handle(canvas: Canvas, *, reach: float, top: float, tall: bool) -> None:
    rng = canvas.rng
    peak = rng.uniform(-1.15, -0.8) if tall else rng.uniform(top - 0.45, top - 0.2)
    width = rng.uniform(0.06, 0.13)
    ink = PLAIN - int(rng.integers(0, 50))
    canvas.strap(
        [(-reach, top + 0.1), (-reach * 0.9, peak), (reach * 0.9, peak), (reach, top + 0.1)],
        width=width,
        ink=ink,
    )
    if rng.random() < 0.4:
        shift = rng.uniform(0.05, 0.12)
        canvas.strap(
            [
                (-reach + shift, top + 0.1),
                (-reach * 0.8 + shift, peak + shift),
                (reach * 0.8 + shift, peak + shift),
                (reach + shift, top + 0.1),
            ],
            width=width * 0.8,
            ink=ink - 25,
        )
