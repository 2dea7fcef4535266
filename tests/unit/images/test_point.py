"""A person points at the garment that is meant."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from fmnist.images import Overrides, Prepared
from fmnist.images.pipeline import prepare_picture
from fmnist.images.segment.silhouette import keep_piece

SHAPE = (150, 192)
LEFT, RIGHT = np.zeros((2, *SHAPE), bool)
LEFT[40:120, 30:70] = LEFT[40:65, 15:85] = True  # a T-shirt
RIGHT[30:130, 115:135] = RIGHT[30:130, 145:165] = RIGHT[30:60, 115:165] = True  # trousers
GARMENTS = {"left": (LEFT, (0.26, 0.5)), "right": (RIGHT, (0.73, 0.3))}


def draw_two(background: str) -> np.ndarray:
    """A blue T-shirt and dark red trousers, on white or on a floor; uint8 RGBA."""
    rgb = np.full((*SHAPE, 3), 250.0)
    if background == "floor":
        rng = np.random.default_rng(3)
        rgb = rng.normal(0, 10, rgb.shape) + np.array([170, 150, 120])
        rgb += np.linspace(-25, 25, SHAPE[1])[None, :, None]
    rgb[LEFT] = 40, 60, 150
    rgb[RIGHT] = 130, 30, 30
    return np.dstack([np.clip(rgb, 0, 255).astype(np.uint8), np.full(SHAPE, 255, np.uint8)])


def find_cut_out(prepared: Prepared) -> np.ndarray:
    return (prepared.find_step("garment").picture > 0).any(axis=2)


def overlap(mask: np.ndarray, true: np.ndarray) -> float:
    return float((mask & true).sum() / (mask | true).sum())


@pytest.mark.parametrize("background", ["white", "floor"])
@pytest.mark.parametrize("garment", GARMENTS)
def test_the_garment_that_was_pointed_at_is_cut_out(garment: str, background: str) -> None:
    true, point = GARMENTS[garment]
    prepared = prepare_picture(draw_two(background), "photo", Overrides(point=point, candidate=0))
    assert overlap(find_cut_out(prepared), true) > 0.85
    assert all(mask[int(point[1] * 150), int(point[0] * 192)] for mask in prepared.candidates)


def test_without_a_point_both_are_one() -> None:
    prepared = prepare_picture(draw_two("white"), "photo")
    assert overlap(find_cut_out(prepared), LEFT | RIGHT) > 0.85


def test_the_point_is_found_inside_a_frame_and_inside_a_box() -> None:
    picture = draw_two("floor")
    framed = cv2.copyMakeBorder(picture, 20, 20, 20, 20, cv2.BORDER_CONSTANT, value=(0, 0, 0, 255))
    x, y = 0.73, 0.3
    point = (x * 192 + 20) / 232, (y * 150 + 20) / 190
    prepared = prepare_picture(framed, "photo", Overrides(point=point))
    assert prepared.find_step("unframed") is not None
    shown = cv2.resize(RIGHT.astype(np.uint8), find_cut_out(prepared).shape[::-1])
    assert overlap(find_cut_out(prepared), shown > 0) > 0.8
    box = Overrides(box=(0.5, 0.0, 1.0, 1.0), point=(2 * x - 1, y))
    assert overlap(find_cut_out(prepare_picture(picture, "photo", box)), RIGHT[:, 96:]) > 0.85


def test_trousers_below_a_shirt_can_be_pointed_at() -> None:
    rgb = np.full((192, 120, 4), 250, np.uint8)
    rgb[..., 3] = 255
    shirt, trousers = np.zeros((2, 192, 120), bool)
    shirt[20:90, 30:90] = True
    trousers[90:180, 40:56] = trousers[90:180, 64:80] = trousers[90:110, 40:80] = True
    rgb[shirt, :3], rgb[trousers, :3] = (200, 40, 40), (30, 40, 120)
    for true, point in ((shirt, (0.5, 0.3)), (trousers, (0.4, 0.8))):
        prepared = prepare_picture(rgb, "photo", Overrides(point=point, candidate=0))
        assert overlap(find_cut_out(prepared), true) > 0.9


def test_a_point_may_miss_a_little_but_not_much() -> None:
    assert (keep_piece(LEFT | RIGHT, (14 / 192, 50 / 150)) == LEFT).all()
    assert keep_piece(LEFT | RIGHT, (0.99, 0.99)) is None
    assert keep_piece(LEFT, (2.0, -1.0)) is None


@pytest.mark.parametrize("point", [(0.99, 0.01), (2.0, -1.0), (0.0, 0.0)])
def test_a_point_on_the_background_still_gives_an_image(point: tuple) -> None:
    assert prepare_picture(draw_two("white"), "photo", Overrides(point=point)).image.shape == (
        28,
        28,
    )
