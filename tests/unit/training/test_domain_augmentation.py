"""Domain augmentation of garments drawn here, and of demo images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fmnist.classes import OUTLIER
from fmnist.data import load_demo_dataset
from fmnist.training.domain_augmentation import augment_batch, augment_image
from fmnist.training.domain_augmentation.accessories import draw_accessory
from fmnist.training.domain_augmentation.backpacks import show_backpack
from fmnist.training.domain_augmentation.canvas import (
    MARKS,
    SIDE,
    find_box,
    is_inside,
    spread_canvas,
)
from fmnist.training.domain_augmentation.dresses import add_sleeves, flare_skirt
from fmnist.training.domain_augmentation.marks import draw_marks
from fmnist.training.domain_augmentation.outliers import build_outlier
from fmnist.training.domain_augmentation.paint import paint_outline
from fmnist.training.domain_augmentation.poses import (
    PULLOVER,
    SANDAL,
    T_SHIRT,
    TROUSER,
    spread_limbs,
)  # fmt: skip
from fmnist.training.domain_augmentation.wearer import add_wearer
from tests.support.silhouettes import LEGS, SHOE, SLEEVES_DOWN, draw, rng


def test_same_seed_gives_the_same_images_in_every_version(tiny_cache: Path, monkeypatch) -> None:
    """Shipped calibrations hold only while the images are these: none of the draws may change."""
    monkeypatch.setenv("FMNIST_CACHE", str(tiny_cache))
    demo, generator = load_demo_dataset(), rng(7)
    x, y = np.asarray(demo.x_train[:30]), np.asarray(demo.y_train[:30])
    images, labels = augment_batch(x, y, generator)
    # Mean tones rather than a hash: OpenCV rounds differently on other processors.
    np.testing.assert_allclose(
        images.mean(axis=(1, 2)),
        [
            53.3, 5.2, 127.9, 35.4, 39.4, 10.6, 22.0, 40.3, 82.9, 54.8, 79.7, 22.9, 82.1, 28.5,
            6.1, 66.5, 71.3, 52.3, 43.3, 35.1, 79.2, 58.9, 40.3, 90.9, 43.7, 34.7, 80.4, 40.6,
            78.9, 68.3,
        ],
        atol=0.5,
    )  # fmt: skip
    assert np.flatnonzero(labels == OUTLIER).tolist() == [6, 23, 24]
    assert generator.random() == 0.07447928008778937


@pytest.mark.parametrize("mode", ["own", "photo", "flat", "outline"])
@pytest.mark.parametrize("label", range(10))
def test_augmented_image_is_an_image_of_something(mode: str, label: int) -> None:
    garment = {1: LEGS, 5: SHOE, 7: SHOE, 9: SHOE}.get(label, SLEEVES_DOWN)
    for seed in range(15):
        image = augment_image(garment, label, rng(seed), mode)
        assert image.shape == (28, 28)
        assert image.dtype == np.uint8
        rows, columns = np.nonzero(image)
        assert max(np.ptp(rows), np.ptp(columns)) >= 18
    again = [augment_image(garment, label, rng(3), mode) for _ in range(2)]
    assert (again[0] == again[1]).all()


def test_own_mode_hardly_changes_the_image() -> None:
    images = [augment_image(SLEEVES_DOWN, PULLOVER, rng(seed), "own") for seed in range(20)]
    alike = [((image > 80) == (SLEEVES_DOWN > 80)).mean() for image in images]  # it is symmetric
    assert np.median(alike) > 0.85
    assert min(alike) > 0.75


@pytest.mark.parametrize("image", [np.zeros((28, 28), np.uint8), np.full((28, 28), 255, np.uint8)])
def test_blank_and_full_images_are_accepted(image: np.ndarray) -> None:
    for seed in range(30):
        images, _ = augment_batch(
            np.stack([image] * 2), np.array([seed % 10, 3], np.uint8), rng(seed)
        )
        assert (images.shape, images.dtype) == ((2, 28, 28), np.uint8)
        assert images.any(axis=(1, 2)).all() or not image.any()


def test_an_eighth_of_a_batch_become_outliers() -> None:
    labels = np.full(600, PULLOVER, np.uint8)
    images, given = augment_batch(np.stack([SLEEVES_DOWN] * 600), labels, rng())
    assert images.dtype == np.uint8
    assert set(given.tolist()) == {PULLOVER, OUTLIER}
    assert 50 <= (given == OUTLIER).sum() <= 105


def test_spread_sleeves_make_the_garment_wider_than_it_is_high() -> None:
    canvas = spread_canvas(SLEEVES_DOWN)
    before = find_box(is_inside(canvas))
    widest = max(
        find_box(is_inside(spread_limbs(canvas, PULLOVER, rng(s)))).width for s in range(20)
    )
    assert widest > 1.3 * before.width


def test_spread_legs_stand_further_apart() -> None:
    canvas = spread_canvas(LEGS)
    for seed in range(10):
        after = find_box(is_inside(spread_limbs(canvas, TROUSER, rng(seed))))
        assert after.width > find_box(is_inside(canvas)).width


def test_t_shirt_without_visible_sleeves_gets_short_ones() -> None:
    canvas = spread_canvas(draw([(5, 0), (22, 0), (22, 27), (5, 27)]))
    for seed in range(10):
        inside = is_inside(spread_limbs(canvas, T_SHIRT, rng(seed)))
        box = find_box(inside)
        widths = inside[box.top : box.bottom].sum(axis=1)
        assert widths[: box.height // 2].max() > 1.2 * np.median(widths[-box.height // 4 :])


def test_wearer_is_added_above_or_below_and_the_garment_stays() -> None:
    canvas = spread_canvas(SLEEVES_DOWN)
    before = is_inside(canvas)
    worn = [add_wearer(canvas, PULLOVER, rng(seed)) for seed in range(10)]
    assert all((each[before] == canvas[before]).all() for each in worn)
    assert max(is_inside(each).sum() for each in worn) > 1.1 * before.sum()


@pytest.mark.parametrize("label", range(10))
def test_outliers_stay_on_the_canvas(label: int) -> None:
    garment = LEGS if label == TROUSER else SLEEVES_DOWN
    for seed in range(20):
        outlier = build_outlier(spread_canvas(garment), label, rng(seed))
        assert outlier.shape == (SIDE, SIDE, 4)
        assert outlier.dtype == np.float32
        assert 0 <= outlier.min() <= outlier.max() <= 255


def test_accessories_are_large_enough_and_have_parts() -> None:
    accessories = [draw_accessory(rng(seed)) for seed in range(60)]
    for accessory in accessories:
        inside = is_inside(accessory)
        box = find_box(inside)
        assert max(box.height, box.width) >= 18
        assert not inside[[0, -1]].any()  # whole, so that it can be turned
        assert 0 <= accessory.min() <= accessory.max() <= 255
    with_parts = [each for each in accessories if (each[..., MARKS] > 0).any()]
    assert len(with_parts) > 40
    shapes = {tuple(np.packbits(is_inside(each)).tolist()) for each in accessories}
    assert len(shapes) == len(accessories)


def test_backpack_is_higher_than_wide_and_has_the_bags_tone() -> None:
    for tone in (60, 200):
        canvas = spread_canvas(draw([(0, 8), (27, 8), (27, 24), (0, 24)], tone))
        packs = [show_backpack(canvas, rng(seed)) for seed in range(20)]
        for pack in packs:
            box = find_box(is_inside(pack))
            assert box.height > box.width
        means = [pack[..., 0][is_inside(pack)].mean() for pack in packs]
        assert abs(np.median(means) - tone) < 40


def test_dress_gets_sleeves_and_stays_what_it_is() -> None:
    canvas = spread_canvas(draw([(10, 0), (17, 0), (20, 27), (7, 27)]))
    before = is_inside(canvas)
    below = find_box(before).top + 3 * find_box(before).height // 4
    areas = []
    for seed in range(20):
        after = add_sleeves(canvas, rng(seed))
        assert (after[before] == canvas[before]).all()
        added = is_inside(after) & ~before
        assert not added[below:].any()
        areas.append([added[:, : SIDE // 2].sum(), added[:, SIDE // 2 :].sum()])
    left, right = np.median(areas, axis=0)
    assert min(left, right) > 0.03 * before.sum()
    assert 0.8 < left / right < 1.25


def test_trousers_become_shorts() -> None:
    canvas = spread_canvas(LEGS)
    for seed in range(10):
        shorts = find_box(is_inside(build_outlier(canvas, TROUSER, rng(seed))))
        assert shorts.height <= 0.6 * find_box(is_inside(canvas)).height


@pytest.mark.parametrize("label", range(10))
def test_marks_are_painted_as_strokes(label: int) -> None:
    canvas = spread_canvas(SHOE if label in (5, 7, 9) else SLEEVES_DOWN)
    marked = [draw_marks(canvas, label, rng(seed)) for seed in range(10)]
    has_marks = [bool((each[..., MARKS] > 0.5).any()) for each in marked]
    assert any(has_marks) is (label != SANDAL)
    for seed, each in enumerate(marked):
        tones, _ = paint_outline(each, rng(seed), keep_holes=False)
        plain, _ = paint_outline(canvas, rng(seed), keep_holes=False)
        assert (tones != plain).any() == has_marks[seed]


def test_flared_dress_is_wider_at_its_hem_only() -> None:
    canvas = spread_canvas(draw([(10, 0), (17, 0), (18, 27), (9, 27)]))
    before = is_inside(canvas).sum(axis=1)
    for seed in range(10):
        after = is_inside(flare_skirt(canvas, rng(seed))).sum(axis=1)
        box = find_box(is_inside(canvas))
        assert after[box.top + 2] == before[box.top + 2]
        assert after[box.bottom - 3] > 1.1 * before[box.bottom - 3]
