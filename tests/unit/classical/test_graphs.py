"""The graphs compute what their words say."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from fmnist.classical.graphs import HOG, PIXELS, build_linear
from fmnist.classical.session import Session


def compute_hog(image: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Histograms of oriented gradients, pixel by pixel and with ``arctan2``."""
    padded = np.pad(image.astype(float), 1)
    gx, gy = padded[1:-1, 2:] - padded[1:-1, :-2], padded[2:, 1:-1] - padded[:-2, 1:-1]
    place = np.arctan2(gy, gx) % np.pi / np.pi * 9
    cells = np.zeros((9, 7, 7))
    for row, column in np.ndindex(28, 28):
        lower, above = divmod(place[row, column], 1)
        strength = np.hypot(gx, gy)[row, column] / 16
        cells[int(lower) % 9, row // 4, column // 4] += (1 - above) * strength
        cells[(int(lower) + 1) % 9, row // 4, column // 4] += above * strength
    cells = np.roll(cells, 4, axis=0)  # the graph counts from the orientation 4 steps below 0
    blocks = np.concatenate(
        [cells[:, :6, :6], cells[:, :6, 1:], cells[:, 1:, :6], cells[:, 1:, 1:]]
    )
    blocks = np.minimum(blocks / (np.linalg.norm(blocks, axis=0) + 1), 0.2)
    return np.ravel(blocks / (np.linalg.norm(blocks, axis=0) + 1e-6))


@pytest.fixture(scope="module")
def images() -> NDArray[np.uint8]:
    drawn = np.random.default_rng(0).integers(0, 256, (6, 28, 28)).astype(np.uint8)
    drawn[4] = 0
    drawn[5, :, :14] = 255
    return drawn


def test_hog_is_that_of_the_paper(images: NDArray[np.uint8]) -> None:
    session = Session(
        build_linear(HOG, np.zeros((1296, 10)), np.zeros(10)).SerializeToString(), threads=1
    )
    expected = [compute_hog(image) for image in images]
    np.testing.assert_allclose(session.extract(images), expected, atol=1e-5)


def test_linear_graph_is_the_softmax_of_its_logits(images: NDArray[np.uint8]) -> None:
    rng = np.random.default_rng(1)
    weights, bias = rng.normal(size=(784, 10)) / 1e4, rng.normal(size=10)
    session = Session(build_linear(PIXELS, weights, bias).SerializeToString(), threads=1)
    logits = images.reshape(6, 784) @ weights + bias
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(session.predict(images), expected, atol=1e-5)
    np.testing.assert_array_equal(session.extract(images), images.reshape(6, 784))
