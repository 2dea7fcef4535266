from __future__ import annotations

import numpy as np
import pytest

from fmnist.evaluation.calibration import (
    apply_temperature,
    combine_views,
    compute_coverage,
    fit_temperature,
)


def draw(n: int, sharpness: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Labels drawn from softmax probabilities, and those probabilities told too sharply."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (n, 10))
    true = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = (true.cumsum(axis=1) > rng.random((n, 1))).argmax(axis=1)
    told = np.exp(sharpness * logits)
    return labels, (told / told.sum(axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 2.0, 3.0])
def test_temperature_undoes_overconfidence(sharpness: float) -> None:
    labels, told = draw(20_000, sharpness)
    assert fit_temperature(labels, told) == pytest.approx(sharpness, rel=0.08)


def test_temperature_keeps_the_order_and_the_sum() -> None:
    _, told = draw(50, 2.0)
    softer = apply_temperature(told, 2.5)
    np.testing.assert_allclose(softer.sum(axis=1), 1, rtol=1e-5)
    assert (softer.argmax(axis=1) == told.argmax(axis=1)).all()
    assert (softer.max(axis=1) <= told.max(axis=1) + 1e-6).all()


def test_views_are_combined_geometrically() -> None:
    views = np.array([[0.8, 0.2] + [0.0] * 8, [0.2, 0.8] + [0.0] * 8])
    assert combine_views(views)[:2] == pytest.approx([0.5, 0.5], abs=1e-3)
    ruled_out = np.array([[0.6, 0.4] + [0.0] * 8, [0.0, 1.0] + [0.0] * 8])
    assert combine_views(ruled_out).argmax() == 1
    many = np.stack([views, views[::-1]], axis=1)  # (views, pictures, 10)
    assert combine_views(many).shape == (2, 10)


def test_coverage_begins_with_the_surest() -> None:
    is_right = np.array([True, True, False, False])
    curve = compute_coverage(is_right, np.array([0.9, 0.8, 0.7, 0.6]), points=4)
    assert curve == [(0.25, 1.0), (0.5, 1.0), (0.75, pytest.approx(2 / 3)), (1.0, 0.5)]
    worst = compute_coverage(is_right, np.array([0.1, 0.2, 0.3, 0.4]), points=2)
    assert worst == [(0.5, 0.0), (1.0, 0.5)]
