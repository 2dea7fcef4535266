"""Values that one page leaves for another, since no page's folder imports another's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmnist.runs import Recipe


@dataclass(frozen=True)
class Picture:
    """A picture from outside as networks see it.

    Attributes:
        name: the name that the person gave it.
        image: uint8 ``(28, 28)``.
    """

    name: str
    image: NDArray[np.uint8]


@dataclass
class Handover:
    """At most one value for each page; the page that uses it sets it to None.

    Attributes:
        recipe: for Train: the settings that its form shows next.
        repeat_run: for Study: the name of the run whose recipe its form repeats over seeds next.
        picture: for Look inside: the picture that Predict showed last.
    """

    recipe: Recipe | None = None
    repeat_run: str | None = None
    picture: Picture | None = None
