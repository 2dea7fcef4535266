from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from fmnist.data import load_dataset
from fmnist.errors import InferenceError
from fmnist.explain import robustness
from fmnist.explain.robustness import (
    choose_items,
    find_kept_path,
    load_robustness,
    measure_robustness,
)
from fmnist.images.corruptions import CORRUPTIONS
from fmnist.inference import InferencePool
from fmnist.runs import open_run
from fmnist.settings import PROJECT_DIR
from tests.support.archives import REAL_ARCHIVE
from tests.support.runs import make_run

LABELS = np.repeat(np.arange(10), 30).astype(np.uint8)
IMAGES = np.zeros((300, 28, 28), np.uint8)
IMAGES[:, 10:18, 10:18] = 20 * (LABELS[:, None, None] + 1)
DATASET: Any = SimpleNamespace(x_test=IMAGES, y_test=LABELS, fingerprints={"test": "t"})


class Brightness:
    """Classifies by the brightness of the middle, which only some corruptions change."""

    n_asked = 0

    def predict(self, _run: object, images: np.ndarray) -> np.ndarray:
        self.n_asked += 1
        answers = np.clip(np.rint(images[:, 13:15, 13:15].mean(axis=(1, 2)) / 20) - 1, 0, 9)
        return np.eye(10)[answers.astype(int)]


def test_items_are_as_many_of_each_class() -> None:
    rows = choose_items(LABELS, 100)
    assert np.bincount(LABELS[rows]).tolist() == [10] * 10
    assert (np.diff(rows) > 0).all()
    np.testing.assert_array_equal(rows, choose_items(LABELS, 100))
    np.testing.assert_array_equal(choose_items(LABELS, 300), np.arange(300))


def test_accuracy_by_severity_of_a_classifier_of_brightness() -> None:
    shares: list[float] = []
    found = measure_robustness(Brightness(), None, DATASET, 100, shares.append)  # type: ignore[arg-type]
    assert (found.n_items, found.clean) == (100, 1.0)
    assert set(found.accuracy) == set(CORRUPTIONS)
    assert found.accuracy["shift"][0] == 1.0
    assert found.accuracy["brightness"][4] < 0.3
    assert found.mean == pytest.approx(np.mean(list(found.accuracy.values())))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


def test_what_was_measured_is_kept_until_the_network_changes(isolated: Path) -> None:
    run = make_run("finished")
    with pytest.raises(InferenceError, match="has no network"):
        find_kept_path(run, DATASET.fingerprints["test"], 100)
    (run.path / "model.keras").write_bytes(b"weights")
    pool = Brightness()
    first = load_robustness(pool, run, DATASET, 100, lambda _share: None)  # type: ignore[arg-type]
    assert pool.n_asked == 1 + 10 * 5
    assert load_robustness(pool, run, DATASET, 100, lambda _share: None) == first  # type: ignore[arg-type]
    assert pool.n_asked == 1 + 10 * 5
    path = find_kept_path(run, DATASET.fingerprints["test"], 100)
    assert find_kept_path(run, DATASET.fingerprints["test"], 200) != path
    (run.path / "model.keras").write_bytes(b"other weights")
    assert find_kept_path(run, DATASET.fingerprints["test"], 100) != path


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.real_data
@pytest.mark.parametrize("run_id", ["baseline", "cnn", "compact"])
def test_severity_0_is_the_accuracy_that_the_run_has_stored(
    run_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One figure in two ways: of ``model.onnx`` asked now, and of Keras after the training."""
    monkeypatch.setenv("FMNIST_ARCHIVE", str(REAL_ARCHIVE))
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path))
    monkeypatch.setenv("FMNIST_MODELS", str(PROJECT_DIR / "models"))
    monkeypatch.setattr(robustness, "CORRUPTIONS", {})
    dataset, run = load_dataset(download=False), open_run(run_id)
    found = measure_robustness(InferencePool(), run, dataset, 10_000, lambda _share: None)
    report = run.load_report()
    assert report is not None
    assert found.n_items == 10_000
    assert found.clean == report.test["accuracy"]
