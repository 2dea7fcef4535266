"""What the augmentation's layers return: run in a separate process, arrays go in and out."""

from __future__ import annotations

import numpy as np


def augment(augmentation: str, images: np.ndarray, seed: int) -> np.ndarray:
    """Return images as a network sees them in training."""
    import keras

    from fmnist.training.augmentation import build_augmentation

    seen = keras.ops.convert_to_tensor(images)
    for layer in build_augmentation(augmentation, seed):
        seen = layer(seen, training=True)
    return np.asarray(seen)


def find_unknown(augmentations: list[str]) -> list[str]:
    """Return the refused names."""
    from fmnist.training.augmentation import build_augmentation

    refused = []
    for name in augmentations:
        try:
            build_augmentation(name, 0)
        except ValueError:
            refused.append(name)
    return refused
