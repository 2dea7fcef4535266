"""What lies on the canvas: filled areas, mirrored objects, and the history of both."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from fmnist.ui.widgets.drawing import (
    DOT_RADIUS,
    History,
    build_fills,
    compose_drawing,
    find_area,
    find_dot,
    mirror_object,
)

SIZE = 120


def draw_ring(*, gap: float = 0, radius: int = 40) -> np.ndarray:
    """Draw an anti-aliased ring of 6 pixels in the middle, open at the right by a few degrees."""
    tones = np.zeros((SIZE, SIZE), np.uint8)
    middle, axes = (SIZE // 2, SIZE // 2), (radius, radius)
    cv2.ellipse(tones, middle, axes, 0, gap / 2, 360 - gap / 2, 242, 6, cv2.LINE_AA)
    return tones


def paint(fills: list[dict], tones: np.ndarray) -> np.ndarray:
    """Draw filled areas over tones as the canvas does, by the even-odd rule."""
    painted = tones.copy()
    for fill in fills:
        assert fill["fillRule"] == "evenodd"
        starts = [at for at, command in enumerate(fill["path"]) if command[0] == "M"]
        parts = [fill["path"][a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]
        points = [np.array([c[-2:] for c in part if c[0] != "Z"]) - 0.5 for part in parts]
        cv2.fillPoly(
            painted, [each.astype(np.int32) for each in points], int(fill["fill"][1:3], 16)
        )
    return painted


def test_fill_in_an_anti_aliased_ring_leaves_the_outside_black() -> None:
    tones = draw_ring()
    filled = paint(build_fills(tones, (60, 60), "#606060", is_mirrored=False), tones)
    rows, columns = np.indices(tones.shape)
    distance = np.hypot(rows - 60, columns - 60)
    assert (filled[distance < 36] == 0x60).all()
    assert (filled[(distance > 38) & (distance < 42)] == 242).all()
    assert not filled[distance > 45].any()


def test_fill_covers_the_edge_of_the_stroke() -> None:
    tones = draw_ring()
    filled = paint(build_fills(tones, (60, 60), "#f2f2f2", is_mirrored=False), tones)
    assert (filled[60, 25:95] == 242).all()


def test_fill_leaves_out_what_lies_inside() -> None:
    tones = draw_ring()
    cv2.circle(tones, (60, 60), 8, 242, -1)
    filled = paint(build_fills(tones, (60, 80), "#606060", is_mirrored=False), tones)
    assert filled[60, 80] == filled[60, 40] == 0x60
    assert (filled[56:65, 56:65] == 242).all()


def test_fill_replaces_the_tone_of_what_was_filled() -> None:
    tones = draw_ring()
    light = paint(build_fills(tones, (60, 60), "#a8a8a8", is_mirrored=False), tones)
    dark = paint(build_fills(light, (60, 60), "#606060", is_mirrored=False), light)
    assert dark[60, 60] == 0x60
    assert dark[5, 5] == 0


def test_small_gap_is_closed_and_a_large_one_is_refused() -> None:
    small, large = draw_ring(gap=14), draw_ring(gap=70)
    assert not small[60, 96:].any()
    area = find_area(small, 60, 60)
    assert area is not None
    assert 0.9 < area.sum() / (np.pi * 37**2) < 1.1
    assert build_fills(large, (60, 60), "#606060", is_mirrored=False) == []


def test_area_that_the_edge_of_the_canvas_bounds_is_closed() -> None:
    tones = np.zeros((SIZE, SIZE), np.uint8)
    tones[:, 30:36] = tones[:, 80:86] = 242
    area = find_area(tones, 60, 50)
    assert area is not None
    assert area[:, 36:80].all()
    assert area.sum() == SIZE * 44


def test_mirrored_fill_takes_both_areas_but_a_symmetric_one_once() -> None:
    tones = np.zeros((SIZE, SIZE), np.uint8)
    for column in (30, 89):
        cv2.circle(tones, (column, 60), 15, 242, 4, cv2.LINE_AA)
    filled = paint(build_fills(tones, (60, 30), "#606060", is_mirrored=True), tones)
    assert filled[60, 30] == filled[60, 89] == 0x60
    assert len(build_fills(draw_ring(), (60, 50), "#606060", is_mirrored=True)) == 1


def test_click_on_the_border_is_taken_inside() -> None:
    assert build_fills(draw_ring(), (SIZE, -1), "#606060", is_mirrored=False) == []


def test_dot_is_found_in_its_middle() -> None:
    dot = {"type": "Circle", "radius": DOT_RADIUS, "strokeWidth": 2, "left": 27.0, "top": 50.0}
    assert find_dot(dot) == (50, 30)
    assert find_dot(dot | {"radius": 30}) is None
    assert find_dot({"type": "Path"}) is None


@pytest.mark.parametrize(("origin", "left"), [("left", 10.0), ("center", 26.0), ("right", 42.0)])
def test_mirrored_object_keeps_its_distance_from_the_other_edge(origin: str, left: float) -> None:
    drawn = {
        "type": "Polygon", "originX": origin, "left": left, "width": 30, "strokeWidth": 2,
        "scaleX": 1, "flipX": False, "angle": 15,
    }  # fmt: skip
    mirrored = mirror_object(drawn, width=100)
    expected = {"left": 58.0, "center": 74.0, "right": 90.0}
    assert mirrored["left"] == expected[origin]
    assert mirrored["flipX"] is True
    assert mirrored["angle"] == -15
    assert mirror_object(mirrored, width=100) == drawn


def test_drawing_lies_over_what_it_began_with() -> None:
    strokes = np.zeros((40, 40, 4), np.uint8)
    strokes[10:20, 5:10] = (200, 200, 200, 255)
    strokes[0:5, 30:40] = (0, 0, 0, 255)  # the eraser
    drawing = compose_drawing(strokes, np.full((40, 40, 4), 90, np.uint8))
    assert drawing.dtype == np.uint8
    assert (drawing[..., 3] == 255).all()
    assert drawing[15, 7, 0] == 200
    assert drawing[2, 35, 0] == 0
    assert drawing[30, 30, 0] == 90


def stroke(number: int, kind: str = "Path") -> dict:
    return {"type": kind, "number": number}


def test_history_goes_back_and_forth_by_one_action() -> None:
    history = History()
    assert history.receive([stroke(1)])
    assert history.receive([stroke(1), stroke(2), stroke(3)])  # a stroke and its mirror image
    history.undo()
    assert history.present == history.loaded == [stroke(1)]
    assert not history.receive([stroke(1)])  # the canvas reports that it has loaded it
    history.undo()
    assert history.loaded == []
    history.redo()
    history.redo()
    assert history.loaded == [stroke(1), stroke(2), stroke(3)]
    history.redo()
    assert history.revision == 4


def test_finished_fill_is_one_action() -> None:
    history = History()
    history.receive([stroke(1)])
    assert history.receive([stroke(1), stroke(2, "Circle")])
    history.replace([stroke(1), stroke(3)])
    assert not history.receive([stroke(1), {"type": "Path", "number": 3, "left": 5}])
    assert history.present[1]["left"] == 5
    history.undo()
    assert history.present == [stroke(1)]


def test_refused_fill_is_no_action_and_says_why() -> None:
    history = History()
    history.receive([stroke(1)])
    history.receive([stroke(1), stroke(2, "Circle")])
    history.reject("open")
    assert history.present == [stroke(1)]
    assert history.note == "open"
    assert not history.receive([stroke(1)])
    assert history.note == "open"
    history.receive([stroke(1), stroke(2)])
    assert history.note == ""
    assert len(history.past) == 2


def test_stroke_while_the_canvas_loads_is_kept() -> None:
    history = History()
    history.receive([stroke(1)])
    history.receive([stroke(1), stroke(2, "Circle")])
    history.replace([stroke(1), stroke(3)])
    assert not history.receive([stroke(1), stroke(2, "Circle"), stroke(4)])  # sent before
    assert history.receive([stroke(1), stroke(3), stroke(4)])
    history.undo()
    assert history.present == [stroke(1), stroke(3)]


def test_clear_can_be_undone() -> None:
    history = History()
    history.clear()
    assert history.revision == 0
    history.receive([stroke(1)])
    history.clear()
    assert history.present == []
    history.undo()
    assert history.present == [stroke(1)]


def test_snapshots_share_what_they_have_in_common() -> None:
    history = History()
    history.receive([stroke(1)])
    history.receive([stroke(1), stroke(2)])
    assert history.past[1][0] is history.present[0]
