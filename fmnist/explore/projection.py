"""An orthogonal projection of images to ten numbers, which never increases a distance.

Images that are close are also close in the projection, where a k-d tree finds them; the images that
it finds are then compared pixel by pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import IMAGE_SIZE

_BLOCK: Final = 4
_N_COMPONENTS: Final = 10
_CHUNK: Final = 4096


@dataclass(frozen=True)
class Components:
    """The first principal components of block sums.

    Attributes:
        mean: float32 ``(49,)``.
        vectors: float32 ``(49, 10)``, orthonormal columns.
    """

    mean: NDArray[np.float32]
    vectors: NDArray[np.float32]

    def project(self, blocks: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return block sums ``(n, 49)`` as float32 ``(n, 10)``."""
        return np.asarray((blocks - self.mean) @ self.vectors, dtype=np.float32)


def sum_blocks(parts: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
    """Return the sums of the 4×4 blocks of images, divided by 4: a projection on unit vectors.

    Args:
        parts: arrays of images, each uint8 ``(n, 784)`` or ``(n, 28, 28)``.

    Returns:
        float32 ``(n, 49)`` over all parts, in their order.
    """
    side = IMAGE_SIZE // _BLOCK
    blocks = np.empty((sum(map(len, parts)), side * side), dtype=np.float32)
    offset = 0
    for part in parts:
        for start in range(0, len(part), _CHUNK):
            chunk = part[start : start + _CHUNK].reshape(-1, side, _BLOCK, side, _BLOCK)
            sums = chunk.sum(axis=(2, 4), dtype=np.uint16)
            blocks[offset : offset + len(chunk)] = sums.reshape(len(chunk), -1)
            offset += len(chunk)
    blocks /= _BLOCK
    return blocks


def fit_components(blocks: NDArray[np.float32]) -> Components:
    """Return the principal components of block sums, float32 ``(n, 49)``.

    Written out in three lines, since importing ``sklearn.decomposition`` for its ``PCA`` takes the
    web process beyond its 400 MB (``tests/browser/test_footprint.py``).
    """
    mean = blocks.mean(axis=0)
    centred = blocks - mean
    _, vectors = np.linalg.eigh(centred.T @ centred)
    return Components(mean, vectors[:, -_N_COMPONENTS:])
