"""The inputs and results of the pipeline from picture to image."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from fmnist.images.encode import encode_preview

_PREVIEW: Final = 320
_THUMBNAIL: Final = 72

Kind: TypeAlias = Literal["photo", "drawing"]
"""How a picture is segmented: by its colours (photo) or by its strokes (drawing)."""

WayOfReading: TypeAlias = Literal["auto", "photo", "drawing"]
"""The kind of the picture as given by a person; ``"auto"`` lets the pipeline decide."""

StepId: TypeAlias = Literal[
    "given", "figure", "unframed", "light", "garment", "crop", "tones", "image"
]
"""Stable names of the pipeline's steps, in their order; a picture skips those it does not need."""

Pixels: TypeAlias = npt.NDArray[np.uint8]
Mask: TypeAlias = npt.NDArray[np.bool_]

Point: TypeAlias = tuple[float, float]
"""A place in a picture: from its left and from its top, as shares of width and height."""

MIDDLE: Final[Point] = (0.5, 0.5)


@dataclass(frozen=True)
class Overrides:
    """The decisions of a person instead of the pipeline.

    Attributes:
        polarity: ``"negate"`` or ``"keep"`` the tones; ``"auto"`` negates every picture that does
            not lie on black, as the data set's authors did.
        find: separate the garment from its background; else the whole picture is the garment.
        crop: crop to the garment; else the whole picture is scaled.
        tones: match the tones to the data set's; for an outline, fill it.
        box: the part of the picture to use: left, top, right, bottom as shares, 0 to 1.
        point: a place on the garment that is meant, in that part; counts for photos only.
        candidate: which candidate mask of the garment to use; 0 and None are the most likely, the
            former as the person's own choice.
        every: look for all candidates, to choose from, even once one is certain; so does any choice
            among them.
    """

    polarity: Literal["auto", "keep", "negate"] = "auto"
    find: bool = True
    crop: bool = True
    tones: bool = True
    box: tuple[float, float, float, float] | None = None
    point: Point | None = None
    candidate: int | None = None
    every: bool = False


@dataclass(frozen=True)
class Step:
    """One step of the pipeline, with the picture after it.

    Attributes:
        id: its stable name; pages and measurements select steps by it.
        title: the name of the step on pages.
        picture: uint8 ``(h, w)`` grey or ``(h, w, 3)`` RGB, after the step.
        sentence: what the step did.
        image: uint8 ``(28, 28)``, what the network would see if the pipeline ended here.
    """

    id: StepId
    title: str
    picture: Pixels
    sentence: str
    image: Pixels


@dataclass(frozen=True)
class Prepared:
    """The image a network sees, and how the pipeline arrived at it.

    Attributes:
        image: uint8 ``(28, 28)``, 0 background to 255 brightest; all zero if nothing was visible.
        variants: uint8 ``(n, 28, 28)``: ``image`` and the same with another margin, as a mask may
            be too tight, of a photo by another mask; for an outline, also its strokes alone.
        steps: the steps that led to the image, in order.
        kind: how the picture was segmented.
        warning: why the answer may be wrong, and what to do about it; None if nothing is known.
        frame: the square of the first step's picture that ``image`` shows: its top, left and side
            in pixels; it may reach beyond the picture.
        candidates: possible masks of the garment, each bool ``(h, w)``, most likely first, of the
            size of the garment step's picture; empty for outlines and native images. All of them
            are there only if ``Overrides`` asked for them.
        is_native: the picture was an image of the data set's kind already, saved to a file or
            plotted in a figure: 28×28 cells, light on dark, filled by the garment.
        is_uncertain: the pipeline does not know which part of the picture is meant, or what it
            shows, so no answer to ``image`` deserves to be called certain; ``warning`` says why.
        refusal: why the garment's cut-out is too poor for an answer, and the remedy; None if it is
            not, or if a person chose it: by a box, or among the candidates.
    """

    image: Pixels
    variants: Pixels
    steps: tuple[Step, ...]
    kind: Kind
    warning: str | None
    frame: tuple[float, float, float]
    candidates: tuple[Mask, ...] = ()
    is_native: bool = False
    is_uncertain: bool = False
    refusal: str | None = None

    def find_step(self, step_id: StepId) -> Step | None:
        """Return the step of that id, or None if this picture skipped it."""
        return next((step for step in self.steps if step.id == step_id), None)


@dataclass(frozen=True)
class ReadPicture:
    """A picture from outside, decoded and prepared.

    Attributes:
        picture: uint8 RGBA ``(h, w, 4)``, upright, at most 640 pixels per side.
        prepared: the image that a network sees, and the steps that led to it.
        reduced: ``picture`` as a PNG file, for a page that need not keep the file it was read
            from; None where that was no file, or one so small that it is better kept.
    """

    picture: Pixels
    prepared: Prepared
    reduced: bytes | None = None

    @cached_property
    def preview(self) -> str:
        """The picture for a page, 150 pixels wide at twice the density, a data URI."""
        return encode_preview(self.picture, _PREVIEW, is_photo=self.prepared.kind == "photo")

    @cached_property
    def thumbnail(self) -> str:
        """The picture for a row of a table, a data URI, from the picture as segmented."""
        given = self.prepared.steps[0].picture
        return encode_preview(given, _THUMBNAIL, is_photo=self.prepared.kind == "photo")
