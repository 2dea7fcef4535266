"""What the Evaluate charts show and what a click on them carries."""

from __future__ import annotations

import re
from html import unescape

import numpy as np
import pandas as pd
import pytest

from fmnist.charts.evaluate import plot_class_scores, plot_reliability
from fmnist.charts.probabilities import build_bars, format_probability
from fmnist.classes import CLASS_NAMES
from fmnist.evaluation.metrics import compute_class_table, compute_reliability


@pytest.fixture
def counts() -> np.ndarray:
    counts = np.diag(np.full(10, 900)).astype(np.int64)
    counts[6, 0] = 100
    counts[7, 9] = 4
    return counts


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
