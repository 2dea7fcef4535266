"""Profiles of drawn shoes: a low foot, and a narrow shaft above the heel.

In the data set the toe points to the left, and a boot's shaft is hardly narrower than its foot.
"""

from __future__ import annotations

import numpy as np

from fmnist.images.compose.fit import Box
from fmnist.training.domain_augmentation.canvas import (
    COLUMNS,
    ROWS,
    TONES,
    Canvas,
    find_box,
    is_inside,
)
from fmnist.training.domain_augmentation.poses import BOOT


def redraw_profile(canvas: Canvas, label: int, rng: np.random.Generator) -> Canvas:
    """Return a boot with its instep cut out, or a lower shoe with its heel drawn up."""
    box = find_box(is_inside(canvas), min_side=8)
    if box is None:
        return canvas
    return _cut_instep(canvas, box, rng) if label == BOOT else _raise_heel(canvas, box, rng)


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
