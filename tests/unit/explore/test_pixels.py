from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix
from sklearn.neighbors import NearestCentroid

from fmnist.explore import insights
from fmnist.explore.pixels import compute_pixel_statistics
from tests.support.imports import imports_of


@pytest.fixture(scope="module")
def noise():
    rng = np.random.default_rng(3)
    x = rng.integers(0, 256, (700, 28, 28), dtype=np.uint8)
    x[rng.random(x.shape) < 0.4] = 0
    return x, rng.integers(0, 10, 700).astype(np.uint8)


@pytest.fixture(scope="module")
def statistics(noise):
    return compute_pixel_statistics(*noise)


def test_agrees_with_the_plain_formulas(noise, statistics):
    x, y = noise
    assert statistics.counts.tolist() == np.bincount(y).tolist()
    assert statistics.n_images == 700
    for label in range(10):
        own = x[y == label]
        assert (statistics.histogram[label] == np.bincount(own.ravel(), minlength=256)).all()
        assert statistics.mean[label] == pytest.approx(own.mean(axis=0))
        assert statistics.std[label] == pytest.approx(own.std(axis=0))
        brightness = own.mean(axis=(1, 2))
        assert statistics.brightness_mean[label] == pytest.approx(brightness.mean())
        assert statistics.brightness_std[label] == pytest.approx(brightness.std())
        assert statistics.brightness_quantiles[label, 2] == pytest.approx(np.median(brightness))
        assert statistics.empty_share[label] == pytest.approx((own == 0).mean())
    assert statistics.overall_mean == pytest.approx(x.mean(axis=0))
    assert statistics.overall_std == pytest.approx(x.std(axis=0))
    assert statistics.level == pytest.approx((x.mean(), x.std()))


def test_distances_are_between_the_mean_images(statistics):
    distances = statistics.distances
    assert (np.diag(distances) == 0).all()
    assert (distances == distances.T).all()
    gap = statistics.mean[2] - statistics.mean[8]
    assert distances[2, 8] == pytest.approx(np.linalg.norm(gap))


def test_nearest_mean_agrees_with_a_plain_search(noise, statistics):
    x, y = noise
    gap = np.linalg.norm((x[:, None] - statistics.mean[None]).reshape(700, 10, -1), axis=2)
    expected = np.zeros((10, 10), dtype=int)
    np.add.at(expected, (y, gap.argmin(axis=1)), 1)
    assert (statistics.nearest_mean == expected).all()


def test_a_planted_set_has_the_known_values():
    x = np.zeros((20, 28, 28), dtype=np.uint8)
    y = np.repeat(np.arange(10), 2).astype(np.uint8)
    x[y == 3, :14] = 200
    x[y == 7, 5, 5] = [0, 20]
    statistics = compute_pixel_statistics(x, y)
    assert statistics.histogram[3, 200] == 2 * 392
    assert statistics.histogram.sum() == 20 * 784
    assert statistics.mean[7, 5, 5] == 10
    assert statistics.std[7, 5, 5] == 10
    assert statistics.radius[7] == pytest.approx(10)
    assert statistics.empty_share[3] == 0.5
    assert statistics.brightness_mean[3] == 100
    assert statistics.distances[3, 0] == pytest.approx(200 * np.sqrt(392))
    assert "Dress only 50%" in insights.describe_empty(statistics)
    assert "Dress is brightest on average (100)" in insights.describe_brightness(statistics)
    assert "392 are constant" in insights.describe_variance(statistics)


def test_no_images_is_an_error():
    with pytest.raises(ValueError, match="no images"):
        compute_pixel_statistics(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.uint8))


SENTENCES = [
    insights.describe_histogram,
    insights.describe_class_histograms,
    insights.describe_means,
    insights.describe_spread,
    insights.describe_variance,
    insights.describe_empty,
    insights.describe_brightness,
    insights.describe_distances,
    lambda statistics: " ".join(insights.describe_preprocessing(statistics)),
]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("describe", SENTENCES)
@pytest.mark.parametrize("labels", [range(10), [1, 2], [4]], ids=["all", "two", "one"])
@pytest.mark.parametrize("fill", ["noise", "blank"])
def test_every_sentence_survives_missing_classes_and_blank_images(describe, labels, fill):
    y = np.repeat(list(labels), 4).astype(np.uint8)
    rng = np.random.default_rng(0)
    x = rng.integers(0, 200, (len(y), 28, 28), dtype=np.uint8)
    if fill == "blank":
        x[:] = 0
    sentence = describe(compute_pixel_statistics(x, y))
    assert sentence.endswith(".")
    assert "nan" not in sentence


def test_preprocessing_names_the_computed_mean_and_deviation(noise, statistics):
    x, _ = noise
    text = insights.describe_preprocessing(statistics)[0]
    assert f"{x.mean() / 255:.3f}" in text
    assert f"{x.std() / 255:.3f}" in text


def test_nearest_means_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(3)
    y = rng.integers(0, 10, 400).astype(np.uint8)
    x = rng.integers(0, 60, (400, 28, 28)).astype(np.uint8)
    x[np.arange(400), y * 2, 3:20] += 8
    flat = x.reshape(400, -1).astype(np.float64)
    expected = confusion_matrix(y, NearestCentroid().fit(flat, y).predict(flat))
    assert expected.trace() < 400  # some are nearer to another class
    np.testing.assert_array_equal(compute_pixel_statistics(x, y).nearest_mean, expected)


def test_explore_does_without_scikit_learn() -> None:
    rooms = ["fmnist.explore.pixels", "fmnist.explore.duplicates", "fmnist.charts.pixel_statistics"]
    assert imports_of(rooms, "sklearn,scipy") == ""
