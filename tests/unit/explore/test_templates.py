"""The mean and the outline of a class, to draw over."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fmnist.data import load_demo_dataset
from fmnist.explore.templates import compute_template


def test_templates_to_draw_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_cache: Path
) -> None:
    monkeypatch.setenv("FMNIST_CACHE", str(tiny_cache))
    dataset = load_demo_dataset()
    mean = compute_template(dataset, 1, "Mean")
    outline = compute_template(dataset, 1, "Outline")
    assert mean.shape == outline.shape == (28, 28)
    assert mean.dtype == outline.dtype == np.uint8
    trousers = np.asarray(dataset.x_train[dataset.y_train == 1])
    np.testing.assert_allclose(mean, trousers.mean(axis=0), atol=0.51)
    assert 10 < (outline > 0).sum() < (mean > 60).sum()
    assert set(np.unique(outline)) == {0, 230}
