"""Maps: computed once by the contents of network and data, from recorded predictions."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from fmnist import settings
from fmnist.data import Dataset, load_dataset
from fmnist.embedding.store import MapRequest, load_embedding, open_embedding, place_image
from fmnist.errors import InferenceError, RunError
from fmnist.explain.nearest import load_features
from fmnist.runs import Run, open_run
from tests.support import evaluate_pages
from tests.support.networks import CornerPool
from tests.support.runs import make_run


@pytest.fixture(autouse=True)
def small(isolated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """Use 50 training and 200 test images, with an empty cache."""
    load_features.cache.clear()
    (tmp_path / "small").mkdir()
    evaluate_pages.write_archive(tmp_path / "small")
    monkeypatch.setenv("FMNIST_ARCHIVE", str(tmp_path / "small"))
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "cache"))
    return load_dataset()


@pytest.fixture
def run(small: Dataset) -> Run:
    evaluate_pages.write_run("first", small.fingerprints["test"])
    run = open_run("first")
    (run.path / "model.onnx").write_bytes(b"a network")
    return run


def test_map_is_computed_once(small: Dataset, run: Run) -> None:
    reports: list[tuple[str, float]] = []
    request = MapRequest(run, small, "pca")

    def report(what: str, share: float) -> None:
        reports.append((what, share))

    assert open_embedding(request).load() is None
    found = load_embedding(CornerPool(), request, report)
    np.testing.assert_array_equal(found.rows, np.arange(200))
    np.testing.assert_allclose(found.y_proba, evaluate_pages.build_probabilities())  # recorded
    assert 0 <= found.map_accuracy <= 1
    assert [share for _, share in reports] == sorted(share for _, share in reports)
    reports.clear()
    again = load_embedding(CornerPool(), request, report)
    assert not reports
    np.testing.assert_array_equal(again.positions, found.positions)
    assert (again.map_accuracy, again.seconds) == (found.map_accuracy, found.seconds)


def test_training_images_are_predicted(small: Dataset, run: Run) -> None:
    request = MapRequest(run, small, "pca", "train")
    found = load_embedding(CornerPool(), request, lambda _what, _share: None)
    np.testing.assert_allclose(found.y_proba, CornerPool().predict(run, small.x_train))


def test_image_is_placed_where_it_is(small: Dataset, run: Run) -> None:
    request = MapRequest(run, small, "pca")
    found = load_embedding(CornerPool(), request, lambda _what, _share: None)
    placed = place_image(CornerPool(), request, found, np.asarray(small.x_test[33]))
    np.testing.assert_allclose(placed.position, found.positions[33], atol=1e-4)


def test_map_is_kept_by_contents(small: Dataset, run: Run) -> None:
    paths = {open_embedding(MapRequest(run, small, "pca")).path}
    paths.add(open_embedding(MapRequest(run, small, "tsne")).path)
    paths.add(open_embedding(MapRequest(run, small, "pca", "train")).path)
    paths.add(open_embedding(MapRequest(run, small, "pca", seed=1)).path)
    (run.path / "model.onnx").write_bytes(b"another network")
    paths.add(open_embedding(MapRequest(run, small, "pca")).path)
    assert len(paths) == 5


def test_oldest_maps_are_deleted(small: Dataset, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CACHED_MAPS", 2)
    stores = []
    for seed in range(3):
        request = MapRequest(run, small, "pca", seed=seed)
        load_embedding(CornerPool(), request, lambda _what, _share: None)
        stores.append(open_embedding(request))
        os.utime(stores[-1].result_path, (seed + 1, seed + 1))
    assert [store.path.exists() for store in stores] == [False, True, True]


def test_damaged_map_names_its_file(small: Dataset, run: Run) -> None:
    store = open_embedding(MapRequest(run, small, "pca"))
    store.path.mkdir(parents=True)
    store.result_path.write_bytes(b"PK\x03\x04")
    with pytest.raises(RunError, match=r"map\.npz can't be read.*Delete the file"):
        store.load()


def test_what_has_no_features_has_no_map(small: Dataset) -> None:
    with pytest.raises(RunError, match="classical model"):
        open_embedding(MapRequest(make_run("finished", "f", "random_forest"), small, "pca"))
    with pytest.raises(InferenceError, match="has no network"):
        open_embedding(MapRequest(make_run("finished", "g"), small, "pca"))
