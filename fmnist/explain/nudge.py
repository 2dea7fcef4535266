"""Nudge: the smallest change to an image that makes a network predict another class."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from cachetools import LRUCache, cached
from numpy.typing import NDArray

from fmnist.classes import CLASS_NAMES
from fmnist.explain.inside import find_model, identify
from fmnist.inference.pictures import Pool
from fmnist.keras_worker import differentiate_loss
from fmnist.runs import Run

STEPS: Final = 64
"""Largest step, in grey levels of 255: a quarter of the range, clearly visible."""

_BATCH: Final = 256
_CACHED: Final = 64


@dataclass(frozen=True)
class Nudge:
    """An image changed in increasing steps along the sign of the loss gradient (FGSM).

    Attributes:
        images: uint8 ``(STEPS + 1, 28, 28)``, with each pixel changed by 0, 1, … grey levels.
        y_proba: float32 ``(STEPS + 1, 10)``, the probabilities for each.
        smallest: the smallest step that changes the class; None if none does.
    """

    images: NDArray[np.uint8]
    y_proba: NDArray[np.float32]
    smallest: int | None


@dataclass(frozen=True)
class OnePixel:
    """The pixel whose change lowers the predicted class's probability most.

    Attributes:
        row: 0 to 27.
        column: 0 to 27.
        value: its new value: 0 or 255.
        y_proba: float32 ``(10,)``, the resulting probabilities.
        n_changing: number of the 784 pixels that change the class on their own.
    """

    row: int
    column: int
    value: int
    y_proba: NDArray[np.float32]
    n_changing: int


def compute_nudge(pool: Pool, run: Run, image: NDArray[np.uint8]) -> Nudge:
    """Apply steps of the fast gradient sign method to an image (Goodfellow et al., 2015).

    Each pixel changes by the same number of grey levels, up or down by the sign of the predicted
    class's loss gradient, clipped to 0 to 255.

    Args:
        pool: runs the network.
        run: the run whose network is used.
        image: uint8 ``(28, 28)``.

    Raises:
        InferenceError: the run has no Keras network, which gradients require.
    """
    path = find_model(run)
    predicted = int(pool.predict(run, image[None])[0].argmax())
    direction = np.sign(_load_gradient(path, image, predicted)).astype(int)
    steps = np.arange(STEPS + 1)[:, None, None]
    images = np.clip(image.astype(int) + steps * direction, 0, 255).astype(np.uint8)
    y_proba = pool.predict(run, images)
    changed = np.flatnonzero(y_proba.argmax(axis=1) != predicted)
    return Nudge(images, y_proba, int(changed[0]) if len(changed) else None)


@cached(LRUCache(_CACHED), key=identify, lock=threading.Lock())
def _load_gradient(path: Path, image: NDArray[np.uint8], label: int) -> NDArray[np.float32]:
    return differentiate_loss(path, image, label)


def describe_nudge(nudge: Nudge) -> str:
    """Return in Markdown the smallest step that changes the class, and the new class."""
    predicted = CLASS_NAMES[int(nudge.y_proba[0].argmax())]
    if nudge.smallest is None:
        return (
            f"No step of up to {STEPS} grey levels changes the answer: the network stays with "
            f"**{predicted}**."
        )
    other = CLASS_NAMES[int(nudge.y_proba[nudge.smallest].argmax())]
    levels = "1 grey level" if nudge.smallest == 1 else f"{nudge.smallest} grey levels"
    return (
        f"A step of **{levels} of 255** in each pixel is the smallest that changes the answer: "
        f"from {predicted} to **{other}**."
    )


def find_one_pixel(
    pool: Pool, run: Run, image: NDArray[np.uint8], progress: Callable[[float], object]
) -> OnePixel:
    """Return the pixel that lowers the predicted class's probability most if black or white.

    All 784 pixels are tried (Su et al., 2019, search for them by differential evolution).

    Args:
        pool: runs the network.
        run: the run whose network is used.
        image: uint8 ``(28, 28)``.
        progress: called with the fraction done, 0 to 1.
    """
    n_pixels = image.size
    tried = np.repeat(image.reshape(1, -1), 2 * n_pixels, axis=0)
    pixels, values = np.tile(np.arange(n_pixels), 2), np.repeat([0, 255], n_pixels)
    tried[np.arange(2 * n_pixels), pixels] = values
    parts = []
    for start in range(0, len(tried), _BATCH):
        parts.append(pool.predict(run, tried[start : start + _BATCH].reshape(-1, *image.shape)))
        progress(min(1.0, (start + _BATCH) / len(tried)))
    y_proba = np.concatenate(parts)
    predicted = int(pool.predict(run, image[None])[0].argmax())
    best = int(y_proba[:, predicted].argmin())
    row, column = divmod(int(pixels[best]), image.shape[1])
    n_changing = len(set(pixels[y_proba.argmax(axis=1) != predicted].tolist()))
    return OnePixel(row, column, int(values[best]), y_proba[best], n_changing)
