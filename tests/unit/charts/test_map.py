from __future__ import annotations

import base64
import io
import re

import numpy as np
from PIL import Image
from plotly.colors import hex_to_rgb

from fmnist.charts.map import CONFIDENCE, CORRECT, TRUE_CLASS, draw_legend, plot_map
from fmnist.charts.point_image import SIDE
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


def read_picture(figure) -> np.ndarray:
    """Return the picture of the points, RGBA, uint8."""
    source = figure.layout.images[0].source.removeprefix("data:image/png;base64,")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(source))))


def read_color(figure, position: np.ndarray) -> tuple[int, ...]:
    """Return the picture's RGBA at a position of the map."""
    picture, place = read_picture(figure), figure.layout.images[0]
    column = round((position[0] - place.x) / place.sizex * (SIDE - 1))
    row = round((place.y - position[1]) / place.sizey * (SIDE - 1))
    return tuple(picture[row, column].tolist())


def test_points_are_drawn_in_their_colours_where_they_are() -> None:
    figure = draw([0, 9, 4, 4], TRUE_CLASS)
    for position, label in zip(POSITIONS, [0, 9, 4, 4], strict=True):
        assert read_color(figure, position) == (*hex_to_rgb(CLASS_COLORS[label]), 204)
    assert read_color(figure, np.array([0.0, 7.0])) == (0, 0, 0, 0)
    figure = draw([0.0, 1.0, 0.5, 0.5], CONFIDENCE)
    assert read_color(figure, POSITIONS[0])[:3] == (68, 1, 84)  # both ends of Viridis
    assert read_color(figure, POSITIONS[1])[:3] == (253, 231, 37)
    assert figure.data[1].marker.showscale


def test_points_outside_of_a_selection_fade_and_hide_no_other() -> None:
    near = np.array([[0, 0], [0.001, 0], [5, 5], [6, 6]], np.float32)
    highlighted = np.array([True, False, True, False])
    figure = plot_map(
        near, ROWS, TEXTS, np.array([0, 1, 2, 3]), TRUE_CLASS, title="Map", highlighted=highlighted
    )
    assert read_color(figure, near[0]) == (*hex_to_rgb(CLASS_COLORS[0]), 230)
    assert read_color(figure, near[3]) == (*hex_to_rgb(CLASS_COLORS[3]), 15)


def test_each_class_has_its_colour_in_the_legend() -> None:
    html = draw_legend(TRUE_CLASS)
    found = re.findall(r"<li><span[^>]+background:(#\w+)\"></span>([^<]+)</li>", html)
    assert found == list(zip(CLASS_COLORS, CLASS_NAMES, strict=True))
    assert 'aria-label="True class"' in html


def test_picture_is_a_star() -> None:
    star = draw([0.5] * 4, CONFIDENCE, placed=np.array([1.5, 2.5])).data[-1]
    assert (star.x[0], star.y[0], star.marker.symbol) == (1.5, 2.5, "star")
