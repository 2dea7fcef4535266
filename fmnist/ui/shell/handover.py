"""Values that one page hands over to another, since page packages don't import each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmnist.runs import Recipe


@dataclass(frozen=True)
class Picture:
    """An outside picture as networks see it.

    Attributes:
        name: the name given by the person.
        image: uint8 ``(28, 28)``.
    """

    name: str
    image: NDArray[np.uint8]


@dataclass
class Handover:
    """At most one value for each page; the page that uses it sets it to None.

    Attributes:
        recipe: for Train: the settings to fill into its form.
        repeat_run: for Study: the name of the run whose recipe to repeat over seeds.
        picture: for Look inside: the latest picture of Predict.
    """

    recipe: Recipe | None = None
    repeat_run: str | None = None
    picture: Picture | None = None
