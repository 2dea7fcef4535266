"""The whole path from an RGBA picture to one 28×28 image, each step kept for the page."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from fmnist.classes import IMAGE_SHAPE
from fmnist.errors import ImageError
from fmnist.images import fit, ground, silhouette, tones
from fmnist.images.kind import compute_kind
from fmnist.images.ready import match_data_set
from fmnist.images.records import Kind, Mask, Pixels, Prepared, Step
from fmnist.images.unframe import compute_unframed

WORKING_SIDE: Final = 256
"""Longest side on which the garment is looked for; nine times what the network sees."""

_OUTLINE_SHARE: Final = 0.5  # strokes cover less than this of what they enclose: an outline
_SMALL_SHARE: Final = 0.003
_LOW_CONTRAST: Final = 30.0


def prepare_picture(rgba: Pixels, kind: Literal["auto", "photo", "drawing"] = "auto") -> Prepared:
    """Turn a picture into an image like the data set's: light on dark, cropped, centred, 28×28.

    A picture that is such an image already (28×28, grey, a garment that fills it on black, or
    on white as its negative) is taken as it is. Everything else goes through the steps of Xiao,
    Rasul & Vollgraf, 2017, section 2: trim, longest side to 28 pixels, centre, negate, after
    the garment has been told from its background.

    Args:
        rgba: uint8 ``(h, w, 4)``, as ``decode_picture`` returns it.
        kind: How to read it; ``"auto"`` asks ``compute_kind``.

    Returns:
        The image, uint8 ``(28, 28)``, with the steps that led to it and, where there is reason,
        a warning. The same picture always gives the same result.

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
    rgb, plain = ground.compute_on_ground(_reduce(rgba))
    sentence = "The picture as given."
    if plain is not None:
        name = {255: "white", 0: "black", 128: "grey"}[plain]
        sentence = f"Laid on {name}, which stands out best from what is not transparent."
    steps = [Step("As given", rgb, sentence)]
    ready = match_data_set(rgb)
    if ready is not None:
        steps.append(Step("Image", ready, "Already an image like the data set's: taken as it is."))
        return Prepared(ready, tuple(steps), "photo" if kind == "auto" else kind, None)
    unframed, contrast = compute_unframed(rgb)
    if unframed is not rgb:
        steps.append(Step("Unframed", unframed, "The plain frame around the picture taken off."))
    found = compute_kind(unframed, contrast) if kind == "auto" else kind
    return _follow_path(unframed, contrast, found, steps)


def _follow_path(
    rgb: Pixels, contrast: npt.NDArray[np.float32], kind: Kind, steps: list[Step]
) -> Prepared:
    grey = ground.compute_grey(rgb)
    steps.append(Step("Greyscale", _to_pixels(grey), "Colour dropped: the data set is grey."))
    read = _read_photo if kind == "photo" else _read_drawing
    mask, toned, sentences = read(grey, contrast)
    if not mask.any():
        image = np.zeros(IMAGE_SHAPE, dtype=np.uint8)
        steps.append(Step("Image", image, "Nothing stands out from the background."))
        warning = "There is nothing to see: the picture is one flat tone."
        return Prepared(image, tuple(steps), kind, warning)
    steps.append(Step("Silhouette", mask.astype(np.uint8) * np.uint8(255), sentences[0]))
    steps.append(Step("Light on dark", _to_pixels(toned), sentences[1]))

    top, bottom, left, right = fit.compute_box(mask)
    cropped = toned[top:bottom, left:right]
    size = f"{right - left} × {bottom - top}"
    steps.append(Step("Crop", _to_pixels(cropped), f"Cropped to the garment, {size} pixels."))
    cropped, is_mirrored = fit.compute_mirrored(cropped)
    if is_mirrored:
        how = "Mirrored, so that the low end points to the left, as the data set's shoes do."
        steps.append(Step("Mirror", _to_pixels(cropped), how))
    scaled = fit.compute_scaled(cropped)
    size = f"{scaled.shape[1]} × {scaled.shape[0]}"
    steps.append(Step("Scale", scaled, f"Scaled to {size}: the longest side fills 28 pixels."))
    image = fit.compute_centred(scaled)
    steps.append(Step("Image", image, "Centred on black, 28 × 28: what the network sees."))
    return Prepared(image, tuple(steps), kind, _find_warning(mask, float(contrast[mask].mean())))


_Reading = tuple[Mask, npt.NDArray[np.float32], tuple[str, str]]


def _read_photo(grey: npt.NDArray[np.float32], contrast: npt.NDArray[np.float32]) -> _Reading:
    mask = silhouette.compute_photo_mask(contrast)
    if not mask.any():
        return mask, grey, ("", "")
    light, negated = tones.compute_light_on_dark(grey, _border_tone(grey))
    how = "negated, since the background is light" if negated else "kept, as the background is dark"
    toned = tones.compute_photo_tones(light, mask)
    return (
        mask,
        toned,
        (
            "What differs in colour from the border, holes filled and specks dropped.",
            f"Tones {how}, stretched to the data set's range; the background made black.",
        ),
    )


def _read_drawing(grey: npt.NDArray[np.float32], contrast: npt.NDArray[np.float32]) -> _Reading:
    strokes = silhouette.compute_stroke_mask(contrast)
    if not strokes.any():
        return strokes, grey, ("", "")
    solid = silhouette.fill_outline(strokes)
    if strokes.sum() < _OUTLINE_SHARE * solid.sum():
        return (
            solid,
            tones.compute_outline_tones(strokes, solid),
            (
                "An outline: what its strokes enclose is filled.",
                "A middle tone inside, lighter seams where the strokes are, the background black.",
            ),
        )
    light, _ = tones.compute_light_on_dark(grey, _border_tone(grey))
    return (
        strokes,
        tones.compute_photo_tones(light, strokes),
        (
            "The strokes and fills that differ from the background.",
            "Light on dark, tones stretched to the data set's range, the background black.",
        ),
    )


def _find_warning(mask: Mask, contrast: float) -> str | None:
    if mask.mean() < _SMALL_SHARE:
        return "The subject is very small in the picture: come closer or crop it."
    if contrast < _LOW_CONTRAST:
        return "Hardly any contrast with the background: the silhouette may be wrong."
    return None


def _border_tone(grey: npt.NDArray[np.float32]) -> float:
    return float(np.median(ground.compute_border(grey)))


def _reduce(rgba: Pixels) -> Pixels:
    if max(rgba.shape[:2]) <= WORKING_SIDE:
        return rgba
    picture = Image.fromarray(rgba)
    picture.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BOX, reducing_gap=None)
    return np.array(picture)


def _to_pixels(values: npt.NDArray[np.float32]) -> Pixels:
    return np.clip(np.round(values), 0, 255).astype(np.uint8)
