"""The captions of the Explore pages' charts, with numbers taken from the results they describe."""

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
"""Grey levels, 1 % of the range: a pixel with a smaller standard deviation is nearly constant."""


def describe_duplicates(duplicates: Duplicates, n_images: int) -> str:
    """Describe how many images are duplicates, and whether the test set leaks into training."""
    identical = sum(group.is_identical for group in duplicates.groups)
    near = len(duplicates.groups) - identical
    tolerance = f"{duplicates.tolerance:g} of 255 grey levels"
    found = (
        f"{_count(identical, 'group')} of identical images"
        if identical
        else f"No two of the {n_images:,} images are identical"
    )
    if not duplicates.is_complete:
        return f"{found}. Too many images are within {tolerance} of another to list them here."
    found += (
        f"; {_count(near, 'group')} of images that look the same, within {tolerance}."
        if near
        else f"; none is within {tolerance} of another."
    )
    if not duplicates.groups:
        return found
    leaked = _count(duplicates.n_test_leaked, "test image")
    leaked += ", which a network may have memorised" if duplicates.n_test_leaked else ""
    conflicting = _count(sum(group.is_conflicting for group in duplicates.groups), "group")
    return (
        f"{found} Duplicated in the training set: {leaked}. Different labels "
        f"for the same image: {conflicting}."
    )


def describe_histogram(statistics: PixelStatistics) -> str:
    """Describe how much is background and how the other intensities are distributed."""
    histogram = statistics.histogram.sum(axis=0)
    garment = histogram[1:]
    if not garment.any():
        return "All pixels are 0: the images are empty."
    cumulative = np.cumsum(garment) / garment.sum()
    low, high = (int(np.searchsorted(cumulative, share)) + 1 for share in (0.25, 0.75))
    return (
        f"{histogram[0] / histogram.sum():.0%} of all pixels are 0, the background, and not in the "
        f"chart. The middle half of the others is between {low} and {high}; "
        f"{histogram[255] / histogram.sum():.1%} of all pixels have the highest intensity, 255."
    )


def describe_class_histograms(statistics: PixelStatistics) -> str:
    """Name the classes with the brightest and the darkest garments."""
    garment = statistics.histogram[:, 1:]
    with np.errstate(invalid="ignore"):
        level = (garment * np.arange(1, 256)).sum(axis=1) / garment.sum(axis=1)
    if np.isnan(level).all():
        return "All pixels are 0: the images are empty."
    return (
        f"Garment pixels are brightest in {_highest(level)} (mean {np.nanmax(level):.0f}) and "
        f"darkest in {_lowest(level)} (mean {np.nanmin(level):.0f}). Grey line: all classes "
        "together."
    )


def describe_means(statistics: PixelStatistics) -> str:
    """Describe how much of the variance the ten mean images explain."""
    total = float((statistics.overall_std**2).sum())
    within = float(np.nansum(statistics.counts / statistics.n_images * statistics.radius**2))
    share = 1 - within / total if total else 0.0
    return (
        f"The mean images explain {share:.0%} of the variance of all pixels; the other "
        f"{1 - share:.0%} is variation within the classes. A sharp outline means that the images "
        "of a class are aligned and similar in shape."
    )


def describe_spread(statistics: PixelStatistics) -> str:
    """Name the classes that vary least and most around their mean image."""
    radius = statistics.radius
    return (
        f"{_lowest(radius)} varies least: the root mean square distance of its images from the "
        f"class mean is {np.nanmin(radius):,.0f} (Euclidean). {_highest(radius)} varies most "
        f"({np.nanmax(radius):,.0f}): its mean image represents it worst."
    )


def describe_variance(statistics: PixelStatistics) -> str:
    """Describe where the images differ most, and how many pixels are nearly constant."""
    std = statistics.overall_std
    row, column = np.unravel_index(int(std.argmax()), std.shape)
    still = std < STILL_STD
    border = np.ones_like(still)
    border[1:-1, 1:-1] = False
    where = f", {(still & border).sum()} of them on the outermost ring" if still.any() else ""
    return (
        f"Images differ most at row {row + 1}, column {column + 1} (standard deviation "
        f"{std.max():.0f}). {still.sum()} of {N_PIXELS} pixels vary by less than 1% of the "
        f"range{where}; {(std == 0).sum()} are constant."
    )


def describe_empty(statistics: PixelStatistics) -> str:
    """Name the classes that fill most and least of the image."""
    share = statistics.empty_share
    return (
        f"{_highest(share)} leaves {np.nanmax(share):.0%} of the image empty, "
        f"{_lowest(share)} only {np.nanmin(share):.0%}: the covered area alone separates some "
        "classes."
    )


def describe_brightness(statistics: PixelStatistics) -> str:
    """Describe how far brightness alone separates the classes."""
    mean, weights = statistics.brightness_mean, statistics.counts / statistics.n_images
    present = statistics.counts > 0
    centre = float(np.nansum(weights * mean))
    between = float(np.nansum(weights * (mean - centre) ** 2))
    within = float(np.nansum(weights * statistics.brightness_std**2))
    share = between / (between + within) if between + within else 0.0
    return (
        f"{_highest(mean)} is brightest on average ({mean[present].max():.0f}), {_lowest(mean)} "
        f"darkest ({mean[present].min():.0f}). The class explains {share:.0%} of the variance of "
        "an image's brightness; the rest is variation within the classes."
    )


def describe_distances(statistics: PixelStatistics) -> str:
    """Name the most and the least similar classes, and the accuracy of the nearest mean."""
    distances = np.where(np.eye(N_CLASSES, dtype=bool), np.nan, statistics.distances)
    if np.isnan(distances).all():
        return "There is only one class, so there are no distances to compare."
    near = np.unravel_index(int(np.nanargmin(distances)), distances.shape)
    far = np.unravel_index(int(np.nanargmax(distances)), distances.shape)
    matrix = statistics.nearest_mean
    with np.errstate(invalid="ignore"):
        right = np.diag(matrix) / matrix.sum(axis=1)
    worst = int(np.nanargmin(right))
    taken_for = int(np.where(np.arange(N_CLASSES) == worst, -1, matrix[worst]).argmax())
    return (
        f"{CLASS_NAMES[near[0]]} and {CLASS_NAMES[near[1]]} are the most similar "
        f"({distances[near]:,.0f} apart), {CLASS_NAMES[far[0]]} and {CLASS_NAMES[far[1]]} the "
        f"least ({distances[far]:,.0f}). Predicting the class of the nearest mean "
        f"classifies {np.trace(matrix) / matrix.sum():.0%} correctly; {CLASS_NAMES[worst]} worst "
        f"({right[worst]:.0%}), most often confused with {CLASS_NAMES[taken_for]}."
    )


def describe_preprocessing(statistics: PixelStatistics) -> tuple[str, ...]:
    """List what the statistics mean for preprocessing images for a network."""
    mean, std = statistics.level
    histogram = statistics.histogram.sum(axis=0)
    still = int((statistics.overall_std < STILL_STD).sum())
    shares = statistics.counts[statistics.counts > 0] / statistics.n_images
    even = float(shares.max() / shares.min())
    return (
        f"Scale to 0–1 by dividing by 255: the mean becomes {mean / 255:.3f} and the standard "
        f"deviation {std / 255:.3f}. These two standardise the images; they are computed from the "
        "training split alone.",
        f"{histogram[0] / histogram.sum():.0%} of the inputs are 0. Standardised, the background "
        f"becomes −{mean / std if std else 0:.2f}: pad with zeros before standardising.",
        f"{still} of {N_PIXELS} pixels are nearly constant: dividing each pixel by its own "
        "standard deviation would amplify their noise. Use one mean and one standard deviation "
        "for all pixels."
        if still
        else "Every pixel varies, so each can be divided by its own standard deviation.",
        f"The largest class has {even:.2f} times the images of the smallest"
        + (": no class weights are needed." if even < 1.1 else ": consider class weights."),
    )


def describe_neighbours(neighbours: Neighbours, label: int) -> str:
    """Describe how many of the nearest training images have the same label, and the nearest."""
    if not len(neighbours.rows):
        return "There are no other training images to compare it with."
    same = int((neighbours.labels == label).sum())
    count = len(neighbours.rows)
    root = neighbours.distance[0] / IMAGE_SIZE
    return (
        f"{same} of the {count} nearest training images are also {CLASS_NAMES[label]}. A pixel of "
        f"the nearest differs by about {root:.0f} of 255 grey levels (root mean square)."
    )


def _highest(values: NDArray[np.float64]) -> str:
    return CLASS_NAMES[int(np.nanargmax(values))]


def _lowest(values: NDArray[np.float64]) -> str:
    return CLASS_NAMES[int(np.nanargmin(values))]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
