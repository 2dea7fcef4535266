"""The copy of the network that is trained, and what the network takes from it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support import in_keras_steps as keras_checks


def test_network_adopts_the_average_and_training_goes_on_with_the_raw_weights(in_keras) -> None:
    weights = in_keras(keras_checks.average, True)
    for raw, after in zip(weights["raw"], weights["raw_after"], strict=True):
        np.testing.assert_array_equal(raw, after)
    assert any((a != b).any() for a, b in zip(weights["raw"], weights["adopted"], strict=True))
    # A mean and a variance for each normalisation, averaged as the weights are over a tenth of 60
    # steps, free of their start after four.
    start = (1 - 1 / 6) ** 4
    pairs = zip(weights["statistics"], weights["core_statistics"], strict=True)
    for i, (adopted, of_trainer) in enumerate(pairs):
        unbiased = (of_trainer - (start if i % 2 else 0)) / (1 - start)
        np.testing.assert_allclose(adopted, unbiased, rtol=1e-5, atol=1e-6)
    # Before the first step the average is all zeros: it must not be adopted.
    for a, b in zip(weights["fresh"], weights["untouched"], strict=True):
        np.testing.assert_array_equal(a, b)


def test_without_averaging_the_network_adopts_the_raw_weights(in_keras) -> None:
    weights = in_keras(keras_checks.average, False)
    for raw, adopted in zip(weights["raw"], weights["adopted"], strict=True):
        np.testing.assert_array_equal(raw, adopted)


@pytest.mark.slow
def test_half_precision_learns_the_same_in_full_precision_variables(in_keras) -> None:
    full = in_keras(keras_checks.take_steps, "cnn", "float32", True)
    half = in_keras(keras_checks.take_steps, "cnn", "mixed_bfloat16", True)
    assert half["dtypes"] == {"float32"}
    assert half["losses"] == pytest.approx(full["losses"], rel=0.05)
    assert half["losses"] != full["losses"]
