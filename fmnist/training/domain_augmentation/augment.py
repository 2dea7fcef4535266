"""Turns a training image into what an outside picture of such a garment looks like at 28×28."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.classes import IMAGE_SIZE, OUTLIER
from fmnist.images.compose.fit import compute_box, fit_image
from fmnist.training.domain_augmentation import paint, poses
from fmnist.training.domain_augmentation.canvas import (
    CLOTH,
    TONES,
    Canvas,
    Mask,
    is_inside,
    spread_canvas,
)
from fmnist.training.domain_augmentation.outliers import build_outlier
from fmnist.training.domain_augmentation.posing import pose_garment
from fmnist.training.domain_augmentation.warp import warp_view

_MODES: Final = ("own", "photo", "flat", "outline")
"""How an image is painted: almost unchanged, with a photo's tones, filled flat, or as an
outline."""

REPORTED_IMAGES: Final = 100
"""Images between two progress reports, about a tenth of a second."""


@dataclass(frozen=True, slots=True)
class AugmentationParameters:
    """How often an image is painted in each way.

    Attributes:
        outlier_share: share of a batch's images that become outliers.
        mode_shares: shares of ``own``, ``photo``, ``flat`` and ``outline``.
        outlier_mode_shares: shares of ``photo``, ``flat`` and ``outline`` among outliers.
        unchanged_share: share of the images in mode ``own`` that are at most mirrored.
        own_tilt: standard deviation of the rotation in mode ``own``, in degrees.
        own_margin: range of the margin in mode ``own``, a share of the image's side.
        wider: mean logarithm of a photographed garment's width relative to the data set's, where
            clothes hang straight, by label; 0 for other labels.
        stretch: standard deviation of that logarithm; ``shoe_stretch`` of drawn shoes, which differ
            in their height.
        shoe_stretch: likewise.
        wobble: largest displacement of a photo's and of a drawing's edge, in canvas pixels.
        tilt: standard deviation of the rotation, in degrees; ``tilts`` by label.
        tilts: the same for photographed shoes, by label, which neither lie nor hang upright.
        hole_share: share of garments whose holes stay open; ``shoe_hole_share`` of shoes.
        shoe_hole_share: likewise.
        margin: range of the margin around the garment, a share of the image's side.
        blur_share: share of the images that are blurred.
        blur: range of that blur's standard deviation, in image pixels.
        cover_share: share of the images with a rectangle covered.
        cover_side: range of the rectangle's sides, in image pixels, the upper end excluded.
    """

    outlier_share: float = 0.13
    mode_shares: tuple[float, ...] = (0.16, 0.38, 0.04, 0.42)
    outlier_mode_shares: tuple[float, ...] = (0.6, 0.2, 0.2)
    unchanged_share: float = 0.5
    own_tilt: float = 4.0
    own_margin: tuple[float, float] = (0, 0.05)
    wider: Mapping[int, float] = field(
        default_factory=lambda: dict.fromkeys(poses.TOPS, 0.12) | {poses.DRESS: 0.1}
    )
    stretch: float = 0.2
    shoe_stretch: float = 0.1
    wobble: tuple[float, float] = (2.0, 4.0)
    tilt: float = 5.0
    tilts: Mapping[int, float] = field(
        default_factory=lambda: {poses.SANDAL: 12.0, poses.SNEAKER: 12.0, poses.BOOT: 10.0}
    )
    hole_share: float = 0.4
    shoe_hole_share: float = 0.6
    margin: tuple[float, float] = (-0.02, 0.12)
    blur_share: float = 0.12
    blur: tuple[float, float] = (0.3, 0.7)
    cover_share: float = 0.12
    cover_side: tuple[int, int] = (2, 9)


PARAMETERS: Final = AugmentationParameters()

_PAINTERS: Final[dict[str, Callable[..., paint.Painted]]] = {
    "photo": paint.paint_photo,
    "flat": paint.paint_flat,
    "outline": paint.paint_outline,
}


def augment_batch(
    images: npt.NDArray[np.uint8],
    labels: npt.NDArray[np.uint8],
    rng: np.random.Generator,
    report: Callable[[int], None] | None = None,
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int8]]:
    """Augment each image of a batch; about an eighth become outliers.

    Args:
        images: uint8 ``(n, 28, 28)``.
        labels: uint8 ``(n,)``.
        rng: the source of all randomness; equal states give equal images.
        report: called after each ``REPORTED_IMAGES`` with their number; may raise an error to end
            the work.

    Returns:
        uint8 ``(n, 28, 28)``, and int8 labels ``(n,)``, with ``OUTLIER`` for images of none of the
        ten classes.
    """
    is_outlier = rng.random(len(images)) < PARAMETERS.outlier_share
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
    """Return an outlier, made from a training image or drawn."""
    canvas = build_outlier(spread_canvas(image), label, rng)
    mode = str(rng.choice(_MODES[1:], p=PARAMETERS.outlier_mode_shares))
    # Uniform noise represents whatever is left unpainted: noise or a wall.
    noise = rng.integers(0, 256, image.shape, dtype=np.uint8)
    return _paint(canvas, -1, rng, mode, noise)


def augment_image(
    image: npt.NDArray[np.uint8], label: int, rng: np.random.Generator, mode: str | None = None
) -> npt.NDArray[np.uint8]:
    """Return a training image changed to look like an outside picture at 28×28.

    Args:
        image: uint8 ``(28, 28)``.
        label: its class, 0–9; sleeves are spread, and shoes may be paired.
        rng: the source of all randomness; equal states give equal images.
        mode: ``"own"``, ``"photo"``, ``"flat"`` or ``"outline"``; None draws one.

    Returns:
        uint8 ``(28, 28)``; the unchanged image if hardly anything of it would remain.
    """
    mode = mode or str(rng.choice(_MODES, p=PARAMETERS.mode_shares))
    canvas = spread_canvas(image)
    if mode == "own":
        if rng.random() < PARAMETERS.unchanged_share:
            return image if rng.random() < 0.5 else np.ascontiguousarray(image[:, ::-1])
        canvas = warp_view(canvas, rng, tilt=PARAMETERS.own_tilt, wobble=0.0)
        tones, mask = canvas[..., TONES], is_inside(canvas, CLOTH)
        return _fit(tones, mask, rng.uniform(*PARAMETERS.own_margin), image)
    posed = pose_garment(canvas, label, rng, is_drawn=mode != "photo")
    return _paint(posed, label, rng, mode, image)


def _paint(
    canvas: Canvas, label: int, rng: np.random.Generator, mode: str, instead: npt.NDArray[np.uint8]
) -> npt.NDArray[np.uint8]:
    """Warp, paint and fit a canvas; return ``instead`` if hardly anything of it remains."""
    is_shoe, is_drawn = label in poses.SHOES, mode != "photo"
    wider = 0.0 if is_drawn else PARAMETERS.wider.get(label, 0.0)
    wobble = rng.uniform(0, PARAMETERS.wobble[is_drawn])
    tilt = PARAMETERS.tilt if is_drawn else PARAMETERS.tilts.get(label, PARAMETERS.tilt)
    spread = PARAMETERS.shoe_stretch if is_drawn and is_shoe else PARAMETERS.stretch
    stretch = wider, spread
    canvas = warp_view(canvas, rng, tilt=tilt, wobble=wobble, wider=stretch)
    if is_inside(canvas).sum() < paint.LEAST_PIXELS:
        return instead
    share = PARAMETERS.shoe_hole_share if is_shoe else PARAMETERS.hole_share
    keep_holes = bool(rng.random() < share)
    tones, mask = _PAINTERS[mode](canvas, rng, keep_holes=keep_holes)
    fitted = _fit(tones, mask, rng.uniform(*PARAMETERS.margin), instead)
    return instead if fitted is instead else _blemish(fitted, rng)


def _fit(
    tones: npt.NDArray[np.float32], mask: Mask, margin: float, instead: npt.NDArray[np.uint8]
) -> npt.NDArray[np.uint8]:
    if mask.sum() < paint.LEAST_PIXELS:
        return instead
    return fit_image(tones, compute_box(mask), margin)


def _blemish(image: npt.NDArray[np.uint8], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Blur some images, and cover a rectangle of others."""
    if rng.random() < PARAMETERS.blur_share:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(*PARAMETERS.blur))
    if rng.random() < PARAMETERS.cover_share:
        height, width = rng.integers(*PARAMETERS.cover_side, 2)
        top, left = rng.integers(0, IMAGE_SIZE - height), rng.integers(0, IMAGE_SIZE - width)
        tone = rng.uniform(0, 255) if rng.random() < 0.5 else 0
        image = image.copy()
        image[top : top + height, left : left + width] = tone
    return image
