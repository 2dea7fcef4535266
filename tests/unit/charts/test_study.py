from __future__ import annotations

import math

import pandas as pd
import pytest

from fmnist.charts.study import plot_best_so_far, plot_importance, plot_seeds, plot_slices
from fmnist.charts.study_parallel import plot_parallel

TRIALS = pd.DataFrame(
    {
        "trial": [1, 2, 3, 4],
        "state": ["finished", "finished", "pruned", "running"],
        "learning_rate": [1e-3, 1e-2, 1e-4, 3e-3],
        "dropout": [0.3, 0.1, 0.5, 0.2],
        "batch_size": [128, 64, 256, 64],
        "augmentation": ["flip", "none", "flip", "none"],
        "accuracy": [0.8, 0.85, 0.5, math.nan],
    }
)
SETTINGS = ["learning_rate", "dropout", "batch_size", "augmentation"]


def test_best_so_far_is_a_staircase_over_the_trials() -> None:
    figure = plot_best_so_far(TRIALS, [0.8, 0.85, 0.85, 0.85])
    line, finished, pruned, running, failed = figure.data
    assert line.line.shape == "hv"
    assert list(line.x) == [1, 2, 3, 4]
    assert list(line.y) == pytest.approx([80, 85, 85, 85])
    assert [trace.name for trace in (finished, pruned, running, failed)] == [
        "finished", "pruned", "running", "failed",
    ]  # fmt: skip
    assert list(finished.x) == [1, 2]
    assert list(pruned.y) == pytest.approx([50])
    assert len({trace.marker.symbol for trace in figure.data[1:]}) == 4, (
        "distinguishable without colour"
    )


def test_importance_is_sorted_with_the_largest_on_top() -> None:
    (bars,) = plot_importance({"dropout": 0.2, "learning_rate": 0.8}).data
    assert list(bars.y) == ["Dropout", "Learning rate"]
    assert list(bars.x) == pytest.approx([20, 80])
    assert plot_importance({}).data


def test_parallel_coordinates_join_each_trials_values() -> None:
    figure = plot_parallel(TRIALS, SETTINGS)
    others, best = figure.data
    assert best.name == "best quarter"
    assert list(best.x) == [0, 1, 2, 3, 4, None], "a line over the axes, and its end"
    # Highest rate, lowest dropout, smallest batch, the second of two choices, best accuracy.
    assert list(best.y) == [1, 0, 0, 1, 1, None]
    assert next(iter(others.y)) == pytest.approx(0.5), "0.001 lies halfway from 0.0001 to 0.01"
    assert len(others.x) == 12, "the trial without accuracy is left out"
    assert best.text[0] == "trial 2: 85.00%<br>Learning rate 0.01"
    assert list(figure.layout.xaxis.ticktext) == [
        "Learning rate", "Dropout", "Batch size", "Augmentation", "Accuracy (%)",
    ]  # fmt: skip
    ticks = [note.text for note in figure.layout.annotations if note.x == 2]
    assert ticks == ["64", "128", "256"]


def test_parallel_coordinates_of_equal_trials() -> None:
    same = TRIALS.assign(learning_rate=1e-3, dropout=0.0, accuracy=0.5)
    _, best = plot_parallel(same, ["learning_rate", "dropout"]).data
    assert {y for y in best.y if y is not None} == {0.5}


def test_slices_show_each_setting_on_its_axis() -> None:
    figure = plot_slices(TRIALS, SETTINGS)
    assert len(figure.data) == 4 * 4
    assert figure.layout.xaxis.type == "log"
    assert figure.layout.xaxis3.type == "category"
    assert list(figure.layout.xaxis3.categoryarray) == ["64", "128", "256"]
    assert sum(trace.showlegend for trace in figure.data) == 4
    assert list(figure.data[0].y) == pytest.approx([80, 85])
    assert plot_slices(TRIALS, ["dropout"]).data[0].x is not None


def test_seeds_show_mean_and_interval_beside_the_runs() -> None:
    figure = plot_seeds(
        [3, 4], [0.9, math.nan], [0.88, math.nan], {"validation": (0.9, 0.88, 0.93)}
    )
    validation, mean, test = figure.data
    assert list(validation.x) == ["seed 3", "seed 4"]
    assert validation.y[0] == pytest.approx(90)
    assert test.y[0] == pytest.approx(88)
    assert (mean.error_y.array[0], mean.error_y.arrayminus[0]) == pytest.approx((3, 2))


def test_choices_have_their_labels_in_lines_that_fit_between_two_axes() -> None:
    trials = TRIALS.assign(augmentation="flip_shift_erase")
    figure = plot_parallel(trials, SETTINGS)
    assert [note.text for note in figure.layout.annotations if note.x == 3] == [
        "Flip,<br>shift and<br>erase"
    ]
    assert figure.data[1].text[3].endswith("Augmentation Flip, shift and erase")
    figure = plot_slices(trials, SETTINGS)
    assert list(figure.layout.xaxis4.categoryarray) == ["Flip, shift and erase"]
