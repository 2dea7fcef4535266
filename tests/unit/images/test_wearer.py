"""People in clothes on a shop's white, drawn here."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from fmnist.images import Overrides
from fmnist.images.pipeline import prepare_picture
from fmnist.images.segment.background import compute_border, find_white_background
from fmnist.images.segment.candidates import find_garment
from fmnist.images.segment.saliency import compute_colours
from fmnist.images.segment.seam import find_seam
from fmnist.images.segment.silhouette import compute_contrast, compute_plain_mask
from fmnist.images.segment.wearer import find_gaps, remove_wearer

SKIN, HAIR = (205, 150, 120), (50, 35, 30)
GREEN, BLUE, WHITE = (40, 110, 60), (45, 60, 110), (235, 235, 235)

T_SHIRT = [(52, 40), (68, 40), (84, 46), (98, 72), (88, 76), (82, 64), (82, 116), (38, 116),
           (38, 64), (32, 76), (22, 72), (36, 46)]  # fmt: skip
PULLOVER = [(52, 40), (68, 40), (84, 46), (98, 112), (88, 114), (82, 64), (82, 116), (38, 116),
            (38, 64), (32, 114), (22, 112), (36, 46)]  # fmt: skip
DRESS = [(52, 40), (68, 40), (82, 46), (76, 80), (86, 124), (34, 124), (44, 80), (38, 46)]
HOOD = [(46, 34), (74, 34), (74, 44), (46, 44)]


def draw_person(
    top: tuple, below: tuple, fabric: list = T_SHIRT, *, hood: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Head, arms, legs or trousers, and over them a garment; and where that is."""
    size = (120, 160)
    picture, worn = Image.new("RGB", size, "white"), Image.new("L", size)
    pen, where = ImageDraw.Draw(picture), ImageDraw.Draw(worn)
    pen.ellipse([(48, 6), (72, 34)], fill=SKIN)
    pen.chord([(46, 2), (74, 30)], 180, 360, fill=HAIR)
    pen.rectangle([(54, 28), (66, 44)], fill=SKIN)
    for arm in (
        [(26, 60), (36, 60), (32, 120), (22, 120)],
        [(84, 60), (94, 60), (98, 120), (88, 120)],
    ):
        pen.polygon(arm, fill=SKIN)
    if fabric is DRESS:
        pen.rectangle([(46, 120), (54, 156)], fill=SKIN)
        pen.rectangle([(66, 120), (74, 156)], fill=SKIN)
    else:
        pen.polygon([(38, 112), (82, 112), (80, 159), (40, 159)], fill=below)
    for outline in [fabric, HOOD] if hood else [fabric]:
        pen.polygon(outline, fill=top)
        where.polygon(outline, fill=255)
    return np.array(picture), np.array(worn) > 0


def find_whole(rgb: np.ndarray) -> np.ndarray:
    mask = compute_plain_mask(compute_contrast(rgb))
    assert mask is not None
    return mask


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    return float((a & b).sum() / (a | b).sum())


@pytest.mark.parametrize("fabric", [T_SHIRT, PULLOVER])
@pytest.mark.parametrize(
    ("top", "trousers"),
    [(GREEN, BLUE), (WHITE, (40, 50, 90)), ((20, 20, 25), (170, 160, 140)), (GREEN, SKIN)],
)
def test_top_is_left_of_a_person(top: tuple, trousers: tuple, fabric: list) -> None:
    rgb, garment = draw_person(top, trousers, fabric)
    mask = find_whole(rgb)
    assert overlap(mask, garment) < 0.78
    assert overlap(remove_wearer(rgb, mask), garment) > 0.85


def test_dress_is_left_of_a_person_with_bare_legs() -> None:
    rgb, dress = draw_person(GREEN, SKIN, DRESS)
    mask = find_whole(rgb)
    assert overlap(mask, dress) < 0.78
    assert overlap(remove_wearer(rgb, mask), dress) > 0.9


def test_dress_of_two_tones_above_bare_legs_is_one_garment() -> None:
    rgb, dress = draw_person(GREEN, SKIN, DRESS)
    rgb[80:][dress[80:]] = (60, 140, 80)
    assert overlap(remove_wearer(rgb, find_whole(rgb)), dress) > 0.9


def test_hood_stays_and_hair_goes() -> None:
    rgb, garment = draw_person(GREEN, BLUE, hood=True)
    left = remove_wearer(rgb, find_whole(rgb))
    assert left[36:40, 50:70].all()
    assert not left[:30].any()
    assert overlap(left, garment) > 0.85


def test_trousers_go_from_a_picture_that_ends_below_the_head() -> None:
    rgb, garment = draw_person(GREEN, BLUE, PULLOVER)
    rgb[:40], garment[:40] = 255, False
    rgb[114:, :36] = rgb[114:, 84:] = 255  # and no hands
    mask = find_whole(rgb)
    assert overlap(remove_wearer(rgb, mask), garment) > 0.85


def test_shirt_above_trousers_goes_where_no_head_is_seen() -> None:
    rgb = np.full((160, 120, 3), 255, np.uint8)
    rgb[:24, 30:90] = GREEN
    rgb[24:150, 36:84] = BLUE
    trousers = (rgb == BLUE).all(axis=2)
    assert overlap(remove_wearer(rgb, find_whole(rgb)), trousers) > 0.95


@pytest.mark.parametrize("fabric", [T_SHIRT, PULLOVER])
def test_garment_is_found_where_the_picture_cuts_the_wearer_off(fabric: list) -> None:
    rgb, garment = draw_person(GREEN, BLUE, fabric)
    part = slice(30, 124), slice(28, 92)
    close, shown = np.ascontiguousarray(rgb[part]), garment[part]
    assert (compute_border(close) < 200).any(axis=1).mean() > 0.5
    best = find_garment(close, compute_contrast(close))[0]
    assert best.name == "worn"
    assert overlap(best.mask, shown) > 0.85


def test_fabric_of_the_wearers_colour_is_not_taken_for_skin() -> None:
    rgb, garment = draw_person(SKIN, BLUE)
    left = remove_wearer(rgb, find_whole(rgb))
    assert left is not None
    assert left[garment].mean() > 0.99


def test_worn_garment_is_the_first_candidate_and_the_whole_person_the_next() -> None:
    rgb, _ = draw_person(GREEN, BLUE)
    names = [candidate.name for candidate in find_garment(rgb, compute_contrast(rgb))]
    assert names[:2] == ["worn", "background"]


def test_wearer_is_taken_off_a_flat_picture_that_passes_for_a_drawing() -> None:
    rgb, garment = draw_person(GREEN, BLUE)
    rgba = np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])
    prepared = prepare_picture(rgba)
    assert prepared.kind == "drawing"
    assert overlap(prepared.candidates[0], garment) > 0.85
    whole = prepare_picture(rgba, overrides=Overrides(candidate=1))
    assert whole.image.sum() != prepared.image.sum()


def test_drawing_in_greys_is_left_whole() -> None:
    drawn = np.zeros((160, 120, 3), np.uint8)
    drawn[20:80, 20:100] = 240
    drawn[80:140, 30:90] = 96
    prepared = prepare_picture(np.dstack([drawn, np.full((160, 120), 255, np.uint8)]))
    assert prepared.kind == "drawing"
    assert prepared.candidates[0][20:140, 40:80].all()


@pytest.mark.parametrize("fabric", [GREEN, SKIN, WHITE])
@pytest.mark.parametrize("outline", [T_SHIRT, PULLOVER, DRESS])
def test_garment_alone_has_no_wearer(fabric: tuple, outline: list) -> None:
    _, garment = draw_person(GREEN, GREEN, outline)
    rgb = np.where(garment[..., None], np.array(fabric), 255).astype(np.uint8)
    assert remove_wearer(rgb, garment) is None


def test_dress_of_two_colours_is_one_garment() -> None:
    _, dress = draw_person(GREEN, GREEN, DRESS)
    rgb = np.where(dress[..., None], np.array(GREEN), 255).astype(np.uint8)
    rgb[80:][dress[80:]] = WHITE
    assert remove_wearer(rgb, dress) is None


def test_leather_shoe_is_no_person() -> None:
    rgb = np.full((120, 160, 3), 255, np.uint8)
    rgb[60:100, 20:140] = (150, 95, 60)
    rgb[95:100, 20:140] = 240
    mask = (rgb < 255).any(axis=2)
    assert remove_wearer(rgb, mask) is None


def test_leather_boot_is_no_person() -> None:
    rgb = np.full((160, 120, 3), 255, np.uint8)
    rgb[10:120, 60:100] = rgb[110:150, 10:100] = (150, 95, 60)
    mask = (rgb < 255).any(axis=2)
    assert remove_wearer(rgb, mask) is None


def test_white_background_is_even_and_not_a_light_wall() -> None:
    rng = np.random.default_rng(0)
    white = np.full((80, 60, 3), 255, np.uint8)
    assert (find_white_background(white) == 255).all()
    white[:, 20:] = GREEN
    white[0, :] = white[-1, :] = GREEN
    assert find_white_background(white) is not None  # the left edge is left of it
    wall = rng.normal(240, 9, (80, 60, 3)).clip(0, 255).astype(np.uint8)
    assert find_white_background(wall) is None
    assert find_white_background(np.full((80, 60, 3), 200, np.uint8)) is None


def test_seam_is_where_the_fabric_changes_and_not_where_it_is_shaded() -> None:
    garment = np.zeros((100, 60), np.bool_)
    garment[5:95, 10:50] = True
    rgb = np.where(garment[..., None], np.array(GREEN), 255).astype(np.uint8)
    assert find_seam(compute_colours(rgb), garment, strict=False) is None
    rgb[60:][garment[60:]] = BLUE
    assert find_seam(compute_colours(rgb), garment, strict=False) == 60
    shade = np.linspace(30, 220, 100, dtype=np.uint8)[:, None, None]
    shaded = np.where(garment[..., None], shade, 255).repeat(3, axis=2).astype(np.uint8)
    assert find_seam(compute_colours(shaded), garment, strict=False) is None


def test_dark_trousers_below_a_dark_top_go_where_a_head_is_seen() -> None:
    rgb, garment = draw_person((28, 30, 34), (34, 38, 52), PULLOVER)
    assert overlap(remove_wearer(rgb, find_whole(rgb)), garment) > 0.85


def test_top_of_the_wearers_colour_loses_head_and_trousers() -> None:
    rgb, garment = draw_person((200, 150, 125), BLUE)
    left = remove_wearer(rgb, find_whole(rgb))
    assert left is not None
    assert not left[:30].any()
    assert not left[130:].any()
    assert left[garment].mean() > 0.9


def test_a_band_across_the_chest_is_no_seam_below_which_trousers_begin() -> None:
    garment = np.zeros((100, 60), np.bool_)
    garment[:, 10:50] = True
    rgb = np.where(garment[..., None], np.array(BLUE), 255).astype(np.uint8)
    rgb[:28][garment[:28]] = (200, 200, 205)
    colours = compute_colours(rgb)
    assert find_seam(colours, garment, strict=False) == 28
    assert find_seam(colours, garment, strict=False, is_top=True) is None


def test_gap_between_an_arm_and_the_body_is_no_fabric() -> None:
    rgb, dress = draw_person(GREEN, SKIN, DRESS)
    rgb[50:122, 76:][~dress[50:122, 76:]] = 255
    picture = Image.fromarray(rgb)
    ImageDraw.Draw(picture).line([(80, 52), (106, 72), (78, 96)], fill=SKIN, width=7)
    rgb = np.array(picture)
    dress &= (rgb == GREEN).all(axis=2)
    mask = find_whole(rgb)
    gap = slice(66, 80), slice(84, 94)
    assert mask[gap].all()
    left = remove_wearer(rgb, mask)
    assert left is not None
    assert not left[gap].any()
    assert overlap(left, dress) > 0.85


@pytest.mark.filterwarnings("error")
def test_a_mask_that_is_pale_all_over_has_no_gap() -> None:
    white = np.full((20, 20, 3), 255, np.uint8)
    mask = np.ones((20, 20), bool)
    assert not find_gaps(white, mask, np.zeros_like(mask)).any()
