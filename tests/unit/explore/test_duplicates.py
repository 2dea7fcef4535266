from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from fmnist.explore import duplicates as duplicates_module
from fmnist.explore.duplicates import (
    DuplicateGroup,
    Member,
    build_duplicates_table,
    find_duplicates,
)
from fmnist.explore.insights import describe_duplicates


@pytest.fixture
def dataset():
    """Noise images, far from one another: 60 for training, 20 for testing."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (80, 28, 28), dtype=np.uint8)
    y = (np.arange(80) % 10).astype(np.uint8)
    return SimpleNamespace(x_train=x[:60], y_train=y[:60], x_test=x[60:], y_test=y[60:])


def test_noise_has_none(dataset):
    found = find_duplicates(dataset)
    assert found.groups == ()
    assert found.is_complete
    assert found.n_test_leaked == 0
    assert build_duplicates_table(found).empty
    assert "No two of the 80 images are identical; none is within 5 of 255" in describe_duplicates(
        found, 80
    )


def test_identical_images_are_grouped_inside_and_across_the_splits(dataset):
    dataset.x_train[7] = dataset.x_train[17] = dataset.x_test[4] = dataset.x_train[37]
    dataset.x_test[5] = dataset.x_test[6]
    found = find_duplicates(dataset, tolerance=0)
    assert found.groups == (
        DuplicateGroup((Member("test", 6, 5), Member("test", 7, 6)), 0.0),
        DuplicateGroup(
            (
                Member("train", 8, 7),
                Member("train", 18, 7),
                Member("train", 38, 7),
                Member("test", 5, 4),
            ),
            0.0,
        ),
    )
    within, across = found.groups
    assert within.is_identical
    assert within.is_conflicting
    assert not within.is_across
    assert across.is_across
    assert across.is_conflicting
    assert found.n_test_leaked == 1
    sentence = describe_duplicates(found, 80)
    assert "2 groups of identical images" in sentence
    assert "Duplicated in the training set: 1 test image," in sentence
    assert "for the same image: 2 groups." in sentence


def test_near_images_are_found_with_their_difference(dataset):
    dataset.x_train[10] = np.clip(dataset.x_train[0], 3, None)
    dataset.x_test[0] = dataset.x_train[20]
    dataset.x_test[0, 0, 0] ^= 64
    found = find_duplicates(dataset)
    assert [[(m.split, m.row) for m in g.members] for g in found.groups] == [
        [("train", 1), ("train", 11)],
        [("train", 21), ("test", 1)],
    ]
    gap = dataset.x_train[0].astype(float) - dataset.x_train[10]
    assert found.groups[0].difference == pytest.approx(np.sqrt((gap**2).mean()))
    assert found.groups[1].difference == pytest.approx(64 / 28)
    assert not any(group.is_conflicting for group in found.groups)
    assert "; 2 groups of images that look the same, within 5" in describe_duplicates(found, 80)


def test_a_chain_of_near_images_is_one_group_with_its_largest_link(dataset):
    x = dataset.x_train
    x[1], x[2], x[3] = 100, 104, 107
    (group,) = find_duplicates(dataset, tolerance=4.0).groups
    assert [member.row for member in group.members] == [2, 3, 4]
    assert group.difference == pytest.approx(4.0)


def test_copies_stay_in_the_group_of_their_near_image(dataset):
    x = dataset.x_train
    x[1] = x[2] = 100
    x[3] = 102
    (group,) = find_duplicates(dataset).groups
    assert [member.row for member in group.members] == [2, 3, 4]
    assert group.difference == pytest.approx(2.0)


def test_agrees_with_comparing_all_pairs(dataset):
    rng = np.random.default_rng(1)
    dataset.x_train[30:] = np.clip(
        dataset.x_train[:30].astype(int) + rng.integers(-9, 10, (30, 28, 28)), 0, 255
    )
    dataset.x_train[30:33] = dataset.x_train[:3]
    x = np.concatenate([dataset.x_train, dataset.x_test]).reshape(80, -1).astype(float)
    gap = np.sqrt(((x[:, None] - x[None]) ** 2).mean(axis=2))
    expected = {(i, j) for i, j in np.argwhere(gap <= 5.3) if i < j}
    found = find_duplicates(dataset, tolerance=5.3)
    assert {tuple(m.row - 1 for m in g.members) for g in found.groups} == expected
    assert 3 < len(expected) < 33


def test_gives_up_on_a_set_of_near_copies(dataset, monkeypatch):
    monkeypatch.setattr(duplicates_module, "MAX_CANDIDATES", 100)
    dataset.x_train[:] = 50
    dataset.x_train[:, 0, 0] = np.arange(60)
    found = find_duplicates(dataset)
    assert not found.is_complete
    assert found.groups == ()
    assert "Too many images are within 5" in describe_duplicates(found, 80)


def test_table_has_a_row_for_each_image(dataset):
    dataset.x_test[3] = dataset.x_train[3]
    table = build_duplicates_table(find_duplicates(dataset))
    assert table.to_dict("list") == {
        "group": [1, 1],
        "difference": [0.0, 0.0],
        "split": ["train", "test"],
        "row": [4, 4],
        "class": ["Dress", "Dress"],
    }


@pytest.mark.parametrize("n_train", [0, 1])
def test_tiny_sets_have_none(n_train):
    empty = np.zeros((0, 28, 28), dtype=np.uint8)
    dataset = SimpleNamespace(
        x_train=np.zeros((n_train, 28, 28), dtype=np.uint8),
        y_train=np.zeros(n_train, dtype=np.uint8),
        x_test=empty,
        y_test=empty[:, 0, 0],
    )
    assert find_duplicates(dataset).groups == ()
