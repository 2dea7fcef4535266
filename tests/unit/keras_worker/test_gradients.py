"""Gradients of networks whose gradients are known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support import in_keras_gradients as networks
from tests.support import in_keras_inside as inside

InKeras = Callable[..., Any]


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "model.keras")


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (3, 28, 28), dtype=np.uint8)


def test_gradient_of_a_linear_network_is_its_weights(
    in_keras: InKeras, path: str, images: np.ndarray
) -> None:
    kernel = in_keras(networks.build_linear, path)
    labels, against = np.array([0, 7, 2]), np.array([1, 1, 9])
    values, _ = in_keras(networks.attribute, path, images, "gradient", labels, None)
    np.testing.assert_allclose(values.reshape(3, 784), kernel.T[labels], rtol=1e-4)
    values, _ = in_keras(networks.attribute, path, images, "gradient", labels, against)
    difference = kernel.T[labels] - kernel.T[against]
    np.testing.assert_allclose(values.reshape(3, 784), difference, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("method", "against", "expected"),
    [
        # 3 × 1 - 1 × 2 of 196 positions; and LayerCAM takes what speaks for and against apart.
        ("gradcam", None, (3 * 1 - 1 * 2) / 196),
        ("layercam", None, (3 * 1 - 1 * 2) / 196),
        ("gradcam", 1, (3 * 1 - 3 * 2) / 196),
        ("layercam", 1, (3 * 1 - 3 * 2) / 196),
    ],
)
def test_maps_of_a_known_network(
    in_keras: InKeras, path: str, method: str, against: int | None, expected: float
) -> None:
    in_keras(networks.build_convolution, path)
    image = np.zeros((1, 28, 28), np.uint8)
    image[:, :, :14] = 255
    other = None if against is None else np.array([against])
    values, layer = in_keras(networks.attribute, path, image, method, np.array([0]), other)
    assert layer == "maps"
    np.testing.assert_allclose(values[0, :, :12], expected, rtol=1e-5)
    np.testing.assert_allclose(values[0, :, 16:], 0, atol=1e-9)


def test_layercam_weighs_each_position_and_gradcam_each_map(in_keras: InKeras) -> None:
    maps = np.array([[[[1.0, 10.0], [2.0, 20.0]]]], np.float32)  # (1, 1, 2, 2)
    gradients = np.array([[[[3.0, -1.0], [-3.0, -1.0]]]], np.float32)
    by_position = in_keras(networks.weigh, "position", maps, gradients)
    np.testing.assert_allclose(by_position, [[[3 - 10, 0 - (6 + 20)]]])
    by_mean = in_keras(networks.weigh, "mean", maps, gradients)
    np.testing.assert_allclose(by_mean, [[[0 - 10, 0 - 20]]])


@pytest.mark.parametrize("method", ["layercam", "gradcam", "gradient"])
def test_map_depends_on_the_weights(
    in_keras: InKeras, path: str, tmp_path: Path, images: np.ndarray, method: str
) -> None:
    """A map that stays when the weights are shuffled shows the image (Adebayo et al. 2018)."""
    shuffled = str(tmp_path / "shuffled.keras")
    in_keras(networks.build_random, path, shuffled)
    labels = np.array([0, 1, 2])
    one, _ = in_keras(networks.attribute, path, images, method, labels, None)
    other, _ = in_keras(networks.attribute, shuffled, images, method, labels, None)
    for before, after in zip(one, other, strict=True):
        assert abs(np.corrcoef(before.ravel(), after.ravel())[0, 1]) < 0.9


def test_network_without_maps_gets_a_remedy(
    in_keras: InKeras, path: str, images: np.ndarray
) -> None:
    in_keras(networks.build_linear, path)
    message = in_keras(networks.attribute, path, images, "layercam", np.zeros(3, int), None)
    assert "no convolution" in message
    assert "Occlusion" in message


def test_direction_of_the_loss_gradient(in_keras: InKeras, path: str, images: np.ndarray) -> None:
    kernel = in_keras(networks.build_linear, path)
    found = in_keras(networks.differentiate_loss, path, images[0], 4)
    logits = images[0].ravel() / 255 @ kernel + np.arange(10)
    others = np.exp(logits - logits.max()) * (np.arange(10) != 4)
    expected = kernel @ (others / others.sum()) - kernel[:, 4]
    np.testing.assert_allclose(found.ravel() * 255, expected, rtol=1e-3, atol=1e-4)


def test_layer_is_the_deepest_activation_that_is_large_enough(in_keras: InKeras, path: str) -> None:
    in_keras(inside.build_varied, path)  # ReLUs at 14×14 and at 5×5
    assert in_keras(networks.find_layer, path, 14) == "relu"
    assert in_keras(networks.find_layer, path, 2) == "last_relu"
    in_keras(inside.build_positive, path)
    assert in_keras(networks.find_layer, path, 14) == "first"
