"""The fused steps beside those of Keras."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support import in_keras_steps as keras_checks


@pytest.mark.parametrize("network", ["baseline", pytest.param("cnn", marks=pytest.mark.slow)])
def test_fused_steps_are_those_of_keras(in_keras, network: str) -> None:
    ours = in_keras(keras_checks.take_steps, network, "float32", True)
    theirs = in_keras(keras_checks.take_steps, network, "float32", False)
    assert ours["losses"] == pytest.approx(theirs["losses"], rel=2e-3)
    for a, b in zip(ours["weights"], theirs["weights"], strict=True):
        # Adam moves each weight by up to the rate a step, whatever the gradient's size, so a
        # rounded gradient near zero may end a step away; hardly any does.
        assert np.mean(np.abs(a - b) > 2e-4) < 0.02


@pytest.mark.parametrize("side", [4, 7, 14])
def test_gradients_of_the_convolution_are_no_farther_off_than_those_of_keras(
    in_keras, side: int
) -> None:
    found = in_keras(keras_checks.differentiate_convolution, side)
    for ours, theirs, exact in zip(found["ours"], found["keras"], found["exact"], strict=True):
        assert ours.shape == theirs.shape == exact.shape
        assert np.abs(exact).max() > 0.1
        # Eight bits, or what Keras loses: without AVX512 it sums the filters' gradient in bfloat16.
        allowed = max(0.02 * np.abs(exact).max(), np.abs(theirs - exact).max())
        assert np.abs(ours - exact).max() <= allowed
