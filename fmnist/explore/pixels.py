"""Statistics of the pixels of one split, computed in one pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from fmnist.classes import IMAGE_SHAPE, N_CLASSES, N_PIXELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_LEVELS: Final = 256
"""Intensities of a pixel: 0 background to 255 brightest."""

QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles of brightness: the box spans the middle half, the whiskers 90 %."""

_CHUNK: Final = 256
_DISTANCE_CHUNK: Final = 4096


@dataclass(frozen=True, eq=False)
class PixelStatistics:
    """Statistics of the pixels of one split; all intensities are 0–255.

    A class without images has zeros in ``counts`` and ``histogram`` and ``nan`` elsewhere.

    Attributes:
        counts: int64 ``(10,)``, images of each class.
        histogram: int64 ``(10, 256)``, pixels of each class at each intensity.
        mean: float64 ``(10, 28, 28)``, mean image of each class.
        std: float64 ``(10, 28, 28)``, standard deviation of each pixel within the class.
        overall_mean: float64 ``(28, 28)``, mean over all images.
        overall_std: float64 ``(28, 28)``, standard deviation over all images.
        brightness_mean: float64 ``(10,)``, mean of the images' mean intensities.
        brightness_std: float64 ``(10,)``, their standard deviation.
        brightness_quantiles: float64 ``(10, 5)``, their quantiles at ``QUANTILES``.
        nearest_mean: int64 ``(10, 10)``, images of each class (row) whose nearest mean image,
            Euclidean, is that of each class (column).
    """

    counts: NDArray[np.int64]
    histogram: NDArray[np.int64]
    mean: NDArray[np.float64]
    std: NDArray[np.float64]
    overall_mean: NDArray[np.float64]
    overall_std: NDArray[np.float64]
    brightness_mean: NDArray[np.float64]
    brightness_std: NDArray[np.float64]
    brightness_quantiles: NDArray[np.float64]
    nearest_mean: NDArray[np.int64]

    @property
    def n_images(self) -> int:
        """Number of images."""
        return int(self.counts.sum())

    @property
    def empty_share(self) -> NDArray[np.float64]:
        """Share of pixels that are exactly 0 in each class, float64 ``(10,)``, 0–1."""
        with np.errstate(invalid="ignore"):
            share: NDArray[np.float64] = self.histogram[:, 0] / self.histogram.sum(axis=1)
        return share

    @property
    def level(self) -> tuple[float, float]:
        """Mean and standard deviation over all pixels of all images."""
        histogram, levels = self.histogram.sum(axis=0), np.arange(N_LEVELS)
        mean = float(np.average(levels, weights=histogram))
        return mean, float(np.sqrt(np.average((levels - mean) ** 2, weights=histogram)))

    @property
    def distances(self) -> NDArray[np.float64]:
        """Euclidean distance between the classes' mean images, float64 ``(10, 10)``."""
        from scipy.spatial.distance import cdist

        means = self.mean.reshape(N_CLASSES, N_PIXELS)
        return np.asarray(cdist(means, means))

    @property
    def radius(self) -> NDArray[np.float64]:
        """Root mean square distance of a class's images from their mean, float64 ``(10,)``."""
        return np.asarray(np.sqrt((self.std**2).sum(axis=(1, 2))))


def compute_pixel_statistics(x: NDArray[np.uint8], y: NDArray[np.uint8]) -> PixelStatistics:
    """Compute the statistics of the pixels of one split.

    Sums are exact. Images are converted to floats a few hundred at a time, never the whole set.

    Args:
        x: uint8 ``(n, 28, 28)``.
        y: uint8 ``(n,)``.

    Raises:
        ValueError: there are no images.
    """
    if not len(x):
        raise ValueError("There are no images to compute statistics of.")
    histogram = np.zeros(N_CLASSES * N_LEVELS, dtype=np.int64)
    total = np.zeros((N_CLASSES, N_PIXELS))
    squares = np.zeros((N_CLASSES, N_PIXELS))
    brightness = np.empty(len(x))
    for start in range(0, len(x), _CHUNK):
        labels = y[start : start + _CHUNK]
        pixels = x[start : start + _CHUNK].reshape(len(labels), N_PIXELS)
        cell = labels[:, None].astype(np.intp) * N_LEVELS + pixels
        histogram += np.bincount(cell.ravel(), minlength=len(histogram))
        widened = pixels.astype(np.float64)
        is_class = np.eye(N_CLASSES)[:, labels]  # (10, n)
        total += is_class @ widened
        brightness[start : start + len(labels)] = widened.mean(axis=1)
        squares += is_class @ np.square(widened, out=widened)
    counts = np.bincount(y, minlength=N_CLASSES).astype(np.int64)
    with np.errstate(invalid="ignore"):
        mean, std = _compute_moments(total, squares, counts[:, None])
    overall_mean, overall_std = _compute_moments(total.sum(axis=0), squares.sum(axis=0), len(x))
    spread = [_summarise(brightness[y == label]) for label in range(N_CLASSES)]
    return PixelStatistics(
        counts=counts,
        histogram=histogram.reshape(N_CLASSES, N_LEVELS),
        mean=mean.reshape(N_CLASSES, *IMAGE_SHAPE),
        std=std.reshape(N_CLASSES, *IMAGE_SHAPE),
        overall_mean=overall_mean.reshape(IMAGE_SHAPE),
        overall_std=overall_std.reshape(IMAGE_SHAPE),
        brightness_mean=np.array([values[0] for values in spread]),
        brightness_std=np.array([values[1] for values in spread]),
        brightness_quantiles=np.array([values[2:] for values in spread]),
        nearest_mean=_count_nearest_means(x, y, mean),
    )


def _compute_moments(
    total: NDArray[np.float64], squares: NDArray[np.float64], count: NDArray[np.int64] | int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    mean = total / count
    return mean, np.sqrt(np.maximum(squares / count - mean**2, 0))


def _summarise(brightness: NDArray[np.float64]) -> tuple[float, ...]:
    """Return mean, standard deviation and quantiles; ``nan`` for a class without images."""
    if not len(brightness):
        return (float("nan"),) * (2 + len(QUANTILES))
    quantiles = np.quantile(brightness, QUANTILES)
    return float(brightness.mean()), float(brightness.std()), *map(float, quantiles)


def _count_nearest_means(
    x: NDArray[np.uint8], y: NDArray[np.uint8], mean: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Count, by class, which mean image is nearest; float32 is ample to compare distances.

    This is the rule of ``sklearn.neighbors.NearestCentroid``, which would average all images again
    and hold them as floats (2.1 s of processor time on 60,000 images instead of 0.4 s), and whose
    import takes the web process beyond its 400 MB (48 MB; ``tests/browser/test_footprint.py``).
    """
    present = np.flatnonzero(~np.isnan(mean[:, 0]))
    means = mean[present].astype(np.float32)
    offset = (means**2).sum(axis=1) / 2
    matrix = np.zeros((N_CLASSES, N_CLASSES), dtype=np.int64)
    for start in range(0, len(x), _DISTANCE_CHUNK):
        labels = y[start : start + _DISTANCE_CHUNK]
        pixels = x[start : start + _DISTANCE_CHUNK].reshape(len(labels), N_PIXELS)
        nearest = present[(pixels.astype(np.float32) @ means.T - offset).argmax(axis=1)]
        np.add.at(matrix, (labels, nearest), 1)
    return matrix
