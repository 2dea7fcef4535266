from __future__ import annotations

import numpy as np
import pytest

from fmnist.charts.live_curve import (
    BEST,
    SHOWN,
    SMOOTHED,
    TRAINING,
    VALIDATION,
    CurveStyle,
    build_curve_spec,
    build_curve_table,
    compute_batches,
)

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


def read_series(metric: str, name: str, *, epoch: int | None = None, **style: object):
    table = build_curve_table(STEPS, HISTORY, metric, CurveStyle(**style), epoch=epoch)
    rows = table[table["series"] == name]
    return rows["x"].tolist(), rows["y"].tolist()


def read_y_scale(metric: str, **style: object) -> dict[str, object]:
    spec = build_curve_spec(metric, CurveStyle(**style), end=4, epochs=4)
    return spec["layer"][0]["encoding"]["y"]["scale"]


def test_training_has_a_point_every_few_batches_and_validation_one_an_epoch() -> None:
    assert read_series("loss", TRAINING) == ([0.5, 1, 1.5, 2], [2, 1, 3, 1])
    assert read_series("accuracy", TRAINING)[1] == [20, 60, 10, 70]
    assert read_series("accuracy", VALIDATION) == ([1, 2], [75, 70])


def test_star_stands_at_the_epoch_of_the_best_accuracy_in_both_charts() -> None:
    assert read_series("loss", BEST) == ([1], [0.9])
    assert read_series("accuracy", BEST) == ([1], [75])


def test_run_without_validation_has_no_star() -> None:
    table = build_curve_table(STEPS, {}, "loss", CurveStyle())
    assert set(table["series"]) == {TRAINING}


def test_run_without_values_has_no_points() -> None:
    assert len(build_curve_table({}, {}, "loss", CurveStyle(smoothing=0.5))) == 0


def test_logarithmic_axis_is_for_the_loss_alone() -> None:
    assert read_y_scale("loss", is_log=True)["type"] == "log"
    assert read_y_scale("accuracy", is_log=True)["type"] == "linear"


def test_smoothed_line_begins_at_the_first_value_and_varies_less() -> None:
    x, y = read_series("loss", SMOOTHED, smoothing=0.8)
    assert x == STEPS["epoch"].tolist()
    assert y[0] == 2
    assert np.abs(np.diff(y)).sum() < np.abs(np.diff(STEPS["loss"])).sum()
    assert read_series("loss", SMOOTHED) == ([], [])


@pytest.mark.parametrize(("epochs", "opacity"), [(40, 1.0), (120, 0.0)])
def test_validation_values_of_a_long_run_have_no_marks(epochs: int, opacity: float) -> None:
    spec = build_curve_spec("accuracy", CurveStyle(), end=epochs, epochs=epochs)
    layers = {layer["name"]: layer for layer in spec["layer"]}
    assert layers["validation_points"]["mark"]["opacity"] == opacity
    assert layers["best"]["mark"]["opacity"] == 1
    assert layers["validation_points"]["encoding"]["tooltip"]  # the values can still be read


def test_batches_on_the_axis_move_curves_star_and_line_alike() -> None:
    style = {"by_batch": True, "epoch": 2}
    assert compute_batches(STEPS) == 10
    assert read_series("loss", TRAINING, **style)[0] == STEPS["step"].tolist()
    assert read_series("loss", VALIDATION, **style)[0] == [10, 20]
    assert read_series("loss", BEST, **style)[0] == [10]
    assert read_series("loss", SHOWN, **style)[0] == [20]
    spec = build_curve_spec("loss", CurveStyle(by_batch=True), end=40, epochs=4)
    assert spec["layer"][0]["encoding"]["x"]["title"] == "Batch"
    assert spec["layer"][0]["encoding"]["x"]["scale"] == {"domain": [0, 40]}
