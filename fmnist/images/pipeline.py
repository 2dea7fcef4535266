"""The whole path from an RGBA picture to one 28×28 image, each step kept for the page."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from fmnist.classes import IMAGE_SHAPE
from fmnist.errors import ImageError
from fmnist.images.compose.fit import Box, compute_box, fit_image, to_pixels
from fmnist.images.drawing.kind import compute_kind
from fmnist.images.native import match_data_set
from fmnist.images.records import Kind, Mask, Overrides, Pixels, Prepared, Step
from fmnist.images.segment import ground
from fmnist.images.segment.frames import compute_unframed
from fmnist.images.segment.segmentation import read_drawing, read_photo

WORKING_SIDE: Final = 192
"""Longest side on which the garment is looked for; nearly seven times what the network sees."""

MARGINS: Final = (0.0, 0.08)
"""Shares left free around the garment: the data set's own, and that of a mask found too tight."""

_SMALL_SHARE: Final = 0.003
_LOW_CONTRAST: Final = 30.0
_LEAST_BOX: Final = 8  # pixels; a smaller box was a slip of the hand


def prepare_picture(
    rgba: Pixels,
    kind: Literal["auto", "photo", "drawing"] = "auto",
    overrides: Overrides = Overrides(),  # noqa: B008 - it is frozen
) -> Prepared:
    """Turn a picture into an image like the data set's: light on dark, cropped, centred, 28×28.

    A picture that is such an image already (28×28, grey, a garment that fills it on black, or
    on white as its negative) is taken as it is. Everything else goes through the steps of Xiao,
    Rasul & Vollgraf, 2017, section 2: trim, longest side to 28 pixels, centre, negate, after
    the garment has been told from its background.

    Args:
        rgba: uint8 ``(h, w, 4)``, as ``decode_picture`` returns it.
        kind: How to read it; ``"auto"`` asks ``compute_kind``.
        overrides: What a person wants otherwise.

    Returns:
        The image, uint8 ``(28, 28)``, with its variants and the steps that led to it and, where
        there is reason, a warning. The same picture always gives the same result.

    Raises:
        ImageError: ``rgba`` is not such an array, or ``kind`` is none of the three.
    """
    if rgba.ndim != 3 or rgba.shape[2] != 4 or rgba.dtype != np.uint8 or 0 in rgba.shape:
        raise ImageError(
            f"A picture must be uint8 of shape (height, width, 4), not {rgba.dtype} {rgba.shape}:"
            " decode_picture returns it so."
        )
    if kind not in ("auto", "photo", "drawing"):
        raise ImageError(f"Unknown kind {kind!r}: choose auto, photo or drawing.")
    rgb, plain = ground.compute_on_ground(_reduce(_cut(rgba, overrides.box)))
    sentence = "The picture as given, only scaled."
    if overrides.box is not None:
        sentence = "The part inside the box, only scaled."
    if plain is not None:
        name = {255: "white", 0: "black", 128: "grey"}[plain]
        sentence = f"Laid on {name}, which stands out best from what is not transparent."
    steps = [Step("As given", rgb, sentence, _fit_whole(ground.compute_grey(rgb)))]
    ready = match_data_set(rgb)
    if ready is not None:
        sentence = "Already an image like the data set's: taken as it is."
        steps.append(Step("Image", ready, sentence, ready))
        found: Kind = "photo" if kind == "auto" else kind
        return Prepared(ready, ready[None], tuple(steps), found, None, (0.0, 0.0, 28.0))
    inside, contrast, corner = compute_unframed(rgb)
    if inside is not rgb:
        image = _fit_whole(ground.compute_grey(inside))
        steps.append(Step("Unframed", inside, "The plain frame around it taken off.", image))
    found = compute_kind(inside, contrast) if kind == "auto" else kind
    prepared = _follow_path(inside, contrast, found, overrides, steps)
    top, left, side = prepared.frame
    return replace(prepared, frame=(top + corner[0], left + corner[1], side))


def _follow_path(
    rgb: Pixels,
    contrast: npt.NDArray[np.float32],
    kind: Kind,
    overrides: Overrides,
    steps: list[Step],
) -> Prepared:
    light, sentence = _turn_light(ground.compute_grey(rgb), contrast, overrides.polarity)
    steps.append(Step("Light on dark", to_pixels(light), sentence, _fit_whole(light)))
    read = read_photo if kind == "photo" else read_drawing
    reading = read(rgb, light, contrast, overrides)
    if reading is None:
        image = np.zeros(IMAGE_SHAPE, dtype=np.uint8)
        steps.append(Step("Image", image, "Nothing stands out from the background.", image))
        blank = "There is nothing to see: the picture is one flat tone."
        side = float(max(light.shape))
        return Prepared(image, image[None], tuple(steps), kind, blank, (0.0, 0.0, side))
    mask, only = reading.mask, np.where(reading.mask, light, np.float32(0))
    picture = np.where(mask[..., None], rgb, np.uint8(0))
    steps.append(Step("Garment", picture, reading.found, _fit_whole(only)))
    box = compute_box(mask) if overrides.crop else Box(0, mask.shape[0], 0, mask.shape[1])
    if overrides.crop:
        size = f"{box.width} × {box.height}"
        sentence = f"Cut to the garment, {size} pixels; the longest side will be 28."
        cut = only[box.top : box.bottom, box.left : box.right]
        steps.append(Step("Crop", to_pixels(cut), sentence, fit_image(only, box)))
    looks = [reading.tones] if reading.bare is None else [reading.tones, reading.bare]
    variants = np.stack([fit_image(look, box, m) for look in looks for m in MARGINS])
    if not variants[0].any():  # a speck so small that scaling lost it
        variants[0] = fit_image(np.where(mask, np.float32(255), np.float32(0)), compute_box(mask))
    if overrides.tones:
        toned = reading.tones[box.top : box.bottom, box.left : box.right]
        steps.append(Step("Tones", to_pixels(toned), reading.toned, variants[0]))
    sentence = "Centred on black, 28 × 28: what the network sees."
    steps.append(Step("Image", variants[0], sentence, variants[0]))
    warning = _find_warning(mask, float(contrast[mask].mean()))
    side = max(box.height, box.width)
    frame = ((box.top + box.bottom - side) / 2, (box.left + box.right - side) / 2, float(side))
    masks = reading.candidates
    return Prepared(variants[0], variants, tuple(steps), kind, warning, frame, masks)


def _turn_light(
    grey: npt.NDArray[np.float32], contrast: npt.NDArray[np.float32], polarity: str
) -> tuple[npt.NDArray[np.float32], str]:
    """Negate the picture, unless it lies on plain black or a person wants it kept."""
    if polarity == "auto":
        polarity = "keep" if ground.is_plain_black(grey, contrast) else "negate"
    if polarity == "keep":
        return grey, "Grey, and kept light on dark."
    return 255.0 - grey, "Grey, and negated, as the data set's own photos were."


def _find_warning(mask: Mask, contrast: float) -> str | None:
    if mask.mean() < _SMALL_SHARE:
        return "The subject is very small in the picture: come closer or crop it."
    if contrast < _LOW_CONTRAST:
        return "Hardly any contrast with the background: the silhouette may be wrong."
    return None


def _cut(rgba: Pixels, box: tuple[float, float, float, float] | None) -> Pixels:
    if box is None:
        return rgba
    height, width = rgba.shape[:2]
    left, top, right, bottom = box
    columns = slice(max(0, round(left * width)), round(right * width))
    rows = slice(max(0, round(top * height)), round(bottom * height))
    part = rgba[rows, columns]
    return part if min(part.shape[:2]) >= min(_LEAST_BOX, height, width) else rgba


def _reduce(rgba: Pixels) -> Pixels:
    if max(rgba.shape[:2]) <= WORKING_SIDE:
        return rgba
    picture = Image.fromarray(rgba)
    picture.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BOX, reducing_gap=None)
    return np.array(picture)


def _fit_whole(grey: npt.NDArray[np.float32]) -> Pixels:
    return fit_image(grey, Box(0, grey.shape[0], 0, grey.shape[1]))
