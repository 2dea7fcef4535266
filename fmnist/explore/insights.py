"""The sentences beside the charts; every number in them is taken from the results they describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from fmnist.classes import CLASS_NAMES, IMAGE_SIZE, N_CLASSES, N_PIXELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fmnist.explore.duplicates import Duplicates
    from fmnist.explore.pixels import PixelStatistics
    from fmnist.explore.samples import Neighbours

STILL_STD: Final = 2.55
"""Grey levels: a pixel whose standard deviation is below 1 % of the range tells next to nothing."""


def describe_duplicates(duplicates: Duplicates, n_images: int) -> str:
    """Say how many images repeat another one and whether the test set leaks into training."""
    identical = sum(group.is_identical for group in duplicates.groups)
    near = len(duplicates.groups) - identical
    tolerance = f"{duplicates.tolerance:g} of 255 grey levels"
    found = (
        f"{_count(identical, 'group')} of identical images"
        if identical
        else f"No two of the {n_images:,} images are identical"
    )
    if not duplicates.is_complete:
        return f"{found}. Images within {tolerance} of one another are too many to list here."
    found += (
        f"; {_count(near, 'group')} the same to the eye, within {tolerance}."
        if near
        else f"; none lies within {tolerance} of another."
    )
    if not duplicates.groups:
        return found
    leaked = _count(duplicates.n_test_leaked, "test image")
    leaked += ", too easy to get right" if duplicates.n_test_leaked else ""
    conflicting = _count(sum(group.is_conflicting for group in duplicates.groups), "group")
    return (
        f"{found} With a twin in the training set: {leaked}. With "
        f"different labels for the same picture: {conflicting}."
    )


def describe_histogram(statistics: PixelStatistics) -> str:
    """Say how much is background and where the other intensities lie."""
    histogram = statistics.histogram.sum(axis=0)
    garment = histogram[1:]
    if not garment.any():
        return "Every pixel is 0: these images are empty."
    cumulative = np.cumsum(garment) / garment.sum()
    low, high = (int(np.searchsorted(cumulative, share)) + 1 for share in (0.25, 0.75))
    return (
        f"{histogram[0] / histogram.sum():.0%} of all pixels are exactly 0, the background, and "
        f"are left out of the chart. The middle half of the others lies between {low} and {high}; "
        f"{histogram[255] / histogram.sum():.1%} of all pixels are at full brightness."
    )


def describe_class_histograms(statistics: PixelStatistics) -> str:
    """Say which class has the brightest garments and which the darkest."""
    garment = statistics.histogram[:, 1:]
    with np.errstate(invalid="ignore"):
        level = (garment * np.arange(1, 256)).sum(axis=1) / garment.sum(axis=1)
    if np.isnan(level).all():
        return "Every pixel is 0: these images are empty."
    return (
        f"Garment pixels are brightest in {_highest(level)} (mean {np.nanmax(level):.0f}) and "
        f"darkest in {_lowest(level)} (mean {np.nanmin(level):.0f}). The grey line is all classes "
        "together."
    )


def describe_means(statistics: PixelStatistics) -> str:
    """Say how much of all variation the ten mean images account for."""
    total = float((statistics.overall_std**2).sum())
    within = float(np.nansum(statistics.counts / statistics.n_images * statistics.radius**2))
    share = 1 - within / total if total else 0.0
    return (
        f"The mean images account for {share:.0%} of the variance of all pixels; the other "
        f"{1 - share:.0%} is how garments differ within their class. Sharp outlines mean that a "
        "class's images are centred and of one shape."
    )


def describe_spread(statistics: PixelStatistics) -> str:
    """Say which class looks most like its mean image and which least."""
    radius = statistics.radius
    return (
        f"{_lowest(radius)} varies least: an image lies {np.nanmin(radius):,.0f} from its class's "
        f"mean (Euclidean, root mean square). {_highest(radius)} varies most "
        f"({np.nanmax(radius):,.0f}), so its mean image is the poorest picture of it."
    )


def describe_variance(statistics: PixelStatistics) -> str:
    """Say where the images differ and how many pixels hardly ever change."""
    std = statistics.overall_std
    row, column = np.unravel_index(int(std.argmax()), std.shape)
    still = std < STILL_STD
    border = np.ones_like(still)
    border[1:-1, 1:-1] = False
    where = f", {(still & border).sum()} of them on the outermost ring" if still.any() else ""
    return (
        f"Images differ most at row {row + 1}, column {column + 1} (standard deviation "
        f"{std.max():.0f}). {still.sum()} of {N_PIXELS} pixels vary by less than 1% of the "
        f"range{where}; {(std == 0).sum()} never change at all."
    )


def describe_empty(statistics: PixelStatistics) -> str:
    """Say which class fills its frame and which leaves it empty."""
    share = statistics.empty_share
    return (
        f"{_highest(share)} leaves {np.nanmax(share):.0%} of the frame empty, "
        f"{_lowest(share)} only {np.nanmin(share):.0%}: how much is covered already tells some "
        "classes apart."
    )


def describe_brightness(statistics: PixelStatistics) -> str:
    """Say how far brightness alone separates the classes."""
    mean, weights = statistics.brightness_mean, statistics.counts / statistics.n_images
    present = statistics.counts > 0
    centre = float(np.nansum(weights * mean))
    between = float(np.nansum(weights * (mean - centre) ** 2))
    within = float(np.nansum(weights * statistics.brightness_std**2))
    share = between / (between + within) if between + within else 0.0
    return (
        f"{_highest(mean)} is brightest on average ({mean[present].max():.0f}), {_lowest(mean)} "
        f"darkest ({mean[present].min():.0f}). The class explains {share:.0%} of the variance of "
        "an image's brightness; the rest is spread within classes, which shape has to resolve."
    )


def describe_distances(statistics: PixelStatistics) -> str:
    """Name the most and least alike pair and what the nearest mean alone would score."""
    distances = np.where(np.eye(N_CLASSES, dtype=bool), np.nan, statistics.distances)
    if np.isnan(distances).all():
        return "There is only one class here, so no pair to compare."
    near = np.unravel_index(int(np.nanargmin(distances)), distances.shape)
    far = np.unravel_index(int(np.nanargmax(distances)), distances.shape)
    matrix = statistics.nearest_mean
    with np.errstate(invalid="ignore"):
        right = np.diag(matrix) / matrix.sum(axis=1)
    worst = int(np.nanargmin(right))
    taken_for = int(np.where(np.arange(N_CLASSES) == worst, -1, matrix[worst]).argmax())
    return (
        f"{CLASS_NAMES[near[0]]} and {CLASS_NAMES[near[1]]} are the most alike "
        f"({distances[near]:,.0f} apart), {CLASS_NAMES[far[0]]} and {CLASS_NAMES[far[1]]} the "
        f"least ({distances[far]:,.0f}). Giving each image the class of the nearest mean is right "
        f"for {np.trace(matrix) / matrix.sum():.0%}; {CLASS_NAMES[worst]} does worst "
        f"({right[worst]:.0%}), taken most often for {CLASS_NAMES[taken_for]}."
    )


def describe_preprocessing(statistics: PixelStatistics) -> tuple[str, ...]:
    """List what the counts imply for preparing images for a network."""
    mean, std = statistics.level
    histogram = statistics.histogram.sum(axis=0)
    still = int((statistics.overall_std < STILL_STD).sum())
    shares = statistics.counts[statistics.counts > 0] / statistics.n_images
    even = float(shares.max() / shares.min())
    return (
        f"Scale to 0–1 by dividing by 255: the mean becomes {mean / 255:.3f} and the standard "
        f"deviation {std / 255:.3f}, the two numbers to standardise with. They come from the "
        "training split alone.",
        f"{histogram[0] / histogram.sum():.0%} of the inputs are exactly 0. After standardising, "
        f"background sits at −{mean / std if std else 0:.2f}, so padding with 0 must happen "
        "before it.",
        f"{still} of {N_PIXELS} pixels hardly vary: dividing each pixel by its own deviation "
        "would blow up their noise, so one mean and one deviation for all pixels is the safer "
        "choice."
        if still
        else "Every pixel varies, so even scaling each by its own deviation would be safe.",
        f"The largest class has {even:.2f} times the images of the smallest"
        + (": no class weights are needed." if even < 1.1 else ": consider class weights."),
    )


def describe_neighbours(neighbours: Neighbours, label: int) -> str:
    """Say how many of the nearest training images share the label, and how near they are."""
    if not len(neighbours.rows):
        return "There are no other training images to compare it with."
    same = int((neighbours.labels == label).sum())
    count = len(neighbours.rows)
    root = neighbours.distance[0] / IMAGE_SIZE
    return (
        f"{same} of the {count} nearest training images are {CLASS_NAMES[label]} too. The nearest "
        f"is {neighbours.distance[0]:,.0f} away, {root:.1f} grey levels a pixel."
    )


def _highest(values: NDArray[np.float64]) -> str:
    return CLASS_NAMES[int(np.nanargmax(values))]


def _lowest(values: NDArray[np.float64]) -> str:
    return CLASS_NAMES[int(np.nanargmin(values))]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
