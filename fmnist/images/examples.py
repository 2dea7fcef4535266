"""Sample pictures drawn by the project itself: photos on a floor, shop pictures, doodles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.classes import CLASS_NAMES
from fmnist.data.demo.canvas import Canvas
from fmnist.data.demo.garments import DRAWERS
from fmnist.images.compose.fit import to_pixels
from fmnist.images.encode import encode_preview
from fmnist.images.records import Pixels

SIDE: Final = 320
"""Side of an example, in pixels."""

_Layer = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Example:
    """A sample picture.

    Attributes:
        title: its description.
        picture: uint8 ``(SIDE, SIDE, 4)``, RGBA.
    """

    title: str
    picture: Pixels

    @cached_property
    def preview(self) -> str:
        """The picture as a data URI, for a button 104 pixels wide at twice the pixel density."""
        return encode_preview(self.picture, 208, is_photo=True)


@cache
def draw_examples() -> tuple[Example, ...]:
    """Draw the gallery; the result never changes."""
    rng = np.random.default_rng(7)
    return tuple(
        Example(f"{CLASS_NAMES[label]}, {style}", _add_alpha(_STYLES[style](label, rng)))
        for label, style in _GALLERY
    )


def _draw(label: int, rng: np.random.Generator) -> tuple[_Layer, _Layer]:
    canvas = Canvas(rng, lean=0.08, size=SIDE)
    DRAWERS[label](canvas)
    return canvas.get_layers()


def _draw_photo(label: int, rng: np.random.Generator) -> Pixels:
    """Draw a garment on floorboards, lit from one side, with a shadow, folds and grain."""
    mask, ink = _draw(label, rng)
    y, x = np.mgrid[0 : 1 : SIDE * 1j, 0 : 1 : SIDE * 1j].astype(np.float32)
    boards = np.floor(x * 7 + 0.3)
    wood = 0.5 + 0.06 * np.sin(boards * 12.9) + 0.03 * np.sin(90 * x + 9 * np.sin(3 * y + boards))
    wood -= 0.12 * (np.abs(x * 7 + 0.3 - np.round(x * 7 + 0.3)) < 0.02)
    floor = wood[..., None] * np.array([235, 190, 140], np.float32)
    shadow = cv2.GaussianBlur(np.roll(mask, (7, 9), (0, 1)), (0, 0), 6)
    picture = floor * (1 - 0.45 * shadow[..., None])
    folds = cv2.GaussianBlur(rng.standard_normal((SIDE, SIDE)).astype(np.float32), (0, 0), 12)
    shade = 1 + 2.5 * folds + 0.3 * ink
    fabric = np.array(_COLOURS[label % len(_COLOURS)], np.float32) * shade[..., None]
    soft = cv2.GaussianBlur(mask, (0, 0), 0.8)[..., None]
    picture = (picture * (1 - soft) + fabric * soft) * (1.1 - 0.3 * x - 0.1 * y)[..., None]
    return to_pixels(picture + rng.normal(0, 5, picture.shape))


def _draw_product(label: int, rng: np.random.Generator) -> Pixels:
    """Draw a garment on a shop's white background."""
    mask, ink = _draw(label, rng)
    folds = cv2.GaussianBlur(rng.standard_normal((SIDE, SIDE)).astype(np.float32), (0, 0), 9)
    fabric = np.array(_COLOURS[(label + 2) % len(_COLOURS)], np.float32)
    toned = fabric * (1 + 2.0 * folds + 0.35 * ink)[..., None]
    soft = cv2.GaussianBlur(mask, (0, 0), 0.8)[..., None]
    return to_pixels(253 * (1 - soft) + toned * soft)


def _draw_doodle(label: int, rng: np.random.Generator) -> Pixels:
    """Draw the outline alone, black on white, with a gap or two where the pen was lifted."""
    mask, _ = _draw(label, rng)
    outlines, _ = cv2.findContours(
        (mask > 0.5).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE
    )
    sheet = np.full((SIDE, SIDE), 255, np.uint8)
    for outline in outlines:
        if len(outline) > SIDE // 8:
            drawn = outline[: int(len(outline) * rng.uniform(0.93, 0.97))]
            cv2.polylines(sheet, [drawn], False, 0, 5, cv2.LINE_AA)
    return np.repeat(sheet[..., None], 3, axis=2)


_COLOURS: Final = (
    (52, 74, 130), (150, 45, 50), (60, 62, 66), (40, 105, 90), (205, 200, 190), (90, 60, 45)
)  # fmt: skip

_STYLES: Final[dict[str, Callable[[int, np.random.Generator], Pixels]]] = {
    "drawn as a photo": _draw_photo,
    "drawn as in a shop": _draw_product,
    "a doodle": _draw_doodle,
}

_GALLERY: Final = (
    (8, "drawn as a photo"), (0, "drawn as a photo"), (1, "drawn as a photo"),
    (7, "drawn as in a shop"), (3, "drawn as in a shop"),
    (9, "a doodle"), (2, "a doodle"), (6, "a doodle"),
)  # fmt: skip


def _add_alpha(rgb: Pixels) -> Pixels:
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])
