"""Reduces the size of pictures."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt


def reduce_picture(
    picture: npt.NDArray[np.uint8], side: int, how: int = cv2.INTER_AREA
) -> npt.NDArray[np.uint8]:
    """Return a picture, uint8 ``(h, w, channels)``, of at most ``side`` pixels per side.

    Args:
        picture: the picture, of any size.
        side: maximum side, in pixels.
        how: one of OpenCV's interpolation methods; averages by default.
    """
    height, width = picture.shape[:2]
    scale = min(1.0, side / max(height, width))
    shape = max(1, round(scale * width)), max(1, round(scale * height))
    return np.asarray(cv2.resize(picture, shape, interpolation=how))
