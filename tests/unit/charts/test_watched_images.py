"""The watched items after each epoch, and the curve beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fmnist.charts.watched_images import draw_watched, plot_marked_curve
from fmnist.runs.watch import Watch, load_watch
from tests.support.runs import make_run
from tests.support.watches import write_watch

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
    assert html.index("Easy") < html.index("Medium") < html.index("Hard")
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
