from __future__ import annotations

from pathlib import Path

import pytest

from fmnist.data import Dataset, load_dataset
from tests.support import evaluate_pages


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """The data set of ``evaluate_pages``: 50 training images and 200 test images."""
    for name in ("archive", "cache", "models"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(f"FMNIST_{name.upper()}", str(tmp_path / name))
    monkeypatch.setenv("FMNIST_OFFLINE", "1")
    evaluate_pages.write_archive(tmp_path / "archive")
    return load_dataset()
