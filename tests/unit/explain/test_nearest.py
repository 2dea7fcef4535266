"""The most similar training images, and the cache of their features."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fmnist.data import load_demo_dataset
from fmnist.explain import Subject, Text
from fmnist.explain.nearest import (
    compute_features,
    describe_vote,
    explain_nearest,
    find_nearest,
    load_features,
)
from tests.support.networks import CornerPool
from tests.support.runs import make_run

pytestmark = pytest.mark.processes


@pytest.fixture(autouse=True)
def fresh() -> None:
    load_features.cache.clear()


def test_nearest_is_the_image_itself_whatever_its_brightness(isolated: Path) -> None:
    run, rng = make_run("finished", "any"), np.random.default_rng(0)
    images = rng.integers(1, 250, (4500, 28, 28), dtype=np.uint8)
    shares: list[float] = []
    features = compute_features(CornerPool(), run, images, shares.append)
    np.testing.assert_allclose(np.linalg.norm(features, axis=1), 1, rtol=1e-5)
    assert shares[:2] == [pytest.approx(512 / 4500), pytest.approx(1024 / 4500)]
    assert shares[-1] == 1.0
    asked = CornerPool().extract(run, images[777:778])[0]
    assert find_nearest(features, asked * 0.5)[0] == 777
    assert len(find_nearest(features, asked)) == 10


def test_vote_of_the_nearest() -> None:
    assert describe_vote(np.array([9, 9, 7]), 9) == (
        "A vote of the 3 nearest says **Ankle boot**, as the network does. Their labels: 2 Ankle "
        "boot, 1 Sneaker."
    )
    # Of classes with equal votes, that of the nearest one.
    assert describe_vote(np.array([6, 0, 0, 6]), 0) == (
        "A vote of the 4 nearest says **Shirt**; the network says T-shirt/top. Their labels: 2 "
        "Shirt, 2 T-shirt/top."
    )


@pytest.mark.slow
def test_features_are_computed_once_for_a_model_and_a_training_set(isolated: Path) -> None:
    run, dataset, shares = make_run("finished", "any"), load_demo_dataset(), list[float]()
    model = run.path / "model.keras"
    model.write_bytes(b"one network")
    first = load_features(CornerPool(), run, dataset, shares.append)
    assert shares
    shares.clear()
    np.testing.assert_array_equal(load_features(CornerPool(), run, dataset, shares.append), first)
    assert not shares
    model.write_bytes(b"another network")
    load_features(CornerPool(), run, dataset, shares.append)
    assert shares


def test_networks_without_a_keras_file_have_features_of_their_own(isolated: Path) -> None:
    dataset = load_demo_dataset()
    for name in ("one", "two"):
        run, shares = make_run("finished", name), list[float]()
        (run.path / "model.onnx").write_bytes(f"network {name}".encode())
        load_features(CornerPool(), run, dataset, shares.append, "test")
        assert shares[-1] == 1.0
        assert len(load_features(CornerPool(), run, dataset, shares.append, "test")) == 1000


def test_features_need_no_cache_folder(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, dataset, shares = make_run("finished", "any"), load_demo_dataset(), list[float]()
    (run.path / "model.keras").write_bytes(b"one network")
    (isolated / "file").touch()
    monkeypatch.setenv("FMNIST_CACHE", str(isolated / "file" / "below"))
    assert len(load_features(CornerPool(), run, dataset, shares.append)) == len(dataset.x_train)


def test_features_without_a_cache_folder_are_computed_once_a_process(
    isolated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, dataset, shares = make_run("finished", "any"), load_demo_dataset(), list[float]()
    (run.path / "model.keras").write_bytes(b"one network")
    (isolated / "file").touch()
    monkeypatch.setenv("FMNIST_CACHE", str(isolated / "file" / "below"))
    load_features(CornerPool(), run, dataset, shares.append)
    assert shares
    shares.clear()
    load_features(CornerPool(), run, dataset, shares.append)
    assert not shares


def test_features_need_no_room_on_the_disk(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from joblib._store_backends import FileSystemStoreBackend

    run, dataset, shares = make_run("finished", "any"), load_demo_dataset(), list[float]()
    (run.path / "model.keras").write_bytes(b"a network of its own")
    # What joblib does when the disk is full: a warning, and nothing is stored.
    monkeypatch.setattr(FileSystemStoreBackend, "dump_item", lambda *_, **__: None)
    assert len(load_features(CornerPool(), run, dataset, shares.append)) == len(dataset.x_train)
    assert shares.count(1.0) == 1  # computed once


def test_classical_model_has_no_features_and_says_so(isolated: Path) -> None:
    run = make_run("finished", "forest", network="random_forest")
    dataset = load_demo_dataset()
    subject = Subject(CornerPool(), run, np.asarray(dataset.x_test[0]), 0, dataset=dataset)
    (part,) = explain_nearest(subject)
    assert isinstance(part, Text)
    assert "has no layers" in part.text
    assert "Occlusion" in part.text
