"""The race: one line per run, smoothed as TensorBoard does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.charts.runs import MAX_RACERS, Racer, compute_smoothed, plot_race

HISTORY = {
    "epoch": np.array([1.0, 2.0, 3.0]),
    "seconds": np.array([10.0, 20.0, 30.0]),
    "val_accuracy": np.array([0.5, 0.7, 0.6]),
    "val_loss": np.array([2.0, 1.0, 1.5]),
}
STEPS = {
    "epoch": np.linspace(0, 3, 2000),
    "seconds": np.linspace(0, 30, 2000),
    "accuracy": np.full(2000, 0.4),
    "loss": np.full(2000, 2.5),
}


def test_smoothing_is_the_debiased_exponential_mean() -> None:
    values = np.array([1.0, 2.0, 4.0])
    # By hand, weight 0.5: means 0.5, 1.25, 2.625 over 0.5, 0.75, 0.875.
    np.testing.assert_allclose(compute_smoothed(values, 0.5), [1.0, 5 / 3, 3.0])
    np.testing.assert_allclose(compute_smoothed(values, 0.0), values)
    np.testing.assert_allclose(values, [1, 2, 4])  # the values themselves are left alone
    assert len(compute_smoothed(np.empty(0), 0.9)) == 0


def test_value_that_is_no_number_stays_and_is_passed_over() -> None:
    smoothed = compute_smoothed(np.array([1.0, np.nan, 2.0]), 0.5)
    np.testing.assert_allclose(smoothed, [1.0, np.nan, 5 / 3])


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=50), st.floats(0, 0.99))
def test_smoothed_values_stay_within_the_range_of_the_values(
    values: list[float], weight: float
) -> None:
    smoothed = compute_smoothed(np.array(values), weight)
    assert smoothed.min() >= min(values) - 1e-9
    assert smoothed.max() <= max(values) + 1e-9


def test_race_has_a_line_a_run_in_its_own_colour() -> None:
    figure = plot_race([Racer(f"r{i}", HISTORY, {}) for i in range(MAX_RACERS)], "accuracy")
    assert [trace.name for trace in figure.data] == [f"r{i}" for i in range(MAX_RACERS)]
    looks = {(trace.line.color, trace.line.dash) for trace in figure.data}
    assert len(looks) == MAX_RACERS
    np.testing.assert_allclose(figure.data[0].y, [50, 70, 60])
    np.testing.assert_allclose(figure.data[0].x, [1, 2, 3])
    assert figure.layout.yaxis.title.text == "Accuracy (%)"
    assert figure.layout.xaxis.title.text == "Epoch"


def test_race_over_seconds_with_smoothing_keeps_the_values_behind() -> None:
    figure = plot_race([Racer("r", HISTORY, {})], "loss", over="seconds", smoothing=0.5)
    faint, line = figure.data
    np.testing.assert_allclose(faint.y, [2, 1, 1.5])
    assert faint.opacity < 1
    assert (faint.showlegend, line.showlegend) == (False, True)
    np.testing.assert_allclose(line.y, compute_smoothed(HISTORY["val_loss"], 0.5))
    np.testing.assert_allclose(line.x, [10, 20, 30])
    assert figure.layout.xaxis.title.text == "Training time (s)"


@pytest.mark.parametrize("over", ["epoch", "seconds"])
def test_batches_are_thinned_and_have_the_colour_of_their_run(over: str) -> None:
    figure = plot_race([Racer("r", HISTORY, STEPS)], "accuracy", over=over)
    batches, line = figure.data
    assert len(batches.y) <= 300
    np.testing.assert_allclose(batches.y, 40)
    assert batches.line.color == line.line.color


def test_run_that_has_not_begun_has_an_empty_line() -> None:
    figure = plot_race([Racer("r", {}, {})], "loss", smoothing=0.9)
    assert [len(trace.y) for trace in figure.data] == [0]


def test_names_are_no_tags_in_the_legend() -> None:
    figure = plot_race([Racer('<a href="http://evil.example">r</a>', HISTORY, {})], "loss")
    assert figure.data[-1].name == '&lt;a href="http://evil.example"&gt;r&lt;/a&gt;'
