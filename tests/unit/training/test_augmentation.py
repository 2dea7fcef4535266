"""The augmentation layers."""

from __future__ import annotations

import numpy as np

from fmnist.runs.settings_spec import SETTINGS
from tests.support import in_keras_augmentation as keras_checks


def test_no_augmentation_changes_nothing(in_keras) -> None:
    images = np.random.default_rng(0).integers(0, 256, (4, 28, 28, 1)).astype(np.float32)
    np.testing.assert_array_equal(in_keras(keras_checks.augment, "none", images, 0), images)


def test_every_choice_has_its_layers_and_another_name_none(in_keras) -> None:
    names = [*SETTINGS["augmentation"].choices, "flip_rotate"]
    assert in_keras(keras_checks.find_unknown, names) == ["flip_rotate"]


def test_flip_mirrors_about_half_of_the_images_and_nothing_else(in_keras) -> None:
    images = np.random.default_rng(0).integers(0, 256, (200, 28, 28, 1)).astype(np.float32)
    seen = in_keras(keras_checks.augment, "flip", images, 0)
    as_is = (seen == images).all(axis=(1, 2, 3))
    mirrored = (seen == images[:, :, ::-1]).all(axis=(1, 2, 3))
    assert (as_is ^ mirrored).all()
    assert 60 < mirrored.sum() < 140


def test_shift_moves_whole_pixels_by_at_most_two_over_background(in_keras) -> None:
    images = np.zeros((200, 28, 28, 1), np.float32)
    images[:, 13, 14] = 255
    images[:, 0, 0] = 255
    seen = in_keras(keras_checks.augment, "flip_shift", images, 0)
    assert seen.shape == images.shape
    assert seen.dtype == np.float32
    assert set(np.unique(seen)) == {0.0, 255.0}
    _, y, x, _ = np.nonzero(seen[:, 9:19, 9:19])
    assert len(y) == 200
    moves_y = {int(move) for move in y + 9 - 13}
    centres = {int(place) for place in x + 9}
    assert moves_y == {-2, -1, 0, 1, 2}
    assert centres <= set(range(13 - 2, 14 + 3))


def test_crop_moves_by_at_most_four_pixels_and_cutout_covers_one_square(in_keras) -> None:
    images = np.zeros((400, 28, 28, 1), np.float32)
    images[:, 13, 13] = 255
    seen = in_keras(keras_checks.augment, "crop_cutout", images, 0)[..., 0]
    _, y, x = np.nonzero(seen)
    assert {int(move) for move in y - 13} == set(range(-4, 5))
    assert {int(move) for move in x - 13} == set(range(-4, 6))  # mirrored, it begins at 14
    # Covered where a square around any of the pixels reaches it: about 14² of 28².
    assert 0.65 < len(y) / len(images) < 0.85
    seen = in_keras(keras_checks.augment, "crop_cutout", np.full_like(images, 300), 0)[..., 0]
    sides = set()
    for image in seen:
        rows, columns = (np.flatnonzero((image[4:-4, 4:-4] == 0).any(axis=axis)) for axis in (1, 0))
        if len(rows):
            assert (
                image[4:-4, 4:-4][rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] == 0
            ).all()
            sides |= {len(rows), len(columns)}
    assert max(sides) == 14
    assert set(np.unique(seen)) == {0.0, 300.0}


def test_seed_decides_the_augmentation(in_keras) -> None:
    images = np.random.default_rng(0).integers(0, 256, (32, 28, 28, 1)).astype(np.float32)
    first, same, other = (
        in_keras(keras_checks.augment, "flip_shift", images, seed) for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()


def test_erasing_fills_one_rectangle_of_about_half_of_the_images(in_keras) -> None:
    images = np.full((400, 28, 28, 1), 300, np.float32)  # brighter than any noise
    seen = in_keras(keras_checks.augment, "flip_erase", images, 0)[..., 0]
    erased = seen != 300
    share = erased.mean(axis=(1, 2))
    assert 140 < (share > 0).sum() < 260
    assert share[share > 0].min() > 0.01
    assert share.max() <= 0.45
    for mask in erased[share > 0]:
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        assert mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].all()
    assert seen[erased].std() > 50
