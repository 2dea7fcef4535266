from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from fmnist.takeaway.svg import HEIGHT, WIDTH, Line, plot_lines


@pytest.mark.parametrize(
    "line",
    [
        Line("falling", [1, 2, 3], [2.5, 0.1, 0.05]),
        Line("one epoch", [1], [0.5]),
        Line("flat", [1, 2], [0.5, 0.5], has_points=True),
        Line("diverged", [1, 2, 3], [2.3, np.inf, np.nan]),
        Line("none", [], []),
    ],
    ids=lambda line: line.name,
)
def test_every_point_lies_in_the_chart(line: Line) -> None:
    drawn = plot_lines([line], title="Loss", x_title="Epoch", y_title="Loss")
    root = ElementTree.fromstring(str(drawn))
    for polyline in root.iter("polyline"):
        for point in polyline.attrib["points"].split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= WIDTH
            assert 0 <= y <= HEIGHT


def test_hostile_names_are_text() -> None:
    drawn = plot_lines(
        [Line("<script>", [0, 1], [0, 1])], title='"><b>', x_title="<i>", y_title="&", diagonal=True
    )
    root = ElementTree.fromstring(str(drawn))
    assert not {"script", "b", "i"} & {element.tag for element in root.iter()}
    assert "<script>" in "".join(root.itertext())
