from __future__ import annotations

import numpy as np

from fmnist.charts.live_curve import CurveStyle, plot_live_curve

STEPS = {
    "step": np.array([5.0, 10.0, 15.0, 20.0]),
    "epoch": np.array([0.5, 1.0, 1.5, 2.0]),
    "loss": np.array([2.0, 1.0, 3.0, 1.0]),
    "accuracy": np.array([0.2, 0.6, 0.1, 0.7]),
}
HISTORY = {
    "epoch": np.array([1.0, 2.0]),
    "val_loss": np.array([0.9, 0.8]),
    "val_accuracy": np.array([0.75, 0.7]),
}


def draw(metric: str, **how):
    style = CurveStyle(**{k: v for k, v in how.items() if k != "epoch"})
    return plot_live_curve(STEPS, HISTORY, metric, epochs=4, style=style, epoch=how.get("epoch"))


def find_trace(figure, name: str):
    (trace,) = [trace for trace in figure.data if trace.name == name]
    return trace


def test_star_stands_at_the_epoch_of_the_best_accuracy_in_both_charts() -> None:
    for metric, value in (("loss", 0.9), ("accuracy", 75)):
        star = find_trace(draw(metric), "best epoch")
        assert (list(star.x), list(star.y)) == ([1], [value])


def test_run_without_validation_has_no_star() -> None:
    figure = plot_live_curve(STEPS, {}, "loss", epochs=4, style=CurveStyle())
    assert [trace.name for trace in figure.data] == ["training, batches", "validation"]


def test_logarithmic_axis_is_for_the_loss_alone() -> None:
    assert draw("loss", is_log=True).layout.yaxis.type == "log"
    assert draw("accuracy", is_log=True).layout.yaxis.type is None


def test_smoothed_line_begins_at_the_first_value_and_varies_less() -> None:
    smooth = np.asarray(find_trace(draw("loss", smoothing=0.8), "training, smoothed").y)
    assert smooth[0] == 2
    assert np.abs(np.diff(smooth)).sum() < np.abs(np.diff(STEPS["loss"])).sum()


def test_batches_on_the_axis_move_curves_star_line_and_range_alike() -> None:
    figure = draw("loss", by_batch=True, epoch=2)
    np.testing.assert_array_equal(find_trace(figure, "training, batches").x, STEPS["step"])
    np.testing.assert_array_equal(find_trace(figure, "validation").x, [10, 20])
    assert list(find_trace(figure, "best epoch").x) == [10]
    (line,) = figure.layout.shapes
    assert line.x0 == line.x1 == 20
    assert tuple(figure.layout.xaxis.range) == (0, 40)
    assert figure.layout.xaxis.title.text == "Batch"
