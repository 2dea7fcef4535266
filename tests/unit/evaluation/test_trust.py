from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import bootstrap

from fmnist.errors import RunError
from fmnist.evaluation.metrics import CONFIDENCE_LEVEL, compute_reliability
from fmnist.evaluation.trust import compute_band, compute_trust
from tests.unit.evaluation.test_calibration import draw

NOTHING = np.zeros(0, int), np.zeros((0, 10))


def test_temperature_brings_the_calibration_error_of_new_images_down() -> None:
    trust = compute_trust(draw(6000, 2.0), draw(10_000, 2.0, seed=1))
    assert trust.calibrated is not None
    assert trust.temperature == pytest.approx(2.0, rel=0.1)
    assert trust.calibrated.calibration_error < 0.03 < trust.raw.calibration_error
    assert trust.calibrated.log_loss < trust.raw.log_loss
    assert [sets.level for sets in trust.conformal] == [0.9, 0.95, 0.99]


def test_run_without_validation_has_neither_temperature_nor_sets() -> None:
    trust = compute_trust(NOTHING, draw(500, 1.0))
    assert trust.temperature is None
    assert trust.calibrated is None
    assert trust.conformal == []
    with pytest.raises(RunError, match="nothing to evaluate"):
        compute_trust(NOTHING, NOTHING)


def test_risk_by_hand() -> None:
    y_proba = np.full((10, 10), 0.01)
    y_proba[np.arange(10), 0] = np.linspace(0.9, 0.45, 10)
    y_true = np.array([0, 0, 0, 0, 0, 0, 0, 0, 5, 5])  # the two least confident are wrong
    trust = compute_trust(NOTHING, (y_true, y_proba))
    assert trust.risk[-1] == pytest.approx((1.0, 0.2))
    assert trust.find_coverage(0.0) == 0.8
    assert trust.find_coverage(0.15) == 0.9
    assert trust.find_coverage(1.0) == 1.0


def test_band_is_that_of_drawing_the_images_of_a_bin_again() -> None:
    y_true, y_proba = draw(3000, 1.5)
    table = compute_reliability(y_true, y_proba)
    low, high = compute_band(table, n_samples=4000)
    row = int(table["items"].argmax())
    confidence = y_proba.max(axis=1)
    inside = (confidence > table["low"][row]) & (confidence <= table["high"][row])
    right = (y_proba.argmax(axis=1) == y_true)[inside]
    expected = bootstrap(
        (right,), np.mean, method="percentile", n_resamples=4000, rng=np.random.default_rng(0),
        confidence_level=CONFIDENCE_LEVEL,
    ).confidence_interval  # fmt: skip
    assert (low[row], high[row]) == pytest.approx(tuple(expected), abs=0.004)


def test_band_is_the_same_each_time_and_holds_the_accuracy() -> None:
    table = compute_reliability(*draw(2000, 1.0))
    low, high = compute_band(table)
    pd.testing.assert_frame_equal(
        pd.DataFrame([low, high]), pd.DataFrame(list(compute_band(table)))
    )
    assert ((low <= table["accuracy"]) & (table["accuracy"] <= high)).all()
