"""Domain augmentation of garments drawn here, and of demo images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from fmnist.classes import OUTLIER
from fmnist.data import load_demo_dataset
from fmnist.training.domain_augmentation import augment_batch, augment_image
from fmnist.training.domain_augmentation.canvas import (
    MARKS,
    SIDE,
    find_box,
    is_inside,
    lay_over,
    spread_canvas,
)
from fmnist.training.domain_augmentation.marks import draw_marks
from fmnist.training.domain_augmentation.outliers import build_outlier
from fmnist.training.domain_augmentation.paint import paint_outline
from fmnist.training.domain_augmentation.poses import (
    BOOT,
    COAT,
    PULLOVER,
    SANDAL,
    SNEAKER,
    T_SHIRT,
    TROUSER,
    flare_skirt,
    pair_behind,
    pair_from_above,
    spread_limbs,
)  # fmt: skip
from fmnist.training.domain_augmentation.soles import lay_sole
from fmnist.training.domain_augmentation.wearer import add_wearer


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def draw(points: list[tuple[int, int]], tone: int = 160) -> np.ndarray:
    image = Image.new("L", (28, 28))
    ImageDraw.Draw(image).polygon(points, fill=tone)
    return np.array(image)


SLEEVES_DOWN = draw([(8, 0), (19, 0), (25, 5), (27, 26), (22, 26), (21, 8), (21, 27), (6, 27),
                     (6, 8), (5, 26), (0, 26), (2, 5)])  # fmt: skip
LEGS = draw([(9, 0), (18, 0), (20, 27), (15, 27), (13, 8), (12, 27), (7, 27)])
SHOE = draw([(0, 22), (0, 15), (10, 12), (20, 6), (27, 6), (27, 22)])


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
            65.9, 15.4, 107.1, 42.3, 39.0, 58.3, 125.5, 28.1, 53.8, 97.9, 24.7, 49.7, 92.9, 62.1,
            5.7, 14.8, 56.2, 48.0, 40.6, 75.6, 79.3, 90.9, 41.0, 49.7, 67.0, 62.2, 103.1, 47.6,
            52.2, 69.7,
        ],
        atol=0.5,
    )  # fmt: skip
    assert np.flatnonzero(labels == OUTLIER).tolist() == [6, 23, 24]
    assert generator.random() == 0.4162244727549058


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


def test_a_tenth_of_a_batch_become_outliers() -> None:
    labels = np.full(600, PULLOVER, np.uint8)
    images, given = augment_batch(np.stack([SLEEVES_DOWN] * 600), labels, rng())
    assert images.dtype == np.uint8
    assert set(given.tolist()) == {PULLOVER, OUTLIER}
    assert 35 <= (given == OUTLIER).sum() <= 85


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


@pytest.mark.parametrize("label", [SANDAL, SNEAKER, BOOT])
def test_pair_is_two_visible_shoes(label: int) -> None:
    canvas = spread_canvas(SHOE)
    box = find_box(is_inside(canvas))
    for seed in range(20):
        for first, second in (
            pair_from_above(canvas, label, rng(seed)),
            pair_behind(canvas, label, box, rng(seed)),
        ):
            areas = is_inside(first).sum(), is_inside(second).sum()
            assert max(areas) < 1.35 * min(areas)
            both = is_inside(lay_over(first, second))
            assert both.sum() > 1.15 * max(areas)


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


def test_trousers_become_shorts() -> None:
    canvas = spread_canvas(LEGS)
    for seed in range(10):
        shorts = find_box(is_inside(build_outlier(canvas, TROUSER, rng(seed))))
        assert shorts.height <= 0.6 * find_box(is_inside(canvas)).height


def test_sole_is_as_long_as_the_shoe_symmetric_and_has_straps() -> None:
    canvas = spread_canvas(SHOE)
    for seed in range(20):
        sole = lay_sole(canvas, rng(seed), upper=("straps", "laces", "shaft")[seed % 3])
        inside = is_inside(sole)
        assert abs(find_box(inside).width - find_box(is_inside(canvas)).width) <= 3
        assert (inside == inside[::-1]).mean() > 0.97
        marks = sole[..., MARKS] > 0.5
        assert marks.any()
        assert not (marks & ~inside).any()


def test_coat_gets_a_front_and_a_sandal_nothing() -> None:
    canvas = spread_canvas(SLEEVES_DOWN)
    marked = [draw_marks(canvas, COAT, rng(seed))[..., MARKS] > 0 for seed in range(40)]
    with_front = [m for m in marked if m.any()]
    assert 25 <= len(with_front) < 40
    box = find_box(is_inside(canvas))
    middle = slice(SIDE // 2 - 5, SIDE // 2 + 6)
    for marks in with_front:
        assert marks[:, middle].any(axis=1).sum() > 0.7 * box.height
    assert draw_marks(canvas, SANDAL, rng()) is canvas


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
