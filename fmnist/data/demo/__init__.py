"""The demo set: a data set drawn by the program, used if there is no other.

``clothes``, ``shoes`` and ``bags`` draw a garment on a ``canvas``; ``fabric`` shades it. Nothing is
taken from a picture: each garment consists of a few polygons and lines, varied at random.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import numpy as np

from fmnist.classes import IMAGE_SHAPE, N_CLASSES
from fmnist.data.dataset import Progress, UInt8Array

N_TRAIN: Final = 6_000
N_TEST: Final = 1_000


def compute_demo_key() -> str:
    """Return the cache key of the demo set, which changes with the code that draws it."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return f"demo-{digest.hexdigest()[:32]}"


def build_demo(progress: Progress, *, seed: int = 0) -> dict[str, UInt8Array]:
    """Draw the demo set: ``x_train`` uint8 ``(6000, 28, 28)``, ``x_test`` ``(1000, 28, 28)``.

    All classes are equally frequent in each split, in random order. Equal seeds give equal sets.
    """
    rng = np.random.default_rng(seed)
    labels = [rng.permutation(np.arange(n) % N_CLASSES) for n in (N_TRAIN, N_TEST)]
    y = np.concatenate(labels).astype(np.uint8)
    x = draw_images(y, rng, progress)
    return {
        "x_train": x[:N_TRAIN],
        "y_train": y[:N_TRAIN],
        "x_test": x[N_TRAIN:],
        "y_test": y[N_TRAIN:],
    }


def draw_images(labels: UInt8Array, rng: np.random.Generator, progress: Progress) -> UInt8Array:
    """Draw one garment for each label, uint8 ``(n, 28, 28)``."""
    # Pillow is imported here: a process that finds the set in the cache never draws.
    from fmnist.data.demo import fabric
    from fmnist.data.demo.canvas import Canvas
    from fmnist.data.demo.garments import DRAWERS

    masks = np.zeros((len(labels), *IMAGE_SHAPE), np.float32)
    inks = np.zeros_like(masks)
    for index, label in enumerate(labels):
        if index % 250 == 0:
            progress("Drawing the demo set", 0.95 * index / len(labels))
        canvas = Canvas(rng)
        DRAWERS[label](canvas)
        masks[index], inks[index] = canvas.render()
    return fabric.shade_images(masks, inks, labels, rng)
