"""What the path from picture to image hands on: one ``Step`` after another, then ``Prepared``."""

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
class Step:
    """One step of the path: its name, the picture after it, and what was done in a sentence.

    ``picture`` is uint8, ``(h, w)`` grey or ``(h, w, 3)`` RGB.
    """

    name: str
    picture: Pixels
    sentence: str


@dataclass(frozen=True)
class Prepared:
    """The image a network sees, and how it came about.

    ``image`` is uint8 ``(28, 28)``, 0 background to 255 brightest, all zero when there was
    nothing to see; ``warning`` then says so, and otherwise names what may spoil the answer.
    """

    image: Pixels
    steps: tuple[Step, ...]
    kind: Kind
    warning: str | None
