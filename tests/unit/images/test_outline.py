"""Outlines with gaps, drawn here."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from fmnist.images.drawing.outline import close_outline
from fmnist.images.segment.silhouette import drop_specks, fill_holes


def strokes(*lines: list[tuple[int, int]], width: int = 4) -> np.ndarray:
    image = Image.new("L", (192, 192))
    for line in lines:
        ImageDraw.Draw(image).line(line, fill=255, width=width)
    return np.array(image) > 0


def arc(start: float, end: float, radius: float = 70) -> list[tuple[int, int]]:
    angles = np.deg2rad(np.linspace(start, end, 60))
    return [(round(96 + radius * np.cos(a)), round(96 + radius * np.sin(a))) for a in angles]


CIRCLE_AREA = np.pi * 72**2


def test_closed_outline_is_filled_without_a_link() -> None:
    solid, links = close_outline(strokes(arc(0, 360)))
    assert links == 0
    assert solid.sum() == pytest.approx(CIRCLE_AREA, rel=0.03)


@pytest.mark.parametrize("gap", [10, 25, 50])
@pytest.mark.parametrize("width", [2, 4, 8])
def test_gap_is_closed(gap: int, width: int) -> None:
    drawn = strokes(arc(gap, 360), width=width)
    assert fill_holes(drawn).sum() < 1.1 * drawn.sum()  # open, but for pinholes
    solid, links = close_outline(drawn)
    assert 1 <= links <= 2  # where a thin line is ragged, one more
    lost = 72**2 / 2 * (np.deg2rad(gap) - np.sin(np.deg2rad(gap)))  # beyond the straight link
    assert solid.sum() == pytest.approx(CIRCLE_AREA - lost, rel=0.06)


def test_several_gaps_are_closed_by_their_nearest_ends() -> None:
    solid, links = close_outline(strokes(arc(20, 160), arc(180, 250), arc(275, 355)))
    assert links == 3
    assert solid.sum() > 0.9 * CIRCLE_AREA


def test_loose_end_is_joined_to_the_line_it_nearly_reaches() -> None:
    box = [(30, 30), (160, 30), (160, 160), (30, 160), (30, 48)]  # stops short of its beginning
    solid, links = close_outline(strokes([*box[:1], *box[1:]]))
    assert links >= 1
    assert solid.sum() > 0.9 * 130 * 130


def test_scribble_of_many_ends_is_left_as_it_is() -> None:
    hatching = strokes(*[[(10 + 20 * i, 20), (10 + 20 * i, 170)] for i in range(9)])
    solid, links = close_outline(hatching)
    assert links == 0
    assert solid.sum() < 0.4 * 170 * 150  # of what they would enclose


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (200, 2), (192, 192)])
def test_strokes_stay_within(shape: tuple[int, int]) -> None:
    drawn = np.zeros(shape, bool)
    drawn[0, 0] = drawn[-1, -1] = True
    solid, _ = close_outline(drawn)
    assert solid.shape == shape
    assert (solid & drawn == drawn).all()


def test_what_a_ring_encloses_is_filled_and_a_speck_dropped():
    ring = np.zeros((20, 20), bool)
    ring[4:15, 4:15] = True
    ring[6:13, 6:13] = False
    assert fill_holes(ring).sum() == 121
    assert close_outline(ring)[0].sum() == 121
    ring[0, 0] = True
    assert not drop_specks(ring)[0, 0]
