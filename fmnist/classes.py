"""The ten classes and the shape of an image, as the data set defines them.

Source: Xiao, Rasul & Vollgraf, "Fashion-MNIST: a Novel Image Dataset for
Benchmarking Machine Learning Algorithms", 2017, table 2.
"""

from __future__ import annotations

from typing import Final

CLASS_NAMES: Final[tuple[str, ...]] = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
"""Class names in label order: the name of label ``k`` is ``CLASS_NAMES[k]``."""

N_CLASSES: Final = len(CLASS_NAMES)

OUTLIER: Final = -1
"""Label of images of none of the ten classes, in training with domain augmentation."""

IMAGE_SIZE: Final = 28
"""Height and width of an image, in pixels."""

IMAGE_SHAPE: Final = (IMAGE_SIZE, IMAGE_SIZE)

N_PIXELS: Final = IMAGE_SIZE * IMAGE_SIZE
