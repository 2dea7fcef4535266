"""Image corruptions at five fixed severities, for measuring robustness.

As in Hendrycks & Dietterich, "Benchmarking Neural Network Robustness to Common Corruptions and
Perturbations", ICLR 2019, with severities adapted to 28×28 pixels: 1 is barely visible, 5 leaves a
person unsure. The severities are fixed so that the results of different runs are comparable.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from fmnist.classes import IMAGE_SIZE

Images = NDArray[np.uint8]
_Corrupt = Callable[[Images, float, np.random.Generator], Images]

SEVERITIES: Final = (1, 2, 3, 4, 5)
_MIDDLE: Final = (IMAGE_SIZE - 1) / 2


@dataclass(frozen=True, slots=True)
class Corruption:
    """A way to corrupt images.

    Attributes:
        title: its name on a page.
        unit: the unit of its amounts.
        amounts: the amounts at severities 1 to 5.
        corrupt: a function that corrupts images by a given amount.
    """

    title: str
    unit: str
    amounts: tuple[float, float, float, float, float]
    corrupt: _Corrupt


def corrupt_images(images: Images, name: str, severity: int, *, seed: int = 0) -> Images:
    """Return corrupted copies of images.

    Args:
        images: uint8 ``(n, 28, 28)``.
        name: a key of ``CORRUPTIONS``.
        severity: 1 to 5; 0 returns the images unchanged.
        seed: seed for noise, directions and positions; equal seeds give equal results.

    Returns:
        uint8 ``(n, 28, 28)``.
    """
    if severity == 0:
        return images
    corruption = CORRUPTIONS[name]
    # Each corruption and severity has its own random stream, independent of earlier calls.
    rng = np.random.default_rng([seed, zlib.crc32(name.encode()), severity])
    return corruption.corrupt(images, corruption.amounts[severity - 1], rng)


def _to_uint8(values: NDArray[np.floating]) -> Images:
    return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)


def _add_noise(images: Images, amount: float, rng: np.random.Generator) -> Images:
    return _to_uint8(images + rng.normal(0, amount, images.shape))


def _blur(images: Images, amount: float, _rng: np.random.Generator) -> Images:
    return np.stack([np.asarray(cv2.GaussianBlur(image, (0, 0), amount)) for image in images])


def _warp(images: Images, matrices: list[NDArray[np.float64]]) -> Images:
    size = (IMAGE_SIZE, IMAGE_SIZE)
    return np.stack(
        [
            np.asarray(cv2.warpAffine(image, matrix, size), np.uint8)
            for image, matrix in zip(images, matrices, strict=True)
        ]
    )


def _shift(images: Images, amount: float, rng: np.random.Generator) -> Images:
    angles = rng.uniform(0, 2 * np.pi, len(images))
    moves = amount * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return _warp(images, [np.array([[1, 0, x], [0, 1, y]], np.float64) for x, y in moves])


def _turn(images: Images, amount: float, rng: np.random.Generator) -> Images:
    signs = rng.choice([-1, 1], len(images))
    centre = (_MIDDLE, _MIDDLE)
    return _warp(
        images, [np.asarray(cv2.getRotationMatrix2D(centre, amount * s, 1.0)) for s in signs]
    )


def _scale(images: Images, amount: float, _rng: np.random.Generator) -> Images:
    matrix = np.asarray(cv2.getRotationMatrix2D((_MIDDLE, _MIDDLE), 0, amount))
    return _warp(images, [matrix] * len(images))


def _dim(images: Images, amount: float, _rng: np.random.Generator) -> Images:
    return _to_uint8(images * amount)


def _flatten(images: Images, amount: float, _rng: np.random.Generator) -> Images:
    return _to_uint8(127.5 + amount * (images - 127.5))


def _cover(images: Images, amount: float, rng: np.random.Generator) -> Images:
    side = int(amount)
    covered = images.copy()
    corners = rng.integers(0, IMAGE_SIZE - side + 1, (len(images), 2))
    for image, (row, column) in zip(covered, corners, strict=True):
        image[row : row + side, column : column + side] = 0
    return covered


def _compress(images: Images, amount: float, _rng: np.random.Generator) -> Images:
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(amount)]
    packed = [cv2.imencode(".jpg", image, quality)[1] for image in images]
    return np.stack([np.asarray(cv2.imdecode(each, cv2.IMREAD_GRAYSCALE)) for each in packed])


def _invert(images: Images, amount: float, _rng: np.random.Generator) -> Images:
    return _to_uint8((1 - amount) * images + amount * (255.0 - images))


CORRUPTIONS: Final[dict[str, Corruption]] = {
    "noise": Corruption(
        "Noise", "grey levels, standard deviation", (10, 20, 35, 55, 80), _add_noise
    ),
    "blur": Corruption("Blur", "pixels, standard deviation", (0.5, 0.8, 1.2, 1.6, 2.2), _blur),
    "shift": Corruption("Shift", "pixels, in any direction", (1, 2, 3, 4, 6), _shift),
    "rotation": Corruption("Rotation", "degrees, to either side", (5, 10, 18, 28, 45), _turn),
    "scale": Corruption("Scale", "of the size", (0.92, 0.84, 0.75, 0.65, 0.5), _scale),
    "brightness": Corruption("Brightness", "of the brightness", (0.8, 0.6, 0.45, 0.3, 0.15), _dim),
    "contrast": Corruption("Contrast", "of the contrast", (0.85, 0.7, 0.5, 0.35, 0.2), _flatten),
    "occlusion": Corruption("Occlusion", "pixels, side of a square", (4, 7, 10, 13, 16), _cover),
    "jpeg": Corruption("JPEG", "quality", (60, 35, 20, 10, 4), _compress),
    "inversion": Corruption("Inversion", "of the way", (0.1, 0.2, 0.35, 0.7, 1.0), _invert),
}
"""By name. No inversion is near half of the way, where nothing would be left to see."""
