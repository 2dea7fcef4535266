from __future__ import annotations

import numpy as np

from fmnist.charts.map import CONFIDENCE, CORRECT, TRUE_CLASS, plot_map
from fmnist.charts.theme import CLASS_COLORS
from fmnist.classes import CLASS_NAMES

ROWS = np.array([3, 5, 8, 13])
POSITIONS = np.arange(8, dtype=np.float32).reshape(4, 2)
TEXTS = np.array(["a", "b", "c", "d"])


def draw(values: object, coloring: object, **options: object):
    return plot_map(POSITIONS, ROWS, TEXTS, np.array(values), coloring, title="Map", **options)


def test_points_carry_the_rows_of_their_images_whatever_the_order() -> None:
    points = draw([1, 0, 1, 1], CORRECT).data[0]
    # The rare mistake is drawn last, above the others.
    assert list(points.customdata) == [3, 8, 13, 5]
    assert list(points.x) == [0, 4, 6, 2]
    assert list(points.text) == ["a", "c", "d", "b"]
    assert list(draw([0.2, 0.9, 0.5, 0.7], CONFIDENCE).data[0].customdata) == [5, 13, 8, 3]


def test_highlighted_points_keep_their_colour() -> None:
    points = draw([1, 0, 1, 1], CORRECT, highlighted=np.array([False, True, True, False])).data[0]
    assert [int(points.customdata[place]) for place in points.selectedpoints] == [8, 5]
    assert draw([1, 0, 1, 1], CORRECT).data[0].selectedpoints is None


def test_each_class_has_its_colour_in_the_legend() -> None:
    figure = draw([0, 9, 4, 4], TRUE_CLASS)
    assert [trace.name for trace in figure.data[1:]] == list(CLASS_NAMES)
    assert [trace.marker.color for trace in figure.data[1:]] == list(CLASS_COLORS)
    scale = figure.data[0].marker.colorscale
    assert scale[8] == (0.4, CLASS_COLORS[4])
    assert scale[9] == (0.5, CLASS_COLORS[4])


def test_picture_is_a_star() -> None:
    star = draw([0.5] * 4, CONFIDENCE, placed=np.array([1.5, 2.5])).data[-1]
    assert (star.x[0], star.y[0], star.marker.symbol) == (1.5, 2.5, "star")
