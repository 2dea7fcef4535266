"""Random changes of training images that leave the garment what it is."""

from __future__ import annotations

import keras
from keras import layers

from fmnist.classes import IMAGE_SHAPE, IMAGE_SIZE

SHIFT_PIXELS = 2


def build_trainer(network: keras.Model, augmentation: str, seed: int) -> keras.Model:
    """Put the augmentation in front of a network, for training only.

    The result shares the network's weights, so what it learns the network has learned; what is
    saved is the network, which never augments.

    Args:
        network: takes ``(n, 28, 28, 1)``, 0–255.
        augmentation: one of ``fmnist.runs.AUGMENTATIONS``.
        seed: decides flips and shifts.
    """
    pixels = keras.Input((*IMAGE_SHAPE, 1))
    x = pixels
    if augmentation in {"flip", "flip_shift"}:
        # A left-facing shoe is a shoe; upside down it is not in the data set.
        x = layers.RandomFlip("horizontal", seed=seed)(x)
    if augmentation == "flip_shift":
        share = SHIFT_PIXELS / IMAGE_SIZE
        # Nearest: whole pixels move, nothing is blurred, and the border stays background.
        x = layers.RandomTranslation(
            share, share, fill_mode="constant", interpolation="nearest", seed=seed + 1
        )(x)
    return keras.Model(pixels, network(x), name="trainer")
