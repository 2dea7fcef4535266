"""The training images that excite a map most."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from fmnist.explain import maxima
from tests.support.runs import make_run

VALUES = np.random.default_rng(0).permutation(600).astype(np.float32).reshape(300, 2)
IMAGES = np.zeros((300, 28, 28), np.uint8)
IMAGES[:, 0, 0] = np.arange(300) % 256
IMAGES[:, 0, 1] = np.arange(300) // 256


def find(_path: Path, images: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return made-up values of two maps by the number in an image; its position is the number."""
    number = images[:, 0, 0] + 256 * images[:, 0, 1].astype(int)
    return {"conv": (VALUES[number], np.stack([number, number], axis=1).astype(np.int32))}


@pytest.fixture(autouse=True)
def own_cache(isolated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(maxima, "find_maxima", find)


def test_highest_of_all_batches_in_order() -> None:
    shares: list[float] = []
    found = maxima.compute_maxima(Path("model.keras"), IMAGES, shares.append)["conv"]
    assert found.shape == (9, 2, 2)
    for channel in range(2):
        expected = np.argsort(-VALUES[:, channel])[:9]
        np.testing.assert_array_equal(found[:, channel, 0], expected)
        np.testing.assert_array_equal(found[:, channel, 1], expected)
    assert shares == [pytest.approx(256 / 300), 1.0]


def test_what_was_found_is_kept_until_the_network_changes() -> None:
    run, shares = make_run("finished", "one"), list[float]()
    dataset: Any = SimpleNamespace(x_train=IMAGES, fingerprints={"train": "t"})
    (run.path / "model.keras").write_bytes(b"one network")
    assert maxima.load_kept_maxima(run, dataset) is None
    first = maxima.load_maxima(run, dataset, shares.append)
    shares.clear()
    again = maxima.load_maxima(run, dataset, shares.append)
    np.testing.assert_array_equal(again["conv"], first["conv"])
    assert not shares
    (run.path / "model.keras").write_bytes(b"another network")
    assert maxima.load_kept_maxima(run, dataset) is None


def test_damaged_file_is_computed_again() -> None:
    run = make_run("finished", "one")
    dataset: Any = SimpleNamespace(x_train=IMAGES, fingerprints={"train": "t"})
    (run.path / "model.keras").write_bytes(b"a network")
    maxima.load_maxima(run, dataset, lambda _share: None)
    (path,) = (maxima._find_path(run, dataset).parent).iterdir()
    path.write_bytes(path.read_bytes()[:100])
    assert maxima.load_kept_maxima(run, dataset) is None
