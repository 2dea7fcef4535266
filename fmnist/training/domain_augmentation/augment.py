"""One training image becomes what a outlier's picture of such a garment would have led to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.classes import IMAGE_SIZE
from fmnist.images.compose.fit import compute_box, fit_image
from fmnist.training.domain_augmentation import paint, poses
from fmnist.training.domain_augmentation.canvas import (
    CLOTH,
    SIDE,
    TONES,
    Canvas,
    Mask,
    is_inside,
    spread_canvas,
    turn,
)
from fmnist.training.domain_augmentation.drawn import draw_loosely
from fmnist.training.domain_augmentation.marks import draw_marks
from fmnist.training.domain_augmentation.outliers import make_outlier
from fmnist.training.domain_augmentation.warp import warp_view

_MODES: Final = ("own", "photo", "flat", "outline")
_SHARES: Final = (0.22, 0.42, 0.04, 0.32)
"""How often an image stays almost its own, or takes the tones of a photo, a fill, an outline."""

_OUTLIER_SHARES: Final = (0.6, 0.2, 0.2)

_WIDER: Final = dict.fromkeys(poses.TOPS, 0.12) | {poses.DRESS: 0.1}
"""How much wider, as a logarithm, what lies on a floor or hangs on a wall is than in a shop."""

_TILT: Final = 5.0
_TILTED: Final = {poses.SANDAL: 12.0, poses.SNEAKER: 12.0, poses.BOOT: 10.0}
"""Standard deviations of an image's turn in degrees: garments lie and hang upright."""

_PAIR_SHARES: Final = {poses.SANDAL: 0.6, poses.SNEAKER: 0.6, poses.BOOT: 0.5}
_FEW_PAIRS: Final = 0.3  # drawn, for each that is photographed
_ABOVE_SHARES: Final = {poses.SANDAL: 0.4, poses.SNEAKER: 0.1}
_DRAWN_ABOVE: Final = {poses.SANDAL: 0.8}
"""How often a single shoe is seen from above in a photo and in a drawing, by label."""

_FLARED_SHARE: Final = 0.5  # of dresses
_WORN_SHARE: Final = 0.12
_MIDDLE: Final = (SIDE / 2, SIDE / 2)

_SPREAD_SHARES: Final = dict.fromkeys(poses.TOPS, 0.45) | {poses.TROUSER: 0.5}
_DRAWN_SPREAD: Final = dict.fromkeys(poses.TOPS, 0.75) | {poses.TROUSER: 0.85}
"""How often sleeves and legs are spread in a photo and in a drawing, by label."""

_PAINTERS: Final[dict[str, Callable[..., paint.Painted]]] = {
    "photo": paint.paint_photo,
    "flat": paint.paint_flat,
    "outline": paint.paint_outline,
}


OUTLIER: Final = -1
"""Label of what is none of the ten classes."""

_OUTLIER_SHARE: Final = 0.1

REPORTED_IMAGES: Final = 100
"""Images, about a tenth of a second, between two reports of progress."""


def augment_batch(
    images: npt.NDArray[np.uint8],
    labels: npt.NDArray[np.uint8],
    rng: np.random.Generator,
    report: Callable[[int], None] | None = None,
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int8]]:
    """Augment each image of a batch; a tenth become outliers.

    Args:
        images: uint8 ``(n, 28, 28)``.
        labels: uint8 ``(n,)``.
        rng: decides everything; the same state gives the same images.
        report: called after each ``REPORTED_IMAGES`` with their number; may raise to end the work.

    Returns:
        uint8 ``(n, 28, 28)``, and int8 ``(n,)`` with ``OUTLIER`` for what is none of the ten.
    """
    is_outlier = rng.random(len(images)) < _OUTLIER_SHARE
    augmented = []
    for image, label, outlier in zip(images, labels, is_outlier, strict=True):
        augment = augment_outlier if outlier else augment_image
        augmented.append(augment(image, int(label), rng))
        if report is not None and len(augmented) % REPORTED_IMAGES == 0:
            report(REPORTED_IMAGES)
    return np.stack(augmented), np.where(is_outlier, OUTLIER, labels.astype(np.int8))


def augment_outlier(
    image: npt.NDArray[np.uint8], label: int, rng: np.random.Generator
) -> npt.NDArray[np.uint8]:
    """Return something that is none of the ten, made from a training image or drawn."""
    canvas = make_outlier(spread_canvas(image), label, rng)
    mode = str(rng.choice(_MODES[1:], p=_OUTLIER_SHARES))
    # What is left unpainted is noise or a wall: uniform noise stands for both.
    noise = rng.integers(0, 256, image.shape, dtype=np.uint8)
    return _paint(canvas, -1, rng, mode, noise)


def augment_image(
    image: npt.NDArray[np.uint8], label: int, rng: np.random.Generator, mode: str | None = None
) -> npt.NDArray[np.uint8]:
    """Return a training image as an outside picture of such a garment would have become.

    Args:
        image: uint8 ``(28, 28)``.
        label: its class, 0–9: what has sleeves gets them spread, what comes in pairs a partner.
        rng: decides everything; the same state gives the same image.
        mode: ``"own"``, ``"photo"``, ``"flat"`` or ``"outline"``; None draws one.

    Returns:
        uint8 ``(28, 28)``; the image itself where hardly anything of it was left.
    """
    mode = mode or str(rng.choice(_MODES, p=_SHARES))
    canvas = spread_canvas(image)
    if mode == "own":
        if rng.random() < 0.5:
            return image if rng.random() < 0.5 else np.ascontiguousarray(image[:, ::-1])
        canvas = warp_view(canvas, rng, tilt=4.0, wobble=0.0)
        tones, mask = canvas[..., TONES], is_inside(canvas, CLOTH)
        return _fit(tones, mask, rng.uniform(0, 0.05), image)
    return _paint(_pose(canvas, label, rng, mode), label, rng, mode, image)


def _paint(
    canvas: Canvas, label: int, rng: np.random.Generator, mode: str, instead: npt.NDArray[np.uint8]
) -> npt.NDArray[np.uint8]:
    """Warp, paint and fit a canvas; return ``instead`` where hardly anything of it was left."""
    wider = _WIDER.get(label, 0.0) if mode == "photo" else 0.0
    wobble = rng.uniform(0, 2.0 if mode == "photo" else 4.0)
    tilt = _TILTED.get(label, _TILT)
    canvas = warp_view(canvas, rng, tilt=tilt, wobble=wobble, wider=(wider, 0.2))
    if is_inside(canvas).sum() < paint.LEAST_PIXELS:
        return instead
    keep_holes = bool(rng.random() < (0.6 if label in poses.SHOES else 0.4))
    tones, mask = _PAINTERS[mode](canvas, rng, keep_holes=keep_holes)
    fitted = _fit(tones, mask, rng.uniform(-0.02, 0.12), instead)
    return instead if fitted is instead else _blemish(fitted, rng)


def _pose(canvas: Canvas, label: int, rng: np.random.Generator, mode: str) -> Canvas:
    is_drawn = mode != "photo"
    if rng.random() < _PAIR_SHARES.get(label, 0.0) * (_FEW_PAIRS if is_drawn else 1.0):
        return poses.make_pair(canvas, label, rng)
    if rng.random() < (_DRAWN_ABOVE if is_drawn else _ABOVE_SHARES).get(label, 0.0):
        above = poses.show_from_above(canvas, label, rng)
        return turn(above, rng.choice([90, -90]) + rng.normal(0, 30), *_MIDDLE)
    if label == poses.DRESS and rng.random() < _FLARED_SHARE:
        canvas = poses.flare_skirt(canvas, rng)
    if is_drawn:
        canvas = draw_loosely(canvas, label, rng)
    if rng.random() < (_DRAWN_SPREAD if is_drawn else _SPREAD_SHARES).get(label, 0.0):
        canvas = poses.spread_limbs(canvas, label, rng)
    if is_drawn:
        return draw_marks(canvas, label, rng)
    if rng.random() < _WORN_SHARE:
        canvas = poses.add_wearer(canvas, label, rng)
    return canvas


def _fit(
    tones: npt.NDArray[np.float32], mask: Mask, margin: float, instead: npt.NDArray[np.uint8]
) -> npt.NDArray[np.uint8]:
    if mask.sum() < paint.LEAST_PIXELS:
        return instead
    return fit_image(tones, compute_box(mask), margin)


def _blemish(image: npt.NDArray[np.uint8], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Blur an eighth of the images, and cover a rectangle of an eighth."""
    if rng.random() < 0.12:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 0.7))
    if rng.random() < 0.12:
        height, width = rng.integers(2, 9, 2)
        top, left = rng.integers(0, IMAGE_SIZE - height), rng.integers(0, IMAGE_SIZE - width)
        tone = rng.uniform(0, 255) if rng.random() < 0.5 else 0
        image = image.copy()
        image[top : top + height, left : left + width] = tone
    return image
