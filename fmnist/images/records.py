"""What the path from picture to image is asked for and hands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Kind: TypeAlias = Literal["photo", "drawing"]
"""How a picture is read: by its colours (photo) or by its strokes (drawing)."""

Pixels: TypeAlias = npt.NDArray[np.uint8]
Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Overrides:
    """What a person wants otherwise than the path would decide.

    Attributes:
        polarity: ``"negate"`` or ``"keep"`` the tones; ``"auto"`` negates whatever does not lie
            on black, as the data set's authors did.
        find: tell the garment from its background; else the whole picture is the garment.
        crop: cut to the garment; else the whole picture is scaled.
        tones: match the tones to the data set's; for an outline, fill it.
        box: the part of the picture to look at: left, top, right, bottom as shares, 0 to 1.
        candidate: which guess of where the garment is, 0 the likeliest.
    """

    polarity: Literal["auto", "keep", "negate"] = "auto"
    find: bool = True
    crop: bool = True
    tones: bool = True
    box: tuple[float, float, float, float] | None = None
    candidate: int = 0


@dataclass(frozen=True)
class Step:
    """One step of the path: its name, the picture after it, and what was done in a sentence.

    ``picture`` is uint8, ``(h, w)`` grey or ``(h, w, 3)`` RGB; ``image``, uint8 ``(28, 28)``, is
    what the network would see if the path ended here.
    """

    name: str
    picture: Pixels
    sentence: str
    image: Pixels


@dataclass(frozen=True)
class Prepared:
    """The image a network sees, and how it came about.

    Attributes:
        image: uint8 ``(28, 28)``, 0 background to 255 brightest, all zero when there was nothing
            to see.
        variants: uint8 ``(n, 28, 28)``: ``image`` and what it would be with another margin,
            as a mask may be found too tight; an outline also as its strokes alone.
        steps: what led to it, in order.
        kind: how the picture was read.
        warning: says that there was nothing to see, or names what may spoil the answer.
        frame: the square of the first step's picture that ``image`` shows: its top, left and side
            in pixels; it may reach beyond the picture.
        candidates: guesses of where the garment is, each bool ``(h, w)``, likeliest first, of the
            size of the garment's step; empty for drawings.
    """

    image: Pixels
    variants: Pixels
    steps: tuple[Step, ...]
    kind: Kind
    warning: str | None
    frame: tuple[float, float, float]
    candidates: tuple[Mask, ...] = ()
