from __future__ import annotations

import numpy as np
import pytest

from fmnist import settings
from fmnist.embedding.neighbours import compute_neighbour_accuracy
from fmnist.embedding.project import project

RNG = np.random.default_rng(1)
LABELS = np.arange(300) % 3
FEATURES = (4 * np.eye(3)[LABELS] + RNG.normal(size=(300, 3))).astype(np.float32)


def test_pca_keeps_what_varies_most() -> None:
    flat = np.zeros((50, 6), np.float32)
    flat[:, 2], flat[:, 4] = 10 * RNG.normal(size=50), RNG.normal(size=50)
    shares: list[float] = []
    positions = project(flat, "pca", seed=0, report=shares.append)
    centred = flat - flat.mean(axis=0)
    assert abs(np.corrcoef(positions[:, 0], centred[:, 2])[0, 1]) > 0.99
    assert positions.std(axis=0) == pytest.approx(centred.std(axis=0)[[2, 4]], rel=0.05)
    assert shares[-1] == 1.0


@pytest.mark.slow
def test_tsne_depends_on_its_seed_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    shares: list[float] = []
    first = project(FEATURES, "tsne", seed=5, report=shares.append)
    assert first.shape == (300, 2)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert compute_neighbour_accuracy(first, LABELS) > 0.95
    monkeypatch.setattr(settings, "count_cores", lambda: 1)
    again = project(FEATURES, "tsne", seed=5, report=shares.append)
    np.testing.assert_array_equal(first, again)
