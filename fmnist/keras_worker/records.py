"""The records of the Keras worker about the inside of a network, shared with its callers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Stage:
    """A convolution or a sum, with what follows it map by map: normalisation, pooling, ReLU.

    Attributes:
        name: the name of its first layer.
        layers: names of its layers, in order.
        maps: float32 ``(h, w, c)``, the output of its last layer for one image.
        is_rectified: whether a ReLU has set negative values to zero.
        filters: float32 ``(k, k, c)``, only of the first convolution, which sees one channel.
    """

    name: str
    layers: tuple[str, ...]
    maps: NDArray[np.float32]
    is_rectified: bool
    filters: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Step:
    """One step to the value of a pixel of a map: which layer, what it does, what comes out."""

    layer: str
    text: str
    value: float


@dataclass(frozen=True)
class PixelTrace:
    """How one pixel of a map gets its value.

    Attributes:
        field: top, left, bottom, right of its receptive field in the image, inclusive, 0 to 27.
            Gates, which weigh whole maps, are left out.
        source: name of the layer whose output the convolution takes; empty for a sum.
        patch: float32 ``(k, k, c)``, the inputs of the convolution there; None for a sum.
        kernel: float32 ``(k, k, c)``, what they are multiplied by; None for a sum.
        steps: from the convolution or sum to the value in the map.
    """

    field: tuple[int, int, int, int]
    source: str
    patch: NDArray[np.float32] | None
    kernel: NDArray[np.float32] | None
    steps: tuple[Step, ...]
