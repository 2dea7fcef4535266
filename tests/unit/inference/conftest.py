from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest


@pytest.fixture
def models(trained: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FMNIST_MODELS", str(trained))
    return trained


@pytest.fixture
def test_images(
    tiny_archive: Path, tiny_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> np.ndarray:
    from fmnist.data import load_dataset

    monkeypatch.setenv("FMNIST_ARCHIVE", str(tiny_archive))
    monkeypatch.setenv("FMNIST_CACHE", str(tiny_cache))
    return np.asarray(load_dataset().x_test)
