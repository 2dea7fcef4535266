"""The demo set looks and behaves like the data set, and the validation split like a split."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fmnist.classes import CLASS_NAMES
from fmnist.data import demo, load_dataset, load_demo_dataset, split_validation
from tests.support.archives import build_arrays, use_folders, write_idx


@pytest.fixture(scope="module")
def images() -> tuple[np.ndarray, np.ndarray]:
    labels = (np.arange(500) % 10).astype(np.uint8)
    return demo.draw_images(labels, np.random.default_rng(0), lambda *_: None), labels


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(demo, "N_TRAIN", 40)
    monkeypatch.setattr(demo, "N_TEST", 20)
    return use_folders(monkeypatch, tmp_path)


def test_images_fill_the_longer_side_and_are_centred(images):
    x, _ = images
    for image in x > 0:
        rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
        height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
        assert max(height, width) >= 27
        assert abs(rows[0] - (27 - rows[-1])) <= 2
        assert abs(columns[0] - (27 - columns[-1])) <= 2


def test_images_are_light_on_dark(images):
    x, _ = images
    assert x.dtype == np.uint8
    assert 0.3 < (x == 0).mean() < 0.7  # the public set has one half
    assert 50 < x.mean() < 110  # the public set has 73


def test_no_two_images_are_the_same(images):
    x, _ = images
    assert len(np.unique(x.reshape(len(x), -1), axis=0)) == len(x)


def test_the_classes_can_be_separated_but_not_perfectly(images):
    """The nearest class mean is right far above chance, and far from always."""
    x, y = images
    flat = x.reshape(len(x), -1).astype(float) / 255
    train, test = np.arange(len(y)) < 350, np.arange(len(y)) >= 350
    means = np.stack([flat[train & (y == k)].mean(0) for k in range(10)])
    predicted = ((flat[test][:, None] - means) ** 2).sum(2).argmin(1)
    assert 0.5 < (predicted == y[test]).mean() < 0.95


def test_the_same_seed_draws_the_same(archive):
    first, again = (demo.build_demo(lambda *_: None, seed=3) for _ in range(2))
    other = demo.build_demo(lambda *_: None, seed=4)
    for name, array in first.items():
        np.testing.assert_array_equal(array, again[name])
    assert (first["x_train"] != other["x_train"]).any()


def test_it_is_what_comes_when_there_is_nothing_else(archive):
    seen = []
    dataset = load_dataset(lambda *step: seen.append(step))
    assert dataset.source.is_demo
    assert dataset.source.folder is None
    assert dataset.source.label == "Demo set: 40 + 20 garments drawn by this program"
    assert "Downloads are switched off" in dataset.source.notes[0]
    assert dataset.x_train.shape == (40, 28, 28)
    assert np.bincount(dataset.y_test).tolist() == [2] * len(CLASS_NAMES)
    assert ("Drawing the demo set", 0.0) in seen


def test_it_is_drawn_once(archive, monkeypatch):
    first = load_dataset()
    monkeypatch.setattr("fmnist.data.load.build_demo", lambda _: pytest.fail("drawn again"))
    assert load_demo_dataset().fingerprints == first.fingerprints


def test_it_can_be_had_beside_a_real_set(archive):
    write_idx(archive, build_arrays())
    assert not load_dataset().source.is_demo
    assert load_demo_dataset().source.is_demo
    assert load_demo_dataset().source.notes == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 9), max_size=300),
    st.floats(0.01, 0.99),
    st.integers(0, 2**32 - 1),
)
def test_split_is_a_stratified_partition(labels, share, seed):
    y = np.array(labels, np.uint8)
    train, validation = split_validation(y, share=share, seed=seed)
    assert train.dtype == validation.dtype == np.int64
    np.testing.assert_array_equal(np.sort(np.concatenate([train, validation])), np.arange(len(y)))
    assert (np.diff(train) > 0).all()
    assert (np.diff(validation) > 0).all()
    for label in range(10):
        n, n_validation = (y == label).sum(), (y[validation] == label).sum()
        assert abs(n_validation - share * n) <= 1
        assert n < 2 or 0 < n_validation < n


def test_split_depends_on_the_seed_alone():
    y = np.repeat(np.arange(10), 100).astype(np.uint8)
    np.testing.assert_array_equal(split_validation(y)[1], split_validation(y.copy(), seed=0)[1])
    assert (split_validation(y, seed=1)[1] != split_validation(y, seed=0)[1]).any()


def test_smaller_validation_part_lies_within_the_larger() -> None:
    y = np.random.default_rng(0).integers(0, 10, 3_000).astype(np.uint8)
    small, large = (split_validation(y, share=share)[1] for share in (0.02, 0.1))
    assert set(small) < set(large)


def test_a_share_of_nothing_keeps_every_image_for_training() -> None:
    train, validation = split_validation(np.zeros(9, np.uint8), share=0)
    assert train.tolist() == list(range(9))
    assert validation.tolist() == []


@pytest.mark.parametrize("share", [1, -0.1, 1.5, float("nan")])
def test_a_share_outside_its_range(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        split_validation(np.zeros(9, np.uint8), share=share)
