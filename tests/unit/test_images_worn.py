"""People in clothes on a shop's white, drawn here."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from fmnist.images.garment import find_garment
from fmnist.images.silhouette import compute_contrast, compute_plain_mask
from fmnist.images.worn import remove_wearer

SKIN, HAIR = (205, 150, 120), (50, 35, 30)


def draw_person(top: tuple, trousers: tuple) -> tuple[np.ndarray, np.ndarray]:
    """Head, T-shirt, bare arms and the beginning of trousers; and where the T-shirt is."""
    size = (120, 160)
    picture, shirt = Image.new("RGB", size, "white"), Image.new("L", size)

    pen = ImageDraw.Draw(picture)
    pen.ellipse([(48, 6), (72, 34)], fill=SKIN)
    pen.chord([(46, 2), (74, 30)], 180, 360, fill=HAIR)
    pen.rectangle([(54, 28), (66, 44)], fill=SKIN)
    for arm in (
        [(26, 60), (36, 60), (32, 120), (22, 120)],
        [(84, 60), (94, 60), (98, 120), (88, 120)],
    ):
        pen.polygon(arm, fill=SKIN)
    pen.polygon([(38, 112), (82, 112), (80, 159), (40, 159)], fill=trousers)
    outline = [(52, 40), (68, 40), (84, 46), (98, 72), (88, 76), (82, 64), (82, 116), (38, 116),
               (38, 64), (32, 76), (22, 72), (36, 46)]  # fmt: skip
    pen.polygon(outline, fill=top)
    ImageDraw.Draw(shirt).polygon(outline, fill=255)
    return np.array(picture), np.array(shirt) > 0


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    return float((a & b).sum() / (a | b).sum())


@pytest.mark.parametrize(
    ("top", "trousers"),
    [
        ((40, 110, 60), (45, 60, 110)),
        ((235, 235, 235), (40, 50, 90)),
        ((20, 20, 25), (170, 160, 140)),
    ],
)
def test_shirt_is_left_of_a_person(top: tuple, trousers: tuple) -> None:
    rgb, shirt = draw_person(top, trousers)
    mask = compute_plain_mask(compute_contrast(rgb))
    assert overlap(mask, shirt) < 0.75
    assert overlap(remove_wearer(rgb, mask), shirt) > 0.85


def test_worn_garment_is_the_first_guess_and_the_whole_person_the_next() -> None:
    rgb, _ = draw_person((40, 110, 60), (45, 60, 110))
    names = [candidate.name for candidate in find_garment(rgb, compute_contrast(rgb))]
    assert names[:2] == ["worn", "ground"]


@pytest.mark.parametrize("cloth", [(40, 110, 60), SKIN, (235, 235, 235)])
def test_garment_alone_has_no_wearer(cloth: tuple) -> None:
    _, shirt = draw_person((0, 0, 0), (0, 0, 0))
    rgb = np.where(shirt[..., None], np.array(cloth), 255).astype(np.uint8)
    assert remove_wearer(rgb, shirt) is None


def test_leather_shoe_is_no_person() -> None:
    rgb = np.full((120, 160, 3), 255, np.uint8)
    rgb[60:100, 20:140] = (150, 95, 60)
    rgb[95:100, 20:140] = 240
    mask = (rgb < 255).any(axis=2)
    assert remove_wearer(rgb, mask) is None
