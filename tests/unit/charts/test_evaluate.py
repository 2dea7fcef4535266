"""What the Evaluate charts show and what a click on them carries."""

from __future__ import annotations

import re
from html import unescape

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from fmnist.charts.confusion import plot_confusion
from fmnist.charts.evaluate import plot_class_scores, plot_reliability
from fmnist.charts.probabilities import build_bars, format_probability
from fmnist.classes import CLASS_NAMES
from fmnist.evaluation.metrics import compute_class_table, compute_reliability, compute_row_shares


@pytest.fixture
def counts() -> np.ndarray:
    counts = np.diag(np.full(10, 900)).astype(np.int64)
    counts[6, 0] = 100
    counts[7, 9] = 4
    return counts


def texts_of(figure: go.Figure) -> dict[tuple[int, int], str]:
    return {
        (int(y), int(x)): text
        for trace in figure.data
        if trace.type == "scatter" and trace.mode == "text"
        for x, y, text in zip(trace.x, trace.y, trace.text, strict=True)
    }


def test_confusion_writes_each_filled_cell_once(counts: np.ndarray) -> None:
    figure = plot_confusion(counts, compute_row_shares(counts), show_shares=False)
    texts = texts_of(figure)
    assert len(texts) == 12
    assert texts[6, 0] == "100"
    assert texts[9, 9] == "900"


def test_confusion_writes_shares_of_the_row(counts: np.ndarray) -> None:
    figure = plot_confusion(counts, compute_row_shares(counts), show_shares=True)
    texts = texts_of(figure)
    assert (texts[6, 0], texts[6, 6], texts[7, 9], texts[1, 1]) == ("10", "90", "0.4", "100")
    assert "%" in figure.layout.title.text


def test_confusion_cells_carry_their_labels_and_keep_their_look_when_clicked(
    counts: np.ndarray,
) -> None:
    figure = plot_confusion(counts, compute_row_shares(counts), show_shares=False)
    cells = figure.data[-1]
    assert cells.mode == "markers"
    assert len(cells.customdata) == 100
    assert list(cells.customdata[79]) == [7, 9, 4, pytest.approx(400 / 904)]
    assert (cells.x[79], cells.y[79]) == (9, 7)
    assert cells.marker.opacity == cells.unselected.marker.opacity == 0
    assert figure.layout.clickmode == "event+select"
    assert figure.layout.dragmode is False
    assert all(trace.hoverinfo == "skip" for trace in figure.data[:-1])


def test_confusion_colours_right_and_wrong_apart(counts: np.ndarray) -> None:
    right, wrong = plot_confusion(counts, compute_row_shares(counts), show_shares=False).data[:2]
    assert np.isfinite(right.z).sum() == 10
    assert np.isfinite(wrong.z).sum() == 2
    assert np.nanmax(wrong.z) == 1  # the worst mistake takes the full colour


def test_confusion_frames_the_chosen_cell(counts: np.ndarray) -> None:
    figure = plot_confusion(counts, compute_row_shares(counts), show_shares=False, selected=(6, 0))
    (frame,) = figure.layout.shapes
    assert frame.x0 < 0 < frame.x1
    assert frame.y0 < 6 < frame.y1


def test_confusion_of_a_perfect_run_and_of_no_items() -> None:
    for counts in (np.eye(10, dtype=np.int64), np.zeros((10, 10), np.int64)):
        figure = plot_confusion(counts, compute_row_shares(counts), show_shares=True)
        assert len(texts_of(figure)) == counts.sum()


def test_class_scores_rank_by_f1(counts: np.ndarray) -> None:
    counts[6, 6] = 500
    figure = plot_class_scores(compute_class_table(counts))
    assert [trace.name for trace in figure.data] == ["Precision", "Recall", "F1"]
    assert figure.data[2].y[0] == "Shirt"
    assert list(figure.data[2].x) == sorted(figure.data[2].x)
    assert figure.layout.xaxis.title.text == "Score (%)"


def test_reliability_shows_a_point_a_bin() -> None:
    y_proba = np.eye(10)[[0, 0, 1]]
    figure = plot_reliability(compute_reliability(np.array([0, 1, 1]), y_proba))
    assert list(figure.data[1].x) == [100]
    assert figure.data[1].y[0] == pytest.approx(200 / 3)


def read_bars(html: str) -> list[tuple[str, float, str, str]]:
    """Return each row's name, width in percent, colour and text."""
    row = (
        r">([^<>]+)</span><span[^>]*width:([\d.]+)%;background:(#\w+)[^>]*></span>"
        r"<span[^>]*>([^<]+)<"
    )
    return [
        (name, float(width), color, unescape(text))
        for name, width, color, text in re.findall(row, html)
    ]


def test_probabilities_are_ten_bars_in_label_order() -> None:
    proba = np.linspace(0, 0.2, 10)
    bars = read_bars(build_bars(proba, title="Item 5", true_label=3))
    names, widths, colors, texts = zip(*bars, strict=True)
    assert widths == pytest.approx(100 * proba, abs=0.01)
    assert texts[9] == "20.0%"
    assert names[3] == "Dress (true)"
    assert [name for name in names if "(true)" not in name] == [
        name for name in CLASS_NAMES if name != "Dress"
    ]
    assert len({colors[9], colors[3], colors[0]}) == 3


def test_probabilities_of_a_right_answer_have_one_colour_apart() -> None:
    bars = read_bars(build_bars(np.eye(10)[4], title="Item 5", true_label=4))
    assert len({color for _, _, color, _ in bars}) == 2


def test_title_of_probabilities_is_text_and_no_markup() -> None:
    assert "<b>" not in build_bars(np.eye(10)[4], title="A <b>bold</b> name")


def test_probabilities_need_ten() -> None:
    with pytest.raises(ValueError, match=r"\(9,\)"):
        build_bars(np.ones(9), title="")


@pytest.mark.parametrize(
    ("p", "text"),
    [(0, "0.0%"), (1e-9, "<0.1%"), (0.123, "12.3%"), (0.99999, ">99.9%"), (1, "100.0%")],
)
def test_probability_as_text(p: float, text: str) -> None:
    assert format_probability(p) == text


def test_charts_take_a_class_without_items() -> None:
    counts = np.zeros((10, 10), np.int64)
    counts[0, 0] = 3
    figure = plot_class_scores(compute_class_table(counts))
    assert figure.data[2].y[-1] == "T-shirt/top"
    assert pd.isna(figure.data[2].x[0])
