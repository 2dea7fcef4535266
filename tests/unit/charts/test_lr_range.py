"""The charts of the learning-rate schedule and of the range test."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist.charts.lr_range import plot_range_test, plot_schedule
from fmnist.lr_range.record import RATES
from fmnist.lr_range.suggestion import Suggestion, smooth_losses
from fmnist.runs.schedule import compute_rates


@pytest.mark.parametrize(("epochs", "batches"), [(1, 1), (3, 40), (500, 1688)])
def test_schedule_keeps_its_peak_and_few_points(epochs: int, batches: int) -> None:
    rates = compute_rates("cosine", 1e-3, epochs, batches)
    figure = plot_schedule(rates, epochs=epochs)
    (line,) = figure.data
    assert len(line.x) <= 241
    assert max(line.y) == rates.max()
    assert (line.y[0], line.y[-1]) == (rates[0], rates[-1])
    assert tuple(figure.layout.xaxis.range) == (0, epochs)
    assert max(line.x) < epochs


def test_range_test_shows_each_batch_the_smoothed_line_and_the_suggestion() -> None:
    losses = np.linspace(3, 1, 100)
    figure = plot_range_test(RATES, losses, Suggestion(1e-3, 1e-4, 1e-2, "because"))
    raw, smooth, mark = figure.data
    np.testing.assert_array_equal(raw.y, losses)
    np.testing.assert_array_equal(smooth.y, smooth_losses(losses))
    assert (mark.x, mark.text) == ((1e-3,), ("0.001",))
    assert mark.y[0] == pytest.approx(np.interp(1e-3, RATES, smooth.y))
    (band,) = figure.layout.shapes
    assert (band.x0, band.x1) == (1e-4, 1e-2)
    assert figure.layout.xaxis.type == "log"
    assert figure.layout.yaxis.title.text == "Loss (nats)"


@pytest.mark.parametrize("n", [0, 1, 5])
def test_range_test_that_has_just_begun_is_a_frame(n: int) -> None:
    figure = plot_range_test(RATES[:n], np.full(n, 2.3))
    assert [len(trace.x) for trace in figure.data] == [n, n]
    assert not figure.layout.shapes


def test_divergence_does_not_flatten_what_matters() -> None:
    losses = np.append(np.linspace(3, 1, 90), np.linspace(1, 400, 10))
    top = plot_range_test(RATES, losses).layout.yaxis.range[1]
    assert 3 < top < 5
