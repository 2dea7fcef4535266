"""Where a network looks and what it is reminded of, with networks made for the purpose."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fmnist.data import load_demo_dataset
from fmnist.explain.insight import (
    compute_features,
    compute_occlusion,
    find_nearest,
    load_features,
)
from fmnist.explore.templates import compute_template
from fmnist.runs import Run
from tests.support.runs import make_run


class Corner:
    """Believes in class 3 as far as the upper left corner is bright."""

    def predict(self, run: Run, images: np.ndarray) -> np.ndarray:
        y_proba = np.zeros((len(images), 10), np.float32)
        y_proba[:, 3] = images[:, 2:8, 2:8].mean(axis=(1, 2)) / 255
        y_proba[:, 0] = 1 - y_proba[:, 3]
        return y_proba

    def extract(self, run: Run, images: np.ndarray) -> np.ndarray:
        return images.reshape(len(images), -1)[:, :50].astype(np.float32)


def test_evidence_lies_where_the_network_looks(isolated: Path) -> None:
    image = np.full((28, 28), 40, np.uint8)
    image[2:8, 2:8] = 250
    fall = compute_occlusion(Corner(), make_run("finished", "any"), image, 3)
    assert fall.shape == (28, 28)
    assert fall.dtype == np.float32
    assert fall[3:7, 3:7].min() > 0.1
    assert np.abs(fall[16:, 16:]).max() < 1e-6
    against = compute_occlusion(Corner(), make_run("finished", "other"), image, 0)
    np.testing.assert_allclose(against, -fall, atol=1e-6)


def test_blank_image_has_no_evidence(isolated: Path) -> None:
    run = make_run("finished", "any")
    fall = compute_occlusion(Corner(), run, np.zeros((28, 28), np.uint8), 3)
    assert not fall.any()


def test_nearest_is_the_image_itself_whatever_its_brightness(isolated: Path) -> None:
    run, rng = make_run("finished", "any"), np.random.default_rng(0)
    images = rng.integers(1, 250, (4500, 28, 28), dtype=np.uint8)
    shares: list[float] = []
    features = compute_features(Corner(), run, images, shares.append)
    np.testing.assert_allclose(np.linalg.norm(features, axis=1), 1, rtol=1e-5)
    assert shares == [pytest.approx(2000 / 4500), pytest.approx(4000 / 4500), 1.0]
    asked = Corner().extract(run, images[777:778])[0]
    assert find_nearest(features, asked * 0.5)[0] == 777
    assert len(find_nearest(features, asked)) == 5


def test_features_are_computed_once_for_a_model_and_a_training_set(isolated: Path) -> None:
    run, dataset, shares = make_run("finished", "any"), load_demo_dataset(), list[float]()
    model = run.path / "model.keras"
    model.write_bytes(b"one network")
    first = load_features(Corner(), run, dataset, shares.append)
    assert shares
    shares.clear()
    np.testing.assert_array_equal(load_features(Corner(), run, dataset, shares.append), first)
    assert not shares
    model.write_bytes(b"another network")
    load_features(Corner(), run, dataset, shares.append)
    assert shares


def test_features_need_no_cache_folder(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, dataset, shares = make_run("finished", "any"), load_demo_dataset(), list[float]()
    (run.path / "model.keras").write_bytes(b"one network")
    (isolated / "file").touch()
    monkeypatch.setenv("FMNIST_CACHE", str(isolated / "file" / "below"))
    assert len(load_features(Corner(), run, dataset, shares.append)) == len(dataset.x_train)


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
