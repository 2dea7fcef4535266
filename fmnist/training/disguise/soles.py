"""Flat shoes from above: a sole as long as the shoe, with straps or laces across."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from fmnist.training.disguise.canvas import (
    CLOTH,
    COLUMNS,
    MARKS,
    ROWS,
    SIDE,
    SILHOUETTE,
    TONES,
    Canvas,
    apply_affine,
    find_box,
    is_inside,
)

_MIDDLE: Final = SIDE / 2


def lay_sole(canvas: Canvas, rng: np.random.Generator, *, has_straps: bool) -> Canvas:
    """Return the shoe seen from above, toe to the left: its length and its tones, a sole's shape.

    Args:
        canvas: a shoe from the side.
        rng: decides its width and what crosses it.
        has_straps: a sandal's straps rather than laces and an opening.
    """
    box = find_box(is_inside(canvas))
    if box is None:
        return canvas
    half = box.width / 2
    ball = box.width * rng.uniform(0.13, 0.2)
    heel = ball * rng.uniform(0.65, 0.95)
    along = np.clip((COLUMNS - _MIDDLE) / half, -1, 1)
    reach = (1 - along**2) ** 0.35 * (ball + (heel - ball) * (along + 1) / 2)
    sole = np.abs(ROWS - _MIDDLE) < reach
    wider = 2 * ball / max(box.height, 1)
    middle = (box.top + box.bottom) / 2
    right = _MIDDLE - (box.left + box.right) / 2
    matrix = np.array([[1, 0, right], [0, wider, _MIDDLE - wider * middle]])
    stretched = apply_affine(canvas, matrix)
    cloth = is_inside(stretched, CLOTH)
    tone = stretched[..., TONES][cloth].mean() if cloth.any() else 128.0
    shoe = np.zeros_like(canvas)
    shoe[..., TONES] = np.where(cloth, stretched[..., TONES], tone) * sole
    shoe[..., SILHOUETTE] = shoe[..., CLOTH] = sole
    sheet = np.zeros((SIDE, SIDE), np.uint8)
    (_draw_straps if has_straps else _draw_laces)(sheet, half, ball, rng)
    shoe[..., MARKS] = sheet * sole
    lit = shoe[..., MARKS] > 0
    shoe[lit, TONES] = np.clip(shoe[lit, TONES] + rng.normal(0, 70), 15, 255)
    return shoe


def _place(along: float, across: float, half: float, ball: float) -> tuple[int, int]:
    return round(_MIDDLE + along * half), round(_MIDDLE + across * ball)


def _draw_straps(sheet: np.ndarray, half: float, ball: float, rng: np.random.Generator) -> None:
    width = int(rng.integers(1, 5))
    if rng.random() < 0.5:  # from between the toes to either side
        toe = _place(rng.uniform(-0.6, -0.4), 0, half, ball)
        back = rng.uniform(-0.1, 0.25)
        for side in (-1, 1):
            cv2.line(sheet, toe, _place(back, side, half, ball), 1, width)
        return
    for along in rng.uniform(-0.6, 0.6, int(rng.integers(1, 4))):
        lean = rng.normal(0, 0.12)
        ends = _place(along, -1, half, ball), _place(along + lean, 1, half, ball)
        cv2.line(sheet, *ends, 1, width)


def _draw_laces(sheet: np.ndarray, half: float, ball: float, rng: np.random.Generator) -> None:
    opening = _place(rng.uniform(0.35, 0.55), 0, half, ball)
    axes = round(0.35 * half), max(2, round(0.6 * ball))
    cv2.ellipse(sheet, opening, axes, 0, 0, 360, 1, 1 if rng.random() < 0.5 else -1)
    for along in np.linspace(-0.35, 0.05, int(rng.integers(0, 6))):
        cv2.line(sheet, _place(along, -0.5, half, ball), _place(along, 0.5, half, ball), 1, 1)
