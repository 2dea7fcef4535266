"""Domain augmentation of shoes: pairs, from above, from the side, drawn."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist.training.domain_augmentation.canvas import (
    MARKS,
    find_box,
    is_inside,
    lay_over,
    spread_canvas,
)
from fmnist.training.domain_augmentation.pairs import pair_behind, pair_from_above, pair_obliquely
from fmnist.training.domain_augmentation.poses import BOOT, SANDAL, SNEAKER
from fmnist.training.domain_augmentation.profiles import redraw_profile
from fmnist.training.domain_augmentation.slides import show_slide
from fmnist.training.domain_augmentation.soles import lay_sole
from tests.support.silhouettes import SHOE, rng


@pytest.mark.parametrize("label", [SANDAL, SNEAKER, BOOT])
def test_pair_is_two_visible_shoes(label: int) -> None:
    canvas = spread_canvas(SHOE)
    box = find_box(is_inside(canvas))
    for seed in range(20):
        for first, second in (
            pair_from_above(canvas, label, rng(seed)),
            pair_obliquely(canvas, label, rng(seed)),
            pair_behind(canvas, label, box, rng(seed)),
        ):
            areas = is_inside(first).sum(), is_inside(second).sum()
            assert max(areas) < 1.35 * min(areas)
            both = is_inside(lay_over(first, second))
            assert both.sum() > 1.15 * max(areas)


def test_flat_sandal_is_long_and_low_with_an_upper() -> None:
    canvas = spread_canvas(SHOE)
    for seed in range(20):
        slide = show_slide(canvas, rng(seed))
        box = find_box(is_inside(slide))
        assert box.width > 1.2 * box.height
        assert abs(box.width - find_box(is_inside(canvas)).width) <= 6
        marks = slide[..., MARKS] > 0
        assert marks.any()
        assert not (marks & ~is_inside(slide)).any()


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


def test_drawn_boots_are_higher_than_drawn_sneakers() -> None:
    canvas = spread_canvas(SHOE)

    def slope(label: int, seed: int) -> float:
        box = find_box(is_inside(redraw_profile(canvas, label, rng(seed))))
        return box.height / box.width

    sneakers, boots = ([slope(label, seed) for seed in range(60)] for label in (SNEAKER, BOOT))
    assert np.median(sneakers) < 0.6 < np.median(boots)
    assert np.quantile(sneakers, 0.8) < np.quantile(boots, 0.2)


def test_hind_shoe_of_an_oblique_pair_stands_higher() -> None:
    canvas = spread_canvas(SHOE)
    higher = 0
    for seed in range(30):
        first, second = (
            find_box(is_inside(shoe)) for shoe in pair_obliquely(canvas, SNEAKER, rng(seed))
        )
        higher += second.top + second.bottom < first.top + first.bottom
    assert higher > 24  # of 30: some pairs are turned far
