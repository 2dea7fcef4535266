"""The whole pipeline from an RGBA picture to one 28×28 image, each step kept for the page."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from fmnist.classes import IMAGE_SHAPE, IMAGE_SIZE
from fmnist.errors import ImageError
from fmnist.images.compose.fit import Box, compute_box, fit_image, to_pixels
from fmnist.images.drawing.kind import compute_kind
from fmnist.images.native import is_zero_or_one, match_data_set
from fmnist.images.part import Place, cut_box, cut_to_plot, reduce_part
from fmnist.images.records import (
    Kind,
    Mask,
    Overrides,
    Pixels,
    Prepared,
    Step,
    WayOfReading,
)
from fmnist.images.segment import ground
from fmnist.images.segment.figures import find_figure
from fmnist.images.segment.frames import compute_unframed
from fmnist.images.segment.score import find_fault
from fmnist.images.segment.segmentation import segment_drawing, segment_photo

MARGINS: Final = (0.0, 0.08)
"""Shares left free around the garment: the data set's own, and one for a mask that is too tight;
of a photo, each with a mask of its own."""

_BINARY: Final = (
    "The file holds only the values 0 and 1, so its shades are lost: multiply values between 0"
    " and 1 by 255 before saving them."
)
_SMALL_SHARE: Final = 0.003
_LOW_CONTRAST: Final = 30.0


def prepare_picture(
    rgba: Pixels,
    kind: WayOfReading = "auto",
    overrides: Overrides = Overrides(),  # noqa: B008 - it is frozen
) -> Prepared:
    """Turn a picture into an image like the data set's: light on dark, cropped, centred, 28×28.

    A picture that already is such an image (28×28, grey, filled by a garment on black, or on
    white as its negative) is used unchanged, and so is one that a figure shows, enlarged and
    in whatever colour map. Everything else goes through the steps of Xiao,
    Rasul & Vollgraf, 2017, section 2: trim, longest side to 28 pixels, centre, negate, after
    the garment has been separated from its background.

    Args:
        rgba: uint8 ``(h, w, 4)``, as ``decode_picture`` returns it.
        kind: How to segment it; ``"auto"`` asks ``compute_kind``.
        overrides: What a person decides instead of the pipeline.

    Returns:
        The image, uint8 ``(28, 28)``, with its variants, the steps that led to it and, where
        there is a reason for one, a warning. The same picture always gives the same result.

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
    is_binary = is_zero_or_one(rgba)
    if is_binary:
        rgba = np.where(rgba == 1, np.uint8(255), rgba)
    part = cut_box(rgba, overrides.box)
    rgb, plain = ground.compute_on_ground(reduce_part(part))
    sentence = "The picture as given, only scaled."
    if overrides.box is not None:
        sentence = "The part inside the box, only scaled."
    if is_binary:
        sentence += " Its values 0 and 1 are shown as black and white."
    if plain is not None:
        name = {255: "white", 0: "black", 128: "grey"}[plain]
        sentence = f"Laid on {name}, which contrasts best with what is not transparent."
    steps = [Step("given", "As given", rgb, sentence, _fit_whole(ground.compute_grey(rgb)))]
    native = match_data_set(rgb)
    found: Kind = "photo" if kind == "auto" else kind
    if native is not None:
        sentence = "Already an image like the data set's: used unchanged."
        steps.append(Step("image", "Image", native, sentence, native))
        frame = (0.0, 0.0, float(IMAGE_SIZE))
        return Prepared(native, native[None], tuple(steps), found, None, frame, is_native=True)
    # On the picture before it is reduced: cells are seen there only.
    figure = find_figure(ground.compute_on_ground(part)[0]) if overrides.find else None
    place = Place()
    if figure is not None:
        rgb, place = cut_to_plot(part, figure.box, len(rgb))
        sentence = "The image that the figure shows, without what surrounds it."
        image = _fit_whole(ground.compute_grey(rgb)) if figure.image is None else figure.image
        steps.append(Step("figure", "Figure", rgb, sentence, image))
    if figure is not None and figure.image is not None:
        sentence = "Its 28×28 cells, with the colour map inverted: what the network sees."
        steps.append(Step("image", "Image", figure.image, sentence, figure.image))
        return Prepared(
            figure.image,
            figure.image[None],
            tuple(steps),
            found,
            figure.doubt,
            place.locate((0.0, 0.0, float(max(rgb.shape[:2])))),
            is_native=True,
            is_uncertain=figure.doubt is not None,
        )
    inside, contrast, corner = compute_unframed(rgb)
    if inside is not rgb:
        image = _fit_whole(ground.compute_grey(inside))
        steps.append(Step("unframed", "Unframed", inside, "Without its plain frame.", image))
    if overrides.point is not None:
        point = place.find(overrides.point, steps[0].picture, inside, corner)
        overrides = replace(overrides, point=point)
    found = compute_kind(inside, contrast) if kind == "auto" else kind
    prepared = _segment_and_compose(inside, contrast, found, overrides, steps)
    top, left, side = prepared.frame
    prepared = replace(prepared, frame=place.locate((top + corner[0], left + corner[1], side)))
    if figure is not None:
        return replace(prepared, warning=figure.doubt, is_uncertain=True)
    return replace(prepared, warning=_BINARY) if is_binary else prepared


def _segment_and_compose(
    rgb: Pixels,
    contrast: npt.NDArray[np.float32],
    kind: Kind,
    overrides: Overrides,
    steps: list[Step],
) -> Prepared:
    light, sentence = _turn_light(ground.compute_grey(rgb), contrast, overrides.polarity)
    steps.append(Step("light", "Light on dark", to_pixels(light), sentence, _fit_whole(light)))
    segment = segment_photo if kind == "photo" else segment_drawing
    segmentation = segment(rgb, light, contrast, overrides)
    if segmentation is None:
        image = np.zeros(IMAGE_SHAPE, dtype=np.uint8)
        steps.append(Step("image", "Image", image, "Nothing differs from the background.", image))
        blank = "There is nothing to see: the picture is one flat tone."
        side = float(max(light.shape))
        return Prepared(image, image[None], tuple(steps), kind, blank, (0.0, 0.0, side))
    mask = segmentation.mask
    only = np.where(mask, light, np.float32(0))
    picture = np.where(mask[..., None], rgb, np.uint8(0))
    steps.append(Step("garment", "Garment", picture, segmentation.found, _fit_whole(only)))
    box = compute_box(mask) if overrides.crop else Box(0, mask.shape[0], 0, mask.shape[1])
    if overrides.crop:
        size = f"{box.width} × {box.height}"
        sentence = f"Cropped to the garment, {size} pixels; the longest side becomes 28."
        cut = only[box.top : box.bottom, box.left : box.right]
        steps.append(Step("crop", "Crop", to_pixels(cut), sentence, fit_image(only, box)))
    looks = [tones for tones in (segmentation.tones, segmentation.bare) if tones is not None]
    variants = np.stack([fit_image(look, box, m) for look in looks for m in MARGINS])
    if segmentation.second is not None:
        place = compute_box(segmentation.second > 0) if overrides.crop else box
        variants[1] = fit_image(segmentation.second, place, MARGINS[1])
    if not variants[0].any():  # a speck so small that scaling lost it
        variants[0] = fit_image(np.where(mask, np.float32(255), np.float32(0)), compute_box(mask))
    if overrides.tones:
        toned = segmentation.tones[box.top : box.bottom, box.left : box.right]
        steps.append(Step("tones", "Tones", to_pixels(toned), segmentation.toned, variants[0]))
    sentence = "Centred on black, 28 × 28: what the network sees."
    steps.append(Step("image", "Image", variants[0], sentence, variants[0]))
    is_chosen = not overrides.find or overrides.box is not None or overrides.candidate is not None
    refusal = None if is_chosen or kind == "drawing" else find_fault(rgb, mask)
    warning = None if refusal else _find_warning(mask, float(contrast[mask].mean()))
    side = max(box.height, box.width)
    frame = ((box.top + box.bottom - side) / 2, (box.left + box.right - side) / 2, float(side))
    masks = segmentation.candidates
    return Prepared(
        variants[0],
        variants,
        tuple(steps),
        kind,
        warning,
        frame,
        masks,
        refusal=refusal,
    )


def _turn_light(
    grey: npt.NDArray[np.float32], contrast: npt.NDArray[np.float32], polarity: str
) -> tuple[npt.NDArray[np.float32], str]:
    """Negate the picture, unless it lies on plain black or a person decides otherwise."""
    if polarity == "auto":
        polarity = "keep" if ground.is_plain_black(grey, contrast) else "negate"
    if polarity == "keep":
        return grey, "Converted to grey and kept: it is light on dark already."
    return 255.0 - grey, "Converted to grey and negated, as the data set's own photos were."


def _find_warning(mask: Mask, contrast: float) -> str | None:
    if mask.mean() < _SMALL_SHARE:
        return "The garment is very small in the picture: move closer, or crop the picture."
    if contrast < _LOW_CONTRAST:
        return (
            "There is little contrast with the background, so the silhouette may be wrong:"
            " choose a background of another colour."
        )
    return None


def _fit_whole(grey: npt.NDArray[np.float32]) -> Pixels:
    return fit_image(grey, Box(0, grey.shape[0], 0, grey.shape[1]))
