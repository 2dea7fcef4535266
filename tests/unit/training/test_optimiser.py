"""The loss with smoothed labels."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support import in_keras_networks as keras_checks


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
@pytest.mark.parametrize("shape", [(20,), (20, 1)])
def test_smoothed_loss_is_that_of_keras(in_keras, share: float, shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    proba = rng.dirichlet(np.ones(10), 20).astype(np.float32)
    labels = rng.integers(0, 10, 20).astype(np.uint8).reshape(shape)
    ours, theirs = in_keras(keras_checks.smooth, share, labels, proba)
    assert ours == pytest.approx(theirs, rel=1e-6)
