"""What the confusion matrix says in each cell, and that its colours can be read."""

from __future__ import annotations

import re
from html import unescape

import numpy as np
import pytest

from fmnist.charts.confusion import MatrixWords, draw_confusion
from fmnist.evaluation.metrics import compute_row_shares

BACKGROUNDS = {"#fbfaf7": "#0a1018", "#12181f": "#e8ebee"}
"""Background and text colour of the light and the dark theme."""


@pytest.fixture
def counts() -> np.ndarray:
    counts = np.diag(np.full(10, 900)).astype(np.int64)
    counts[6, 0] = 100
    counts[7, 9] = 4
    return counts


def draw(counts: np.ndarray, **how: object) -> str:
    return draw_confusion(counts, compute_row_shares(counts), **how)  # type: ignore[arg-type]


def read_cells(html: str) -> dict[tuple[int, int], tuple[str, str, str]]:
    """Return text, meaning and colour of each cell."""
    found = re.findall(
        r'<td(?: style="background:([^"]+)")? title="([^"]+)">([^<]*)</td>', unescape(html)
    )
    assert len(found) == 100
    return {divmod(at, 10): (text, title, color) for at, (color, title, text) in enumerate(found)}


def test_each_filled_cell_has_its_number(counts: np.ndarray) -> None:
    cells = read_cells(draw(counts))
    assert sum(bool(text) for text, _, _ in cells.values()) == 12
    assert cells[6, 0][:2] == (
        "100",
        "Shirt classified as T-shirt/top: 100 images, 10.0% of the true class",
    )
    assert cells[0, 6][:2] == (
        "",
        "T-shirt/top classified as Shirt: 0 images, 0.0% of the true class",
    )
    assert read_cells(draw(10 * counts))[9, 9][0] == "9,000"


def test_cells_have_shares_of_the_row(counts: np.ndarray) -> None:
    html = draw(counts, show_shares=True)
    cells = read_cells(html)
    assert [cells[at][0] for at in ((6, 0), (6, 6), (7, 9), (1, 1))] == ["10", "90", "0.4", "100"]
    assert "(share of the true class, %)" in html


def test_rows_and_columns_are_headed(counts: np.ndarray) -> None:
    html = draw(counts, words=MatrixWords(title="<b>A</b>", column="Answer"))
    assert html.count('<th scope="row">') == html.count('<th scope="col">') == 10
    assert "&lt;b&gt;A&lt;/b&gt; (images)" in html
    assert ">Answer</th>" in html


def test_cells_that_can_be_clicked_are_buttons_of_a_grid(counts: np.ndarray) -> None:
    html = draw(counts, is_clickable=True)
    assert html.count("<button") == 100
    assert 'role="grid"' in html
    assert (
        '<button type="button" value="6-0" aria-label="Shirt classified as T-shirt/top: '
        '100 images, 10.0% of the true class">100</button>' in html
    )
    assert 'tabindex="0"' not in html


def test_cells_that_can_not_be_clicked_are_scrolled_by_key(counts: np.ndarray) -> None:
    html = draw(counts)
    assert "<button" not in html
    assert 'tabindex="0" role="group" aria-label="Confusion matrix"' in html


def test_right_and_wrong_have_their_own_colours_and_ranges(counts: np.ndarray) -> None:
    cells = read_cells(draw(counts))
    assert cells[0, 0][2] == "rgb(63 144 218 / 0.70)"
    assert cells[6, 0][2] == "rgb(231 99 0 / 0.70)"  # the worst mistake has the full colour
    assert cells[7, 9][2] == "rgb(231 99 0 / 0.14)"
    assert cells[0, 6][2] == ""


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_text_can_be_read_on_each_colour(counts: np.ndarray, background: str) -> None:
    ground, text = (
        [int(color[at : at + 2], 16) for at in (1, 3, 5)]
        for color in (background, BACKGROUNDS[background])
    )
    for _, _, color in read_cells(draw(counts)).values():
        if color:
            *rgb, opacity = map(float, re.findall(r"[\d.]+", color))
            mixed = [opacity * a + (1 - opacity) * b for a, b in zip(rgb, ground, strict=True)]
            assert contrast(mixed, text) >= 4.5


def contrast(first: list[float], second: list[float]) -> float:
    """Return the contrast ratio of WCAG 2.2."""
    low, high = sorted(map(luminance, (first, second)))
    return (high + 0.05) / (low + 0.05)


def luminance(rgb: list[float]) -> float:
    parts = np.array(rgb) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_perfect_run_and_no_items() -> None:
    for counts in (np.eye(10, dtype=np.int64), np.zeros((10, 10), np.int64)):
        cells = read_cells(draw(counts, show_shares=True))
        assert sum(bool(text) for text, _, _ in cells.values()) == counts.sum()
