"""The drawings of a run."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist.charts.training import MAX_POINTS, plot_curve, thin_columns

STEPS = {
    "epoch": np.array([0.5, 1.0]),
    "loss": np.array([2.0, 1.0]),
    "accuracy": np.array([0.2, 0.6]),
}
HISTORY = {"epoch": np.array([1.0]), "val_loss": np.array([0.9]), "val_accuracy": np.array([0.75])}


def test_curve_shows_training_by_batches_and_validation_by_epochs_with_units() -> None:
    figure = plot_curve(STEPS, HISTORY, "accuracy", epochs=4)
    training, validation = figure.data
    np.testing.assert_allclose(training.y, [20, 60])
    np.testing.assert_allclose(validation.y, [75])
    assert figure.layout.title.text == "Accuracy"
    assert figure.layout.xaxis.title.text == "Epoch"
    assert figure.layout.yaxis.title.text == "Accuracy (%)"
    assert tuple(figure.layout.xaxis.range) == (0, 4)
    loss = plot_curve(STEPS, HISTORY, "loss", epochs=4)
    np.testing.assert_allclose(loss.data[0].y, [2, 1])
    assert loss.layout.yaxis.title.text == "Loss (nats)"


@pytest.mark.parametrize(("epochs", "mode"), [(40, "lines+markers"), (120, "lines")])
def test_validation_values_of_a_long_run_have_no_marks(epochs: int, mode: str) -> None:
    assert plot_curve(STEPS, HISTORY, "loss", epochs=epochs).data[1].mode == mode


@pytest.mark.parametrize("metric", ["loss", "accuracy"])
def test_curve_without_values_is_an_empty_frame(metric: str) -> None:
    for steps, history in (({}, {}), ({"epoch": np.empty(0), metric: np.empty(0)}, {})):
        figure = plot_curve(steps, history, metric, epochs=0)
        assert [len(trace.y) for trace in figure.data] == [0, 0]
        assert tuple(figure.layout.xaxis.range) == (0, 1)


def test_few_points_are_left_as_they_are() -> None:
    columns = {"a": np.arange(MAX_POINTS, dtype=float)}
    np.testing.assert_array_equal(thin_columns(columns)["a"], columns["a"])
    assert thin_columns({}) == {}


@pytest.mark.parametrize("n", [301, 599, 1000, 12_345])
def test_many_points_become_means_of_neighbours(n: int) -> None:
    columns = {"a": np.arange(n, dtype=float), "b": np.full(n, 2.5)}
    thin = thin_columns(columns)
    assert len(thin["a"]) == len(thin["b"]) == MAX_POINTS
    assert (np.diff(thin["a"]) > 0).all()
    np.testing.assert_allclose(thin["b"], 2.5)
    assert thin["a"][0] >= 0
    assert thin["a"][-1] <= n - 1
