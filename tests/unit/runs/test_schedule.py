from __future__ import annotations

import numpy as np
import pytest

from fmnist.errors import RecipeError
from fmnist.runs import SETTINGS, Recipe
from fmnist.runs.schedule import compute_rates
from tests.support import in_keras_lr_range as rate_checks


@pytest.mark.parametrize("schedule", SETTINGS["schedule"].choices)
@pytest.mark.parametrize(("epochs", "batches"), [(1, 1), (1, 7), (3, 41), (10, 20)])
def test_rates_are_those_of_the_training(
    in_keras, schedule: str, epochs: int, batches: int
) -> None:
    recipe = Recipe("cnn", schedule=schedule, learning_rate=3e-3, epochs=epochs)
    trained = in_keras(rate_checks.read_rates, recipe.to_dict(), batches)
    rates = compute_rates(schedule, 3e-3, epochs, batches)
    assert rates.dtype == np.float64
    np.testing.assert_allclose(rates, trained, rtol=1e-4)


def test_cosine_climbs_then_falls_to_nearly_nothing() -> None:
    rates = compute_rates("cosine", 1e-3, 10, 100)
    peak = int(np.argmax(rates))
    assert rates[peak] == pytest.approx(1e-3)
    assert peak == 50
    assert (np.diff(rates[: peak + 1]) > 0).all()
    assert (np.diff(rates[peak:]) < 0).all()
    assert rates[0] == pytest.approx(5e-5)
    assert rates[-1] < 1e-5


def test_unknown_schedule_is_refused() -> None:
    with pytest.raises(RecipeError, match="no schedule named 'steps'"):
        compute_rates("steps", 1e-3, 1, 1)
