"""The inputs and results of the picture pipeline."""

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

KindChoice: TypeAlias = Literal["auto", "photo", "drawing"]
"""The kind of picture as chosen by a person; ``"auto"`` leaves the decision to the pipeline."""

StepId: TypeAlias = Literal[
    "given", "figure", "unframed", "light", "garment", "crop", "tones", "image"
]
"""Stable names of the pipeline's steps, in order; a picture skips those it does not need."""

Pixels: TypeAlias = npt.NDArray[np.uint8]
Mask: TypeAlias = npt.NDArray[np.bool_]

Point: TypeAlias = tuple[float, float]
"""A point in a picture, from the top left, as fractions of width and height."""

MIDDLE: Final[Point] = (0.5, 0.5)


@dataclass(frozen=True)
class Overrides:
    """Decisions made by a person that override the pipeline's.

    Attributes:
        polarity: ``"negate"`` or ``"keep"`` the tones; ``"auto"`` negates every picture whose
            background isn't black, as the data set's authors did.
        find: separate the garment from its background; otherwise the whole picture is the garment.
        crop: crop to the garment; otherwise the whole picture is scaled.
        tones: match the tones to the data set's, and fill an outline.
        box: the part of the picture to use: left, top, right, bottom as fractions.
        point: a point on the garment, within that part; applies to photos only.
        candidate: index of the candidate mask to use. None uses the most likely one; so does 0, but
            counts as the person's choice.
        every: compute all candidates to choose from, even after a certain one; implied by
            ``candidate``.
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
    """One step of the pipeline, with its result.

    Attributes:
        id: its stable name, used by pages and benchmarks.
        title: its name on pages.
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
    """The image that a network sees, and how the pipeline arrived at it.

    Attributes:
        image: uint8 ``(28, 28)``, 0 background to 255 brightest; all zero if nothing was visible.
        variants: uint8 ``(n, 28, 28)``: ``image``, and the same with a different margin, since a
            mask may be too tight, or from a photo's second mask; of a photo, also narrower ones;
            for an outline, also its strokes alone.
        steps: the steps that led to the image, in order.
        kind: how the picture was segmented.
        warning: why the prediction may be wrong and what to do about it; None if no reason is
            known.
        frame: the square of the first step's picture shown in ``image``: top, left and side in
            pixels; it may extend beyond the picture.
        candidates: candidate masks of the garment, each bool ``(h, w)``, most likely first, of the
            size of the garment step's picture; empty for outlines and native images.
        is_complete: whether ``candidates`` are all there are, not just those up to a certain one;
            see ``Overrides.every``.
        is_native: whether the picture already was an image like the data set's, saved to a file or
            plotted in a figure: 28×28 cells, light on dark, filled by the garment.
        is_uncertain: whether the pipeline doesn't know which part of the picture is meant, or what
            it shows, so that no prediction counts as certain; ``warning`` says why.
        refusal: why the garment's cut-out is too poor to classify, and the remedy; None if it is
            good enough, or if a person chose it by a box or among the candidates.
    """

    image: Pixels
    variants: Pixels
    steps: tuple[Step, ...]
    kind: Kind
    warning: str | None
    frame: tuple[float, float, float]
    candidates: tuple[Mask, ...] = ()
    is_complete: bool = True
    is_native: bool = False
    is_uncertain: bool = False
    refusal: str | None = None

    def find_step(self, step_id: StepId) -> Step | None:
        """Return the step with that id; None if this picture skipped it."""
        return next((step for step in self.steps if step.id == step_id), None)


@dataclass(frozen=True)
class LoadedPicture:
    """A decoded and prepared picture.

    Attributes:
        picture: uint8 RGBA ``(h, w, 4)``, upright, at most 640 pixels per side.
        prepared: the image that a network sees, and the steps that led to it.
        reduced: ``picture`` as a PNG file, so that a page need not keep the original file; None if
            there was no file, or if the original is small enough to keep.
    """

    picture: Pixels
    prepared: Prepared
    reduced: bytes | None = None

    @cached_property
    def preview(self) -> str:
        """The picture as a data URI for a page, 150 pixels wide at twice the pixel density."""
        return encode_preview(self.picture, _PREVIEW, is_photo=self.prepared.kind == "photo")

    @cached_property
    def thumbnail(self) -> str:
        """The picture, as it was segmented, as a data URI for a table row."""
        given = self.prepared.steps[0].picture
        return encode_preview(given, _THUMBNAIL, is_photo=self.prepared.kind == "photo")
