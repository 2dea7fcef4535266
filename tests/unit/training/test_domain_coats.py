"""Domain augmentation of coats: fronts, vests, hoods."""

from __future__ import annotations

import numpy as np

from fmnist.training.domain_augmentation.canvas import (
    MARKS,
    SIDE,
    TONES,
    find_box,
    is_inside,
    spread_canvas,
)
from fmnist.training.domain_augmentation.coats import draw_coat, open_front
from fmnist.training.domain_augmentation.marks import draw_marks
from fmnist.training.domain_augmentation.poses import COAT, SANDAL, cut_sleeves
from tests.support.silhouettes import SLEEVES_DOWN, rng


def test_coat_gets_a_front_and_a_sandal_nothing() -> None:
    canvas = spread_canvas(SLEEVES_DOWN)
    marked = [draw_marks(canvas, COAT, rng(seed))[..., MARKS] > 0 for seed in range(40)]
    with_front = [m for m in marked if m.any()]
    assert 25 <= len(with_front) < 40
    box = find_box(is_inside(canvas))
    middle = slice(SIDE // 2 - 12, SIDE // 2 + 13)
    rows = [marks[:, middle].any(axis=1).sum() for marks in with_front]
    assert min(rows) > 0.4 * box.height  # a dashed one has gaps, a short one ends above the hem
    assert np.median(rows) > 0.8 * box.height
    assert draw_marks(canvas, SANDAL, rng()) is canvas


def test_vest_is_a_coat_without_its_sleeves() -> None:
    canvas = spread_canvas(SLEEVES_DOWN)
    box = find_box(is_inside(canvas))
    for seed in range(10):
        vest = find_box(is_inside(cut_sleeves(canvas, rng(seed))))
        assert vest.height > 0.9 * box.height
        assert is_inside(cut_sleeves(canvas, rng(seed))).sum() < 1.3 * is_inside(canvas).sum()


def test_open_coat_shows_another_tone_in_its_middle_alone() -> None:
    canvas = spread_canvas(SLEEVES_DOWN)
    middle = slice(SIDE // 2 - 12, SIDE // 2 + 12)
    for seed in range(20):
        opened = open_front(canvas, rng(seed))
        changed = opened[..., TONES] != canvas[..., TONES]
        assert changed.any()
        assert not np.delete(changed, np.r_[middle], axis=1).any()
        assert (is_inside(opened) == is_inside(canvas)).all()


def test_drawn_coats_may_have_a_hood_or_open_towards_the_hem() -> None:
    canvas = spread_canvas(SLEEVES_DOWN)
    before = is_inside(canvas)
    drawn = [draw_coat(canvas, rng(seed)) for seed in range(60)]
    top = find_box(before).top
    with_hood = [each for each in drawn if find_box(is_inside(each)).top < top]
    with_gap = [each for each in drawn if (before & ~is_inside(each)).any()]
    assert 3 <= len(with_hood) <= 18
    assert 9 <= len(with_gap) <= 27
    assert all((each[..., MARKS] > 0).any() for each in with_hood)
