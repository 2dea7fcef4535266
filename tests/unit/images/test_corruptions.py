"""Corruptions: fixed, repeatable, stronger with each severity."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist.images.corruptions import CORRUPTIONS, SEVERITIES, corrupt_images


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    rng = np.random.default_rng(0)
    x = np.zeros((40, 28, 28), np.uint8)
    x[:, 4:24, 8:20] = rng.integers(60, 256, (40, 20, 12))
    return x


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_severity_0_is_the_image_itself(images: np.ndarray, name: str) -> None:
    assert corrupt_images(images, name, 0) is images


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_each_severity_changes_more_and_always_in_the_same_way(
    images: np.ndarray, name: str
) -> None:
    before = images.copy()
    changes = []
    for severity in SEVERITIES:
        corrupted = corrupt_images(images, name, severity)
        assert (corrupted.dtype, corrupted.shape) == (np.uint8, images.shape)
        np.testing.assert_array_equal(corrupted, corrupt_images(images, name, severity))
        changes.append(np.abs(corrupted.astype(int) - images).mean())
    assert (np.diff(changes) > 0).all(), changes
    np.testing.assert_array_equal(images, before)


def test_amounts_by_hand(images: np.ndarray) -> None:
    assert (corrupt_images(images, "inversion", 5) == 255 - images).all()
    np.testing.assert_array_equal(
        corrupt_images(images, "brightness", 2), np.rint(images * 0.6).astype(np.uint8)
    )
    grey = np.full((3, 28, 28), 200, np.uint8)
    assert (corrupt_images(grey, "occlusion", 3) == 0).sum(axis=(1, 2)).tolist() == [100] * 3
    noise = corrupt_images(np.full((200, 28, 28), 128, np.uint8), "noise", 2).astype(float)
    assert noise.std() == pytest.approx(20, rel=0.02)


def test_another_seed_draws_other_places(images: np.ndarray) -> None:
    for name in ("noise", "shift", "rotation", "occlusion"):
        one, other = (corrupt_images(images, name, 3, seed=seed) for seed in (0, 1))
        assert (one != other).any(), name
