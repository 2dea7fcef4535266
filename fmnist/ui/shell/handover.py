"""What one page leaves for another to take up, since no page's folder imports another's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmnist.runs import Recipe


@dataclass(frozen=True)
class Picture:
    """A picture from outside as networks see it.

    Attributes:
        name: what the person calls it.
        image: uint8 ``(28, 28)``.
    """

    name: str
    image: NDArray[np.uint8]


@dataclass
class Handover:
    """At most one thing for each page; whoever takes it up sets it to None.

    Attributes:
        recipe: for Train: settings that its form shows next.
        repeat_run: for Study: name of the run whose recipe its form repeats over seeds next.
        picture: for Look inside: what Predict showed last.
    """

    recipe: Recipe | None = None
    repeat_run: str | None = None
    picture: Picture | None = None
