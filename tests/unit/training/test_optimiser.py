"""The steps of SGD and the loss with smoothed labels."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support import in_keras_steps as keras_checks


@pytest.mark.parametrize("weight_decay", [0.0, 0.05])
def test_sgd_has_nesterovs_momentum_and_decays_kernels_alone(in_keras, weight_decay: float) -> None:
    found = in_keras(keras_checks.take_sgd_steps, weight_decay, 3)
    names, values, gradients = found["names"], found["values"], found["gradients"]
    assert {"kernel", "bias", "gamma", "beta"} <= set(names)
    momentum = [np.zeros_like(value) for value in values[0]]
    for step in range(3):
        for i, name in enumerate(names):
            decay = weight_decay * values[step][i] if name == "kernel" else 0.0
            gradient = gradients[step][i] + decay
            momentum[i] = 0.9 * momentum[i] + gradient
            expected = values[step][i] - 0.1 * (gradient + 0.9 * momentum[i])
            np.testing.assert_allclose(values[step + 1][i], expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
@pytest.mark.parametrize("shape", [(20,), (20, 1)])
def test_smoothed_loss_is_that_of_keras(in_keras, share: float, shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    proba = rng.dirichlet(np.ones(10), 20).astype(np.float32)
    labels = rng.integers(0, 10, 20).astype(np.uint8).reshape(shape)
    ours, theirs = in_keras(keras_checks.smooth, share, labels, proba)
    assert ours == pytest.approx(theirs, rel=1e-6)
