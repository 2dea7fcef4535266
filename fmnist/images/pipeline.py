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
    KindChoice,
    Mask,
    Overrides,
    Pixels,
    Prepared,
    Step,
)
from fmnist.images.segment import background
from fmnist.images.segment.figures import find_figure
from fmnist.images.segment.frames import remove_frame
from fmnist.images.segment.score import find_fault
from fmnist.images.segment.segmentation import segment_drawing, segment_photo

MARGINS: Final = (0.0, 0.08)
"""Shares left free around the garment: the data set's own, and one for a mask that is too tight;
of a photo, each with a mask of its own."""

NARROWER: Final = 0.85
"""Factor of the width of a photo's other variants: photographed garments lie spread out."""

_BINARY: Final = (
    "The file contains only the values 0 and 1, so its shades are lost: multiply values between 0"
    " and 1 by 255 before saving them."
)
_SMALL_SHARE: Final = 0.003
_LOW_CONTRAST: Final = 30.0


def prepare_picture(
    rgba: Pixels,
    kind: KindChoice = "auto",
    overrides: Overrides = Overrides(),  # noqa: B008 - it is frozen
) -> Prepared:
    """Turn a picture into an image like the data set's: light on dark, cropped, centred, 28×28.

    A picture that already is such an image (28×28, grey, a garment on black or, as a negative, on
    white) is used unchanged. So is one that is shown in a figure, enlarged and in any colour map.
    In everything else, the garment is separated from its background. Then follow the steps of Xiao,
    Rasul & Vollgraf, 2017, section 2: trim, scale the longest side to 28 pixels, centre, negate.

    Args:
        rgba: uint8 ``(h, w, 4)``, as returned by ``decode_picture``.
        kind: how to segment it; ``"auto"`` calls ``compute_kind``.
        overrides: decisions made by a person.

    Returns:
        The image, uint8 ``(28, 28)``, with its variants, the steps that led to it and a warning, if
        any. Deterministic.

    Raises:
        ImageError: ``rgba`` is not such an array, or ``kind`` is not one of the three.
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
    rgb, plain = background.flatten_alpha(reduce_part(part))
    sentence = "The picture as given, scaled."
    if overrides.box is not None:
        sentence = "The part inside the box, scaled."
    if is_binary:
        sentence += " Its values 0 and 1 are shown as black and white."
    if plain is not None:
        name = {255: "white", 0: "black", 128: "grey"}[plain]
        sentence = f"Placed on {name}, which contrasts best with the opaque part."
    steps = [Step("given", "As given", rgb, sentence, _fit_whole(background.compute_grey(rgb)))]
    native = match_data_set(rgb)
    found: Kind = "photo" if kind == "auto" else kind
    if native is not None:
        sentence = "Already an image like the data set's: used unchanged."
        steps.append(Step("image", "Image", native, sentence, native))
        frame = (0.0, 0.0, float(IMAGE_SIZE))
        return Prepared(native, native[None], tuple(steps), found, None, frame, is_native=True)
    # At full resolution, the only one at which cells are visible.
    figure = find_figure(background.flatten_alpha(part)[0]) if overrides.find else None
    place = Place()
    if figure is not None:
        rgb, place = cut_to_plot(part, figure.box, len(rgb))
        sentence = "The image shown in the figure, without its surroundings."
        image = _fit_whole(background.compute_grey(rgb)) if figure.image is None else figure.image
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
    inside, contrast, corner = remove_frame(rgb)
    if inside is not rgb:
        image = _fit_whole(background.compute_grey(inside))
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
    light, sentence = _make_light_on_dark(
        background.compute_grey(rgb), contrast, overrides.polarity
    )
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
    cuts = [(look, box, margin) for look in looks for margin in MARGINS]
    if segmentation.second is not None:
        place = compute_box(segmentation.second > 0) if overrides.crop else box
        cuts[1] = (segmentation.second, place, MARGINS[1])
    widths = (1.0, NARROWER) if kind == "photo" else (1.0,)
    variants = np.stack([fit_image(*cut, narrower=width) for width in widths for cut in cuts])
    if not variants[0].any():  # scaling lost a tiny speck
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
    return Prepared(
        variants[0],
        variants,
        tuple(steps),
        kind,
        warning,
        frame,
        segmentation.candidates,
        segmentation.is_complete,
        refusal=refusal,
    )


def _make_light_on_dark(
    grey: npt.NDArray[np.float32], contrast: npt.NDArray[np.float32], polarity: str
) -> tuple[npt.NDArray[np.float32], str]:
    """Negate a picture unless its background is plain black or a person decides otherwise."""
    if polarity == "auto":
        polarity = "keep" if background.is_plain_black(grey, contrast) else "negate"
    if polarity == "keep":
        return grey, "Converted to grey, not negated: it already is light on dark."
    return 255.0 - grey, "Converted to grey and negated, as was done for the data set."


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
