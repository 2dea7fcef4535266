"""The drawings of learning rates and of the watched items."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fmnist.charts.lr_range import plot_range_test, plot_schedule
from fmnist.charts.watch import draw_watched, plot_marked_curve
from fmnist.lr_range.record import RATES
from fmnist.lr_range.suggestion import Suggestion, smooth_losses
from fmnist.runs.schedule import compute_rates
from fmnist.runs.watch import Watch, load_watch
from tests.support.runs import make_run
from tests.support.watches import write_watch


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


IMAGES = np.random.default_rng(0).integers(0, 256, (30, 28, 28), np.uint8)


@pytest.fixture
def watch(isolated: Path) -> Watch:
    run = make_run("finished")
    write_watch(run, epochs=2)
    watch = load_watch(run.path)
    assert watch is not None
    return watch


def test_watched_items_tell_right_from_wrong_in_words(watch: Watch) -> None:
    html = draw_watched(watch, 1, IMAGES)
    right = int((watch.proba[1].argmax(axis=1) == watch.y_true).sum())
    assert 0 < right < 30
    assert html.count("✓") == html.count(" solid ") == right
    assert html.count("✗") == html.count(" dashed ") == html.count("<br>is ") == 30 - right
    assert html.count('<img alt="Bag"') == 3
    assert html.index("Easy") < html.index("Middling") < html.index("Hard")
    assert html.count("width:82%") == right
    assert html.count("82%") >= 30


def test_epochs_differ(watch: Watch) -> None:
    assert draw_watched(watch, 0, IMAGES) != draw_watched(watch, 1, IMAGES)


def test_curve_has_a_line_at_the_epoch() -> None:
    steps = {"epoch": np.array([1.0]), "loss": np.array([2.0])}
    history = {"epoch": np.array([1.0, 2.0]), "val_loss": np.array([1.0, 0.5])}
    figure = plot_marked_curve(steps, history, "loss", epochs=4, epoch=2)
    (line,) = figure.layout.shapes
    assert (line.x0, line.x1) == (2, 2)
    np.testing.assert_array_equal(figure.data[1].y, [1.0, 0.5])
