"""Garments drawn as 28×28 silhouettes, for domain augmentation."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def draw(points: list[tuple[int, int]], tone: int = 160) -> np.ndarray:
    image = Image.new("L", (28, 28))
    ImageDraw.Draw(image).polygon(points, fill=tone)
    return np.array(image)


SLEEVES_DOWN = draw([(8, 0), (19, 0), (25, 5), (27, 26), (22, 26), (21, 8), (21, 27), (6, 27),
                     (6, 8), (5, 26), (0, 26), (2, 5)])  # fmt: skip
LEGS = draw([(9, 0), (18, 0), (20, 27), (15, 27), (13, 8), (12, 27), (7, 27)])
SHOE = draw([(0, 22), (0, 15), (10, 12), (20, 6), (27, 6), (27, 22)])
