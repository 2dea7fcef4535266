"""Stages, receptive fields and traced pixels of networks whose inside is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support import in_keras_inside as networks

InKeras = Callable[..., Any]


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "model.keras")


@pytest.fixture
def image() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (28, 28), dtype=np.uint8)


def test_stages_are_convolutions_and_sums_with_what_follows(
    in_keras: InKeras, path: str, image: np.ndarray
) -> None:
    in_keras(networks.build_varied, path)
    stages = in_keras(networks.answer, "compute_stages", path, image)
    assert [stage.layers for stage in stages] == [
        ("first", "pool", "norm", "relu"), ("tanh",), ("add", "gelu"),
        ("valid", "last_relu", "last_pool"),
    ]  # fmt: skip
    assert [stage.maps.shape for stage in stages] == [(14, 14, 6), (7, 7, 6), (7, 7, 6), (3, 3, 4)]
    assert [stage.is_rectified for stage in stages] == [True, False, False, True]
    assert stages[0].filters.shape == (3, 3, 6)
    assert all(stage.filters is None for stage in stages[1:])


def test_traced_value_is_that_of_the_map(in_keras: InKeras, path: str, image: np.ndarray) -> None:
    in_keras(networks.build_varied, path)
    for stage in in_keras(networks.answer, "compute_stages", path, image):
        for at in [(0, 0), (1, 2), (stage.maps.shape[0] - 1, stage.maps.shape[1] - 1)]:
            trace = in_keras(networks.answer, "trace_pixel", path, image, stage.name, 1, at)
            assert [step.layer for step in trace.steps] == list(stage.layers)
            assert trace.steps[-1].value == pytest.approx(stage.maps[(*at, 1)], abs=1e-5)
            if trace.patch is not None and stage.name != "tanh":
                products = float((trace.patch * trace.kernel).sum())
                bias = 0  # Keras begins with it
                assert products + bias == pytest.approx(trace.steps[0].value, abs=1e-4)


def test_steps_say_what_is_computed(in_keras: InKeras, path: str, image: np.ndarray) -> None:
    in_keras(networks.build_varied, path)
    trace = in_keras(networks.answer, "trace_pixel", path, image, "first", 5, (3, 3))
    convolution, pooling, normalisation, relu = trace.steps
    assert convolution.text == f"sum of 9 products: {convolution.value:.3f}"
    assert pooling.text == "largest of 3×3"
    assert pooling.value == convolution.value
    assert normalisation.text.endswith("× 1.500 + -99.000")
    assert relu.text == f"max(0, {normalisation.value:.3f})"
    assert relu.value == 0
    trace = in_keras(networks.answer, "trace_pixel", path, image, "add", 0, (1, 1))
    assert trace.patch is None
    assert "(mean)" in trace.steps[0].text
    assert "(tanh)" in trace.steps[0].text


@pytest.mark.parametrize(
    ("stage", "at"), [("first", (0, 27)), ("add", (0, 0)), ("last", (3, 3)), ("last", (6, 0))]
)
def test_receptive_field_is_what_changes_the_value(
    in_keras: InKeras, path: str, stage: str, at: tuple[int, int]
) -> None:
    in_keras(networks.build_positive, path)
    black = np.zeros((28, 28), np.uint8)
    trace = in_keras(networks.answer, "trace_pixel", path, black, stage, 0, at)
    one_white = np.zeros((28 * 28, 28, 28), np.uint8)
    one_white.reshape(784, 784)[np.arange(784), np.arange(784)] = 255
    changed = in_keras(networks.find_changed, path, one_white, stage, at)
    rows, columns = np.nonzero(changed)
    assert trace.field == (rows.min(), columns.min(), rows.max(), columns.max())
    assert changed.sum() == (np.ptp(rows) + 1) * (np.ptp(columns) + 1)


def test_receptive_field_by_hand(in_keras: InKeras, path: str) -> None:
    in_keras(networks.build_positive, path)
    # 3×3; the mean adds 1 on each side and moves by 2; inner 2 more; last 2 times 2 more.
    black = np.zeros((28, 28), np.uint8)
    trace = in_keras(networks.answer, "trace_pixel", path, black, "last", 0, (3, 3))
    # Position 3 takes 5 to 9 of the sums (one row of padding above), these 4 to 10 of the means,
    # these 8 to 22 of the first maps (no padding above), these 7 to 23 of the image.
    assert trace.field == (7, 7, 23, 23)


def test_highest_values_and_their_positions(in_keras: InKeras, path: str) -> None:
    in_keras(networks.build_varied, path)
    images = np.random.default_rng(2).integers(0, 256, (3, 28, 28), dtype=np.uint8)
    values, positions = in_keras(networks.answer, "find_maxima", path, images)["valid"]
    (stage,) = in_keras(networks.answer, "compute_stages", path, images[2])[-1:]
    flat = stage.maps.reshape(-1, 4)
    np.testing.assert_array_equal(positions[2], flat.argmax(axis=0))
    np.testing.assert_allclose(values[2], flat.max(axis=0), rtol=1e-5)


def test_pixel_that_is_not_there(in_keras: InKeras, path: str, image: np.ndarray) -> None:
    in_keras(networks.build_varied, path)
    for stage, channel, at in [("first", 6, (0, 0)), ("first", 0, (14, 0)), ("none", 0, (0, 0))]:
        message = in_keras(networks.answer, "trace_pixel", path, image, stage, channel, at)
        assert "There is no pixel" in message
