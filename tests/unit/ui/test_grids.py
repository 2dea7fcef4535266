"""What the browser sends when a person clicks on a picture of cells."""

from __future__ import annotations

import pytest

from fmnist.ui.widgets.grids import Grid, read_click

GRIDS = [
    Grid("Image", "", "", 10, 10, ""),
    Grid("Maps", "", "", 10, 10, "", columns=2, rows=2, count=3),
]


def test_cell_that_was_clicked() -> None:
    assert read_click({"figure": 1, "cell": 2}, GRIDS) == (1, 2)


@pytest.mark.parametrize(
    "click",
    [
        None, "x", [1, 2], {}, {"figure": 1}, {"figure": 0, "cell": 0}, {"figure": 1, "cell": 3},
        {"figure": 2, "cell": 0}, {"figure": 1, "cell": -1}, {"figure": True, "cell": 1},
        {"figure": 1.0, "cell": 1}, {"figure": "1", "cell": "1"},
    ],
)  # fmt: skip
def test_what_is_no_cell_counts_for_nothing(click: object) -> None:
    assert read_click(click, GRIDS) is None
