"""Turn masks and inks into grey images: base tone, roundness, pattern, creases and noise."""

from __future__ import annotations

import numpy as np

from fmnist.classes import IMAGE_SIZE
from fmnist.data.dataset import UInt8Array
from fmnist.data.demo.canvas import FloatArray

_PATTERNED = {0: 0.2, 2: 0.25, 3: 0.4, 4: 0.15, 6: 0.45, 8: 0.2}
"""Share of the garments of a label that have stripes, checks or a print; others have none."""


def shade_images(
    masks: FloatArray, inks: FloatArray, labels: UInt8Array, rng: np.random.Generator
) -> UInt8Array:
    """Return uint8 ``(n, 28, 28)`` images from float32 masks (0 to 1) and inks (-1 to 1)."""
    n = len(masks)
    base = np.where(rng.random(n) < 0.65, rng.normal(205, 25, n), rng.uniform(60, 160, n))
    base = base.astype(np.float32)[:, None, None]
    inner = _blur(masks, 3)
    roundness = 0.72 + 0.28 * np.clip(inner / np.maximum(masks, 0.05), 0, 1) ** 1.5
    rows, columns = np.mgrid[-1 : 1 : IMAGE_SIZE * 1j, -1 : 1 : IMAGE_SIZE * 1j].astype(np.float32)
    tilt = rng.normal(0, 0.07, (2, n, 1, 1)).astype(np.float32)
    light = 1 + tilt[0] * rows + tilt[1] * columns
    creases = _blur(rng.standard_normal(masks.shape, np.float32), 2)
    cloth = base * roundness * light + 80 * creases * (base / 200)
    cloth += _build_patterns(labels, rng) * rng.uniform(25, 80, (n, 1, 1))
    cloth += inks * rng.uniform(90, 150, (n, 1, 1))
    cloth += rng.standard_normal(masks.shape, np.float32) * rng.uniform(1, 12, (n, 1, 1))
    # Fabric is never entirely black: in the data set, too, dark garments stand out.
    grey = np.clip(cloth, 12, 255) * np.clip(masks, 0, 1)
    return np.where(masks > 0.06, grey, 0).round().astype(np.uint8)


def _build_patterns(labels: UInt8Array, rng: np.random.Generator) -> FloatArray:
    """Return float32 ``(n, 28, 28)`` patterns, -1 to 1, all zero for plain fabric."""
    n = len(labels)
    patterns = np.zeros((n, IMAGE_SIZE, IMAGE_SIZE), np.float32)
    chance = np.array([_PATTERNED.get(int(label), 0.0) for label in labels])
    rows, columns = np.mgrid[:IMAGE_SIZE, :IMAGE_SIZE]
    for index in np.flatnonzero(rng.random(n) < chance):
        period, phase = rng.uniform(2.5, 6), rng.uniform(0, 6)
        across = np.sign(np.sin(2 * np.pi * (rows + phase) / period))
        down = np.sign(np.sin(2 * np.pi * (columns + phase) / period))
        match rng.choice(["stripes", "checks", "print"], p=[0.35, 0.2, 0.45]):
            case "stripes":
                patterns[index] = across
            case "checks":
                patterns[index] = (across + down) / 2
            case _:
                blotches = _blur(rng.standard_normal((1, IMAGE_SIZE, IMAGE_SIZE), np.float32), 1)[0]
                patterns[index] = np.clip(blotches * 3, -1, 1)
    return patterns


def _blur(images: FloatArray, radius: int) -> FloatArray:
    """Return each image averaged over squares of ``2 * radius + 1`` pixels, zeros around it."""
    side = 2 * radius + 1
    padded = np.pad(images, ((0, 0), (radius + 1, radius), (radius + 1, radius)))
    sums = padded.cumsum(1).cumsum(2)
    total = (
        sums[:, side:, side:]
        - sums[:, :-side, side:]
        - sums[:, side:, :-side]
        + sums[:, :-side, :-side]
    )
    return np.asarray(total / side**2, np.float32)
