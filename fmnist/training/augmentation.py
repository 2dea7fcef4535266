"""Random label-preserving changes to training images.

Keras' RandomTranslation and RandomErasing are slower. For 128 images, flip and shift take 2.2 ms
here and 4.7 ms there, flip and erasing 3.6 and 4.8, all three 5.4 and 8.4; flips alone take 2.2 and
1.8 (fastest of 40 alternating calls on two cores, Xeon 2.5 GHz with AVX512-VNNI: ``python -m
benchmarks.layer_speed --augmentation NAME``). Besides, recorded runs can be repeated only with
these random draws.
"""

from __future__ import annotations

import math
from typing import Any, Final

import keras
from keras import ops

from fmnist.classes import IMAGE_SIZE

SHIFT_PIXELS: Final = 2
CROP_PIXELS: Final = 4
CUTOUT_SIZE: Final = 14
"""Maximum shift of a crop and side of the square, as usual for small images (DeVries & Taylor
2017)."""

ERASE_PROBABILITY: Final = 0.5
ERASE_AREA: Final = (0.02, 0.4)
ERASE_RATIO: Final = (0.3, 1 / 0.3)
"""Fraction of the image that is erased, and aspect ratio of the rectangle (Zhong et al. 2020)."""


_PARTS: Final = frozenset({"none", "outside", "flip", "shift", "crop", "erase", "cutout"})
"""The parts of an augmentation's name, joined by underscores. ``outside`` needs no layer, because
its batches are augmented before the network (``domain_augmentation/``)."""


class RandomFlipShift(keras.layers.Layer):  # type: ignore[misc]
    """Mirrors half of the images left-right and shifts all by whole pixels, filling with 0.

    Each is a product with a matrix of zeros and ones on one side of the image: no general affine
    transform, no interpolation.

    Args:
        shift: maximum shift in each direction, in pixels; 0 only mirrors.
        seed: determines both.
    """

    def __init__(self, shift: int, seed: int) -> None:
        super().__init__(dtype="float32")
        self._shift = shift
        self._random = keras.random.SeedGenerator(seed)

    def call(self, images: Any, training: bool | None = None) -> Any:
        """Return augmented images, float32 ``(n, 28, 28, 1)``; unchanged outside training."""
        if not training:
            return images
        n = ops.shape(images)[0]
        places = ops.arange(IMAGE_SIZE, dtype="float32")
        mirror = keras.random.uniform((n, 1), seed=self._random) < 0.5
        columns = ops.where(mirror, IMAGE_SIZE - 1 - places, places)  # (n, 28)
        rows = ops.broadcast_to(places, (n, IMAGE_SIZE))
        if self._shift:
            reach = self._shift + 0.5
            moves = keras.random.uniform((n, 2), -reach, reach, seed=self._random)
            moves = ops.clip(ops.round(moves), -self._shift, self._shift)
            rows, columns = rows + moves[:, :1], columns + moves[:, 1:]
        # (n, new position, old position); outside the image, 0.
        take_rows = ops.cast(ops.equal(rows[:, :, None], places), "float32")
        take_columns = ops.cast(ops.equal(columns[:, :, None], places), "float32")
        changed = ops.matmul(take_rows, images[..., 0])
        changed = ops.matmul(changed, ops.transpose(take_columns, (0, 2, 1)))
        return changed[..., None]


class RandomErasing(keras.layers.Layer):  # type: ignore[misc]
    """Fills a random rectangle of half of the images with noise (Zhong et al. 2020).

    Since no part is always visible, predictions can't depend on a single one.

    Args:
        seed: determines the images, positions and noise.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(dtype="float32")
        self._random = keras.random.SeedGenerator(seed)

    def call(self, images: Any, training: bool | None = None) -> Any:
        """Return augmented images, float32 ``(n, 28, 28, 1)``; unchanged outside training."""
        if not training:
            return images
        n = ops.shape(images)[0]

        def draw(low: float = 0.0, high: float = 1.0) -> Any:
            return keras.random.uniform((n, 1), low, high, seed=self._random)

        area = draw(*ERASE_AREA) * IMAGE_SIZE**2
        ratio = ops.exp(draw(*(math.log(ratio) for ratio in ERASE_RATIO)))
        height = ops.minimum(ops.sqrt(area * ratio), float(IMAGE_SIZE))
        width = ops.minimum(ops.sqrt(area / ratio), float(IMAGE_SIZE))
        top, left = draw() * (IMAGE_SIZE - height), draw() * (IMAGE_SIZE - width)
        places = ops.arange(IMAGE_SIZE, dtype="float32") + 0.5
        in_rows = (places > top) & (places < top + height)  # (n, 28)
        in_columns = (places > left) & (places < left + width)
        chosen = (draw() < ERASE_PROBABILITY)[:, :, None]
        inside = (in_rows[:, :, None] & in_columns[:, None, :] & chosen)[..., None]
        noise = keras.random.uniform(ops.shape(images), 0.0, 255.0, seed=self._random)
        return ops.where(inside, noise, images)


class Cutout(keras.layers.Layer):  # type: ignore[misc]
    """Covers a square of each image with background (DeVries & Taylor 2017).

    Its centre may be any pixel, so part of the square may lie outside the image.

    Args:
        size: side of the square, in pixels; even.
        seed: determines the positions.
    """

    def __init__(self, size: int, seed: int) -> None:
        super().__init__(dtype="float32")
        self._size = size
        self._random = keras.random.SeedGenerator(seed)

    def call(self, images: Any, training: bool | None = None) -> Any:
        """Return augmented images, float32 ``(n, 28, 28, 1)``; unchanged outside training."""
        if not training:
            return images
        shape = (2, ops.shape(images)[0], 1)
        centres = keras.random.uniform(shape, 0.0, IMAGE_SIZE, seed=self._random)
        first = ops.floor(centres) - self._size // 2
        places = ops.arange(IMAGE_SIZE, dtype="float32")
        inside = (places >= first) & (places < first + self._size)  # rows, then columns: (2, n, 28)
        covered = (inside[0][:, :, None] & inside[1][:, None, :])[..., None]
        return ops.where(covered, 0.0, images)


def build_augmentation(name: str, seed: int) -> list[keras.layers.Layer]:
    """Build the layers listed in an augmentation's name, in order.

    Args:
        name: one of the choices of the setting ``augmentation``.
        seed: determines all their randomness.

    Raises:
        ValueError: a part of the name has no layer here.
    """
    parts = set(name.split("_"))
    if unknown := parts - _PARTS:
        raise ValueError(f"no layer for {', '.join(sorted(unknown))} of {name}")
    layers: list[keras.layers.Layer] = []
    # A mirrored shoe is a valid item; the data set has none upside down.
    if "crop" in parts:
        layers.append(RandomFlipShift(CROP_PIXELS, seed))
    elif "flip" in parts:
        layers.append(RandomFlipShift(SHIFT_PIXELS if "shift" in parts else 0, seed))
    if "erase" in parts:
        layers.append(RandomErasing(seed + 1))
    if "cutout" in parts:
        layers.append(Cutout(CUTOUT_SIZE, seed + 1))
    return layers
