"""Draws pictures without garments for the benchmark of outside pictures."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from PIL import Image, ImageDraw

from fmnist.images import Prepared
from fmnist.images.pipeline import prepare_picture


def make_outliers(count: int = 30) -> dict[str, list[Prepared]]:
    """Draw what is not a garment: noise, words, faces, one flat colour."""
    rng = np.random.default_rng(0)
    made: dict[str, list[np.ndarray]] = defaultdict(list)
    for _ in range(count):
        made["noise"].append(rng.integers(0, 256, (200, 200, 3)))
        made["flat colour"].append(np.full((200, 200, 3), rng.integers(0, 256, 3)))
        words, face = (Image.new("RGB", (300, 200), "white") for _ in range(2))
        letters = "".join(chr(code) for code in rng.integers(97, 123, 40))
        lines = "\n".join(letters[start : start + 10] for start in range(0, 40, 10))
        ImageDraw.Draw(words).multiline_text((20, 20), lines, fill="black", font_size=36)
        made["words"].append(np.array(words))
        pen, tone = ImageDraw.Draw(face), tuple(rng.integers(120, 230, 3).tolist())
        wide, high = int(rng.integers(50, 70)), int(rng.integers(70, 95))
        pen.ellipse((150 - wide, 100 - high, 150 + wide, 100 + high), fill=tone)
        for side in (-1, 1):
            x = 150 + side * wide // 2
            pen.ellipse((x - 9, 75, x + 9, 87), fill="black")
        pen.arc((120, 105, 180, 145), 20, 160, fill="black", width=6)
        made["faces"].append(np.array(face))
    return {
        name: [
            prepare_picture(np.dstack([rgb, np.full(rgb.shape[:2], 255)]).astype(np.uint8))
            for rgb in pictures
        ]
        for name, pictures in made.items()
    }
